/*
 * wide: functions compiled twice, for any machine of this kind and for one with AVX2 and BMI2,
 * chosen when they are called.  The body is the same C; only the compiler's freedom differs.
 */
#ifndef VX_BASE_WIDE_H
#define VX_BASE_WIDE_H

#define VX_INLINE static inline __attribute__((always_inline))

/*
 * VX_WIDE(result, name, (parameters), (arguments)) defines name() from name_body(), which is
 * VX_INLINE and stands before it.
 */
#if defined(__x86_64__)
static inline int vx_wide(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

/* PDEP takes one step a bit on the first processors of one maker. */
static inline int vx_has_fast_pdep(void)
{
	return vx_wide() && !__builtin_cpu_is("znver1") && !__builtin_cpu_is("znver2");
}

#define VX_WIDE(result, name, params, args)                                                        \
	__attribute__((target("avx2,bmi,bmi2"))) static result name##_wide params                  \
	{                                                                                          \
		return name##_body args;                                                           \
	}                                                                                          \
	static result name##_any params                                                            \
	{                                                                                          \
		return name##_body args;                                                           \
	}                                                                                          \
	result name params                                                                         \
	{                                                                                          \
		return vx_wide() ? name##_wide args : name##_any args;                             \
	}
#else
static inline int vx_wide(void)
{
	return 0;
}

#define VX_WIDE(result, name, params, args)                                                        \
	result name params                                                                         \
	{                                                                                          \
		return name##_body args;                                                           \
	}
#endif

#endif
