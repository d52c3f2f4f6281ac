#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

const char *vidx_status_name(int status)
{
	switch (status) {
	case 0:
		return "OK";
	case VIDX_ABSENT:
		return "ABSENT";
	case VIDX_NOT_COVERED:
		return "NOT_COVERED";
	case VIDX_SUPPRESSED:
		return "SUPPRESSED";
	case VIDX_NOVALUE:
		return "NOVALUE";
	case VIDX_END:
		return "END";
#define VIDX_X(name, value, text)                                                                  \
	case VIDX_E##name:                                                                         \
		return #name;
		VIDX_FAILURES(VIDX_X)
#undef VIDX_X
	}
	return "UNKNOWN";
}

const char *vidx_version(void)
{
	return VIDX_VERSION;
}

const char *vidx_metric_name(int metric)
{
	static const char *const names[VIDX_N_METRICS] = {"ac",    "an",  "nhomalt",
							  "nhemi", "het", "ac_het"};

	return metric >= 0 && metric < VIDX_N_METRICS ? names[metric] : "unknown";
}

int vx_fail(struct vidx_error *err, int status, const char *fmt, ...)
{
	va_list ap;

	if (!err || err->status < 0)
		return status;
	err->status = status;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	for (char *c = err->text; *c; c++)
		if ((unsigned char)*c < 32 || *c == 127)
			*c = '?';
	return status;
}

int vx_fail_nomem(struct vidx_error *err)
{
	return vx_fail(err, VIDX_ENOMEM, "out of memory");
}
