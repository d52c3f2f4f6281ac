/*
 * scan_body: the scans, written once over EQ(p, c): bit i of it tells whether p[i] == c, for 64
 * bytes.  PLACES(out, at, hits) writes at + i for every bit i of hits, and may write into sixteen
 * places even where there are fewer.  scan.c includes this file once per path, with PATH(name),
 * TARGET, EQ and PLACES defined.
 */

static TARGET void PATH(line)(const char *p, size_t len, struct vx_scan_line *ret)
{
	uint64_t n_tabs = 0, nul = 0;
	size_t at = 0;

	ret->ended = 0;
	ret->len = len;
	while (at < len) {
		uint64_t end = EQ(p + at, '\n'), tab = EQ(p + at, '\t'), zero = EQ(p + at, 0);
		uint64_t inside = ~UINT64_C(0);

		if (len - at < 64)
			inside = (UINT64_C(1) << (len - at)) - 1;
		end &= inside;
		if (end) {
			inside &= (end & -end) - 1;
			ret->ended = 1;
			ret->len = at + (size_t)__builtin_ctzll(end);
		}
		tab &= inside;
		nul |= zero & inside;
		if (n_tabs < VX_SCAN_TABS) {
			uint64_t left = tab;

			for (uint64_t i = n_tabs; left && i < VX_SCAN_TABS; i++) {
				ret->tab[i] = (uint32_t)(at + (size_t)__builtin_ctzll(left));
				left &= left - 1;
			}
		}
		n_tabs += (uint64_t)__builtin_popcountll(tab);
		if (end)
			break;
		at += 64;
	}
	ret->n_tabs = n_tabs;
	ret->has_nul = nul != 0;
}

static TARGET size_t PATH(find)(const char *p, size_t len, char c, uint32_t *out, size_t max,
				size_t *done_ret)
{
	size_t at = 0, n = 0;

	for (; at < len && n < max; at += 64) {
		uint64_t hit = EQ(p + at, c);

		if (len - at < 64)
			hit &= (UINT64_C(1) << (len - at)) - 1;
		PLACES(out + n, (uint32_t)at, hit);
		n += (size_t)__builtin_popcountll(hit);
	}
	*done_ret = at < len ? at : len;
	return n;
}

static TARGET uint64_t PATH(count)(const char *p, size_t len, char c)
{
	uint64_t n = 0;
	size_t at = 0;

	for (; len - at >= 64; at += 64)
		n += (uint64_t)__builtin_popcountll(EQ(p + at, c));
	if (at < len) {
		uint64_t hit = EQ(p + at, c) & ((UINT64_C(1) << (len - at)) - 1);

		n += (uint64_t)__builtin_popcountll(hit);
	}
	return n;
}

#undef PATH
#undef TARGET
#undef EQ
#undef PLACES
