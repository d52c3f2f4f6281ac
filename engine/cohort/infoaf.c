/*
 * infoaf: declared frequencies against AC / AN.
 *
 * A file has as many of them as it has counts, so the two common cases are short: nobody carries
 * the allele and the text is a zero, or the text has few enough digits for one integer.
 */
#include "base/bytes.h"
#include "base/digits.h"
#include "base/text.h"
#include "cohort/infomap.h"

#include <math.h>
#include <stdio.h>

/* Digits that fit an integer; powers of ten that a double holds exactly. */
enum { DIGITS_MAX = 18, EXACT_MAX = 22 };

/* A decimal number: digits / 10^scale. */
struct decimal {
	uint64_t digits;
	int scale;
};

/* "e-05": adds to the scale.  0: no exponent. */
static int read_exponent(struct decimal *d, const char *p, const char *end)
{
	int v = 0, negative;

	if (p == end || (*p | 32) != 'e' || ++p == end)
		return 0;
	negative = *p == '-';
	p += *p == '-' || *p == '+';
	if (p == end || end - p > 3)
		return 0;
	for (; p < end; p++) {
		if (!vx_is_digit(*p))
			return 0;
		v = v * 10 + (*p - '0');
	}
	d->scale += negative ? v : -v;
	return 1;
}

/* A number from 0 on, such as 0.25 or 3.2e-05.  0: it is none. */
static int read_decimal(struct decimal *d, struct vx_slice text)
{
	const char *p = text.p, *end = text.p + text.len;
	int point = 0, n = 0;

	d->digits = 0;
	d->scale = 0;
	for (; p < end; p++) {
		unsigned digit = (unsigned char)*p - (unsigned)'0';

		if (digit > 9) {
			if (*p != '.' || point)
				break;
			point = 1;
			continue;
		}
		n++;
		if (d->digits < UINT64_C(100000000000000000)) {
			d->digits = d->digits * 10 + digit;
			d->scale += point;
		} else {
			d->scale -= !point; /* beyond what matters */
		}
	}
	return n > 0 && (p == end || read_exponent(d, p, end));
}

