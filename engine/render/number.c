#include "render/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Powers of ten that a double holds exactly. */
static const double ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
			     1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

#define DIGITS 6

/* digits * 10^(exp10 - 5), 100000 <= digits <= 999999, the way %g writes it. */
static void write_g(struct vx_buf *out, unsigned digits, int exp10)
{
	char d[DIGITS], text[24];
	int n = DIGITS, at = 0;

	for (int i = DIGITS; i-- > 0; digits /= 10)
		d[i] = (char)('0' + digits % 10);
	while (n > 1 && d[n - 1] == '0')
		n--;
	if (exp10 < -4) {
		text[at++] = d[0];
		if (n > 1)
			text[at++] = '.';
		for (int i = 1; i < n; i++)
			text[at++] = d[i];
		text[at++] = 'e';
		text[at++] = '-';
		text[at++] = (char)('0' + -exp10 / 10);
		text[at++] = (char)('0' + -exp10 % 10);
	} else if (exp10 < 0) {
		text[at++] = '0';
		text[at++] = '.';
		for (int i = -1; i > exp10; i--)
			text[at++] = '0';
		for (int i = 0; i < n; i++)
			text[at++] = d[i];
	} else {
		for (int i = 0; i <= exp10; i++)
			text[at++] = d[i];
		if (n > exp10 + 1)
			text[at++] = '.';
		for (int i = exp10 + 1; i < n; i++)
			text[at++] = d[i];
	}
	vx_buf_add(out, text, (size_t)at);
}

void vx_number_short(struct vx_buf *out, double v)
{
	double scaled, whole, part;
	int exp10;

	if (v == 0) {
		vx_buf_addc(out, '0');
		return;
	}
	if (!(v > 1e-15 && v < 1e6))
		goto slow;
	exp10 = 5;
	scaled = v;
	while (scaled < 1e5) {
		exp10--;
		scaled = v * ten[5 - exp10];
	}
	whole = floor(scaled);
	part = scaled - whole;
	/* One rounding lies between scaled and the true product: too near a half it could decide. */
	if (fabs(part - 0.5) < 1e-9 || 5 - exp10 > 22)
		goto slow;
	unsigned digits = (unsigned)whole + (part > 0.5);

	if (digits == 1000000) {
		digits = 100000;
		exp10++;
	}
	if (exp10 > 5)
		goto slow;
	write_g(out, digits, exp10);
	return;
slow:
	vx_buf_addf(out, "%.6g", v);
}

void vx_number_full(struct vx_buf *out, double v)
{
	char text[40];

	/* Most frequencies of most populations. */
	if (v == 0) {
		vx_buf_addc(out, '0');
		return;
	}
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(text, sizeof text, "%.*g", precision, v);
		if (strtod(text, NULL) == v)
			break;
	}
	vx_buf_adds(out, text);
}

void vx_number_float(struct vx_buf *out, float v)
{
	char text[40] = "nan";

	for (int precision = 6; precision <= 9 && !isnan(v); precision++) {
		snprintf(text, sizeof text, "%.*g", precision, (double)v);
		/* As VCF is read: a double that then becomes a float. */
		if ((float)strtod(text, NULL) == v)
			break;
	}
	vx_buf_adds(out, text);
}
