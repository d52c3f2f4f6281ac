/*
 * A processor that can do less: with TEST_CPU=plain in the environment the program that includes
 * this takes none of the wide paths, with TEST_CPU=avx2 those up to AVX2, whatever the machine has.
 *
 * The compilers' __builtin_cpu_supports() reads these variables, which libgcc and compiler-rt link
 * into each program, and fill in once.
 */
#ifndef TESTS_PLAIN_H
#define TESTS_PLAIN_H

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
extern struct {
	unsigned vendor, type, subtype, features;
} __cpu_model;
extern unsigned __cpu_features2[];

/* Bits of features: 0 to 14 up to AVX2 and FMA, then AVX-512 F, BMI, BMI2, and more. */
#define UP_TO_AVX2 (0x7fffu | 1u << 16 | 1u << 17)

__attribute__((constructor(101))) static void take_less(void)
{
	const char *what = getenv("TEST_CPU");
	int had_avx2;

	if (!what)
		return;
	__builtin_cpu_init();
	had_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
	__cpu_model.features &= strcmp(what, "avx2") == 0 ? UP_TO_AVX2 : 0;
	__cpu_features2[0] = 0;
	__asm__ volatile("" ::: "memory"); /* the compiler knows them under names of its own */
	if (__builtin_cpu_supports("avx512bw") || __builtin_cpu_supports("avx512vbmi2") ||
	    (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) !=
		    (had_avx2 && strcmp(what, "avx2") == 0))
		abort(); /* another compiler's bits */
}
#endif

#endif
