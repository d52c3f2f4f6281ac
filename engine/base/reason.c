#include "base/reason.h"

const char *vx_reason_name(enum vx_reason reason)
{
	static const char *const names[VX_N_REASONS] = {"kept",
#define VX_X(name, text) text,
							VX_REASONS(VX_X)
#undef VX_X
	};

	return names[reason];
}