/* Is the number AC / AN, rounded to its digits?  AN > 0. */
static int is_rounded(const struct decimal *d, uint64_t ac, uint64_t an)
{
	static const double power[EXACT_MAX + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
						    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
						    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	/* All are far below 2^63, and signed numbers become doubles in one step. */
	double copies = (double)(int64_t)ac, alleles = (double)(int64_t)an, scaled, off;

	if (d->digits == 0 && ac == 0)
		return 1;
	scaled = d->scale >= 0 && d->scale <= EXACT_MAX ? copies * power[d->scale]
							: copies * pow(10, d->scale);
	off = fabs(scaled - (double)(int64_t)d->digits * alleles);
	/* Half a unit of the last digit, and what single precision may have lost before. */
	return off <= alleles * 0.500001 + scaled * 1e-6;
}

/* A BCF float: its printed digits are gone, so what prints as the same few digits agrees. */
static int is_near(float af, uint64_t ac, uint64_t an)
{
	char text[48];
	struct decimal d;
	double exact = (double)ac / (double)an;

	if (fabs(af - exact) <= exact * 1e-5)
		return 1;
	return read_decimal(&d, vx_slice(text, (size_t)snprintf(text, sizeof text, "%.6g", af))) &&
	       is_rounded(&d, ac, an);
}

/* "0", "0.000", "0.00000e+00": a zero as writers print it.  len > 0; 8 bytes are readable. */
static inline int is_zero(const char *p, size_t len)
{
	static const char zeros[9] = "0.000000";
	uint64_t differ = vx_load64((const uint8_t *)p) ^ vx_load64((const uint8_t *)zeros);

	if (len <= 8)
		return differ << (64 - 8 * len) == 0;
	return len == 11 && differ << 8 == 0 && p[7] == 'e' && (p[8] == '+' || p[8] == '-') &&
	       vx_is_digit(p[9]) && vx_is_digit(p[10]);
}

/*
 * "0.00349798" and "3.49798e-05", what writers print: 1, or 0: to be read the long way.  16 bytes
 * from p on are readable.
 */
static inline int read_usual(struct decimal *d, struct vx_slice text)
{
	static const uint64_t power[9] = {1,      10,      100,      1000,     10000,
					  100000, 1000000, 10000000, 100000000};
	const char *p = text.p;
	size_t n = text.len - 2; /* digits behind the point */
	unsigned first = (unsigned char)p[0] - (unsigned)'0', exponent = 0;
	unsigned next = (unsigned char)p[2] - (unsigned)'0';
	unsigned tens = (unsigned char)p[9] - (unsigned)'0';
	unsigned ones = (unsigned char)p[10] - (unsigned)'0';

	if (first > 9 || p[1] != '.')
		return 0;
	if (text.len == 11 && p[7] == 'e' && p[8] == '-' && tens <= 9 && ones <= 9) {
		exponent = 10 * tens + ones;
		n = 5;
	}
	d->scale = (int)(n + exponent);
	if (n == 9 && next <= 9) { /* the first of nine, and eight more */
		if (!vx_digits_number(vx_digits_word(p + 3, 8), &d->digits))
			return 0;
		d->digits += (first * UINT64_C(10) + next) * power[8];
		return 1;
	}
	if (!vx_digits_number(vx_digits_word(p + 2, n), &d->digits))
		return 0;
	d->digits += first * power[n];
	return 1;
}

/* One frequency as text, behind which 64 bytes are readable.  -1: nothing to hold it against. */
static inline int check_text(struct vx_slice text, uint64_t ac, uint64_t an)
{
	struct decimal d;

	if (text.len == 0 || ac == VX_NONE || an == VX_NONE || an == 0)
		return -1;
	if (ac == 0 && is_zero(text.p, text.len))
		return 1;
	if (text.len == 1 && text.p[0] == '.')
		return -1;
	return (read_usual(&d, text) || read_decimal(&d, text)) && is_rounded(&d, ac, an);
}

/* The i-th value: 1: it agrees; 0: not; -1: nothing to compare. */
static int check_value(struct vx_slice *rest, const struct vx_info_value *v, uint32_t i,
		       const uint64_t *ac, const uint64_t *an)
{
	struct vx_slice text;
	uint32_t bits;
	float af;

	if (v->bcf_type == 0 || v->bcf_type == 7)
		return vx_split(rest, ',', &text) ? check_text(text, *ac, *an) : -1;
	if (v->bcf_type != 5 || i >= v->len || *ac == VX_NONE || *an == VX_NONE || *an == 0)
		return -1;
	bits = vx_load32((const uint8_t *)v->p + 4 * (size_t)i);
	memcpy(&af, &bits, 4);
	return isnan(af) ? -1 : is_near(af, *ac, *an);
}

/* The frequencies of entry i, whatever they look like. */
static void check_entry(const struct vx_infomap *map, uint32_t i, const struct vx_record *record,
			const uint64_t *value, struct vx_af_check *check)
{
	size_t stride = (size_t)__builtin_popcount(map->metrics) * map->groups.n;
	const struct vx_infomap_entry *e = &map->entry[i];
	const struct vx_info_value *v = &record->info[i];
	struct vx_slice rest = vx_slice(v->p, v->len);
	uint32_t skip = e->per_alt == VX_PER_ALLELE;

	if (v->p && record->n_alts == 1 && !skip && v->bcf_type == 0) {
		int good = check_text(rest, value[e->at], value[e->an_at]);

		check->n += good >= 0;
		check->n_differ += good == 0;
		return;
	}
	if (!v->p || (record->n_alts > 1 && vx_info_length(v) != record->n_alts + skip))
		return;
	for (uint32_t a = 0; a < record->n_alts + skip; a++) {
		const uint64_t *alt = value + (a - (a && skip)) * stride;
		int good = check_value(&rest, v, a, alt + e->at, alt + e->an_at);

		if (good < 0 || (skip && a == 0))
			continue;
		check->n++;
		check->n_differ += !good;
	}
}

/* By the length of its text the word of "0", "0.", "0.0" and so on; what no word is for no text. */
static const uint64_t zero_word[9] = {1,
				      0,
				      UINT64_C(0x1e) << 56,
				      UINT64_C(0x1e) << 48,
				      UINT64_C(0x1e) << 40,
				      UINT64_C(0x1e) << 32,
				      UINT64_C(0x1e) << 24,
				      UINT64_C(0x1e) << 16,
				      UINT64_C(0x1e) << 8};

void vx_infomap_check(const struct vx_infomap *map, const struct vx_record *record,
		      const uint64_t *value, struct vx_af_check *check)
{
	int one = record->word && record->n_alts == 1;

	for (uint32_t i = 0; i < map->n_af; i++) {
		const struct vx_infomap_af *af = &map->af[i];
		uint32_t len = record->info[map->n + i].len;

		/* What nearly every frequency of a rare variant is: a zero of nobody. */
		if (one && len < 9 && record->word[map->n + i] == zero_word[len] &&
		    value[af->at] == 0 && value[af->an_at] - 1 < VX_NONE - 1)
			check->n++;
		else
			check_entry(map, map->n + i, record, value, check);
	}
}
