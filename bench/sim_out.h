/*
 * sim_out.h: buffered text to standard output for the simulators.
 *
 * stdio's locking and formatting would cost more than the simulation, so text is built in one
 * large buffer and leaves by write(2) when it is full.  Every write is checked; a failed one
 * ends the program with status 5 and one line on standard error.
 *
 * Callers take room with sim_reserve() and write through the pointer; the sim_put_*() functions
 * below do both.  One thread only.
 */
#ifndef BENCH_SIM_OUT_H
#define BENCH_SIM_OUT_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes gathered before a write: large enough that a pipe's other end, not we, sets the pace. */
#define SIM_OUT_CHUNK ((size_t)1 << 20)

struct sim_out {
	char *buf;
	size_t len, cap;
	uint64_t n_bytes; /* all bytes handed to write(2) so far */
	int fd;
};

static inline _Noreturn void sim_die(int status, const char *what, const char *detail)
{
	fprintf(stderr, "%s: %s\n", what, detail);
	exit(status);
}

/* malloc that does not return NULL; a simulator can do nothing useful without memory. */
static inline void *sim_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		sim_die(5, "simulator", "out of memory");
	return p;
}

static inline void sim_out_open(struct sim_out *o, int fd)
{
	o->cap = SIM_OUT_CHUNK * 2;
	o->buf = sim_alloc(o->cap, 1);
	o->len = 0;
	o->n_bytes = 0;
	o->fd = fd;
}

static inline void sim_flush(struct sim_out *o)
{
	size_t done = 0;

	while (done < o->len) {
		ssize_t n = write(o->fd, o->buf + done, o->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			sim_die(5, "cannot write output", strerror(errno));
		done += (size_t)n;
	}
	o->n_bytes += o->len;
	o->len = 0;
}

static inline void sim_out_close(struct sim_out *o)
{
	sim_flush(o);
	free(o->buf);
	o->buf = NULL;
}

static __attribute__((noinline, unused)) void sim_make_room(struct sim_out *o, size_t n)
{
	sim_flush(o);
	if (o->cap < n) {
		free(o->buf);
		o->cap = n + SIM_OUT_CHUNK;
		o->buf = sim_alloc(o->cap, 1);
	}
}

/* Room for n bytes at the end; valid until the next call.  Add to o->len what is used. */
static inline char *sim_reserve(struct sim_out *o, size_t n)
{
	if (__builtin_expect(o->cap - o->len < n, 0))
		sim_make_room(o, n);
	return o->buf + o->len;
}

/* Always inlined, so that text of a length known when compiled is a few moves and no call. */
static inline __attribute__((always_inline)) void sim_put(struct sim_out *o, const void *text,
							  size_t len)
{
	memcpy(sim_reserve(o, len), text, len);
	o->len += len;
}

static inline __attribute__((always_inline)) void sim_put_str(struct sim_out *o, const char *s)
{
	sim_put(o, s, strlen(s));
}

static inline void sim_put_char(struct sim_out *o, char c)
{
	*sim_reserve(o, 1) = c;
	o->len++;
}

/* The two digits of every number below 100. */
static const char sim_digit_pairs[] = "000102030405060708091011121314151617181920212223242526272829"
				      "3031323334353637383940414243444"
				      "546474849505152535455565758596061626364656667686970717273747"
				      "5767778798081828384858687888990"
				      "919293949596979899";

/* Decimal digits of x at p; returns the end.  p must have room for 20 bytes. */
static inline char *sim_format_u64(char *p, uint64_t x)
{
	char digits[20];
	int at = sizeof(digits);

	if (x < 10) {
		*p = (char)('0' + x);
		return p + 1;
	}
	for (; x >= 100; x /= 100)
		memcpy(digits + (at -= 2), sim_digit_pairs + 2 * (x % 100), 2);
	if (x >= 10)
		memcpy(digits + (at -= 2), sim_digit_pairs + 2 * x, 2);
	else
		digits[--at] = (char)('0' + x);
	memcpy(p, digits + at, sizeof(digits) - (size_t)at);
	return p + (sizeof(digits) - (size_t)at);
}

static inline void sim_put_u64(struct sim_out *o, uint64_t x)
{
	char *p = sim_reserve(o, 20);

	o->len += (size_t)(sim_format_u64(p, x) - p);
}

/*
 * Six significant digits of the fraction n / d, to nearest (an exact half to even), in whole
 * numbers only so that every machine prints the same: 0.digits x 10^*exp10_ret, with digits in
 * [100000, 999999].  1 <= n <= d < 2^40, so that d x 10^6 fits 64 bits.
 */
static inline uint32_t sim_six_digits(uint64_t n, uint64_t d, int *exp10_ret)
{
	uint64_t scaled = n * 1000000, digits, rest;
	int e = 0;

	if (n == d) {
		*exp10_ret = 1;
		return 100000;
	}
	while (scaled < d * 100000) {
		scaled *= 10;
		e--;
	}
	digits = scaled / d;
	rest = scaled % d;
	digits += 2 * rest > d || (2 * rest == d && digits % 2 == 1);
	if (digits == 1000000) {
		digits = 100000;
		e++;
	}
	*exp10_ret = e;
	return (uint32_t)digits;
}

/* The six digits of x at p, leading zeros kept. */
static inline char *sim_format_six(char *p, uint32_t x)
{
	memcpy(p, sim_digit_pairs + 2 * (x / 10000), 2);
	memcpy(p + 2, sim_digit_pairs + 2 * (x / 100 % 100), 2);
	memcpy(p + 4, sim_digit_pairs + 2 * (x % 100), 2);
	return p + 6;
}

/*
 * The frequency n / d at p as Java's %.6g would have it, which is gnomAD's form: 0.00000,
 * 1.00000, 0.0123456, 1.31817e-05.  Returns the end; needs 16 bytes.  d = 0 gives 0.00000.
 */
static inline char *sim_format_freq_java(char *p, uint64_t n, uint64_t d)
{
	int e;
	char six[6];

	if (n == 0 || d == 0)
		return (char *)memcpy(p, "0.00000", 7) + 7;
	sim_format_six(six, sim_six_digits(n, d, &e));
	if (e <= -4) { /* below 1e-4: one digit, point, five digits, exponent */
		*p++ = six[0];
		*p++ = '.';
		p = (char *)memcpy(p, six + 1, 5) + 5;
		p = (char *)memcpy(p, "e-", 2) + 2;
		*p++ = (char)('0' + (1 - e) / 10);
		*p++ = (char)('0' + (1 - e) % 10);
		return p;
	}
	*p++ = e == 1 ? '1' : '0';
	*p++ = '.';
	for (int i = e; i < 0; i++)
		*p++ = '0';
	memcpy(p, six + (e == 1), e == 1 ? 5 : 6);
	return p + (e == 1 ? 5 : 6);
}

/* The same value as C's %g (bcftools' and 1000 Genomes' form): 0, 1, 0.000199681, 3.5e-05. */
static inline char *sim_format_freq_c(char *p, uint64_t n, uint64_t d)
{
	char text[16];
	char *end = sim_format_freq_java(text, n, d),
	     *exponent = memchr(text, 'e', (size_t)(end - text));
	char *last = exponent ? exponent : end;

	while (last[-1] == '0')
		last--;
	if (last[-1] == '.')
		last--;
	p = (char *)memcpy(p, text, (size_t)(last - text)) + (last - text);
	if (exponent)
		p = (char *)memcpy(p, exponent, (size_t)(end - exponent)) + (end - exponent);
	return p;
}

#endif
