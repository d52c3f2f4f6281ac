#include "codec/extcolumn.h"

#include <stdlib.h>

void vx_column_init(struct vx_column *c)
{
	memset(c, 0, sizeof(*c));
	vx_names_init(&c->values);
	vx_names_init(&c->words);
}

void vx_column_release(struct vx_column *c)
{
	vx_names_release(&c->values);
	vx_names_release(&c->words);
	vx_buf_release(&c->dictionary);
	free(c->step);
	free(c->number);
	memset(c, 0, sizeof(*c));
}

/* --- looking at the values --- */

static int make_room(struct vx_column *c, uint32_t n)
{
	uint32_t cap = n + n / 2 + 64;
	struct vx_column_step *step;
	uint32_t *number;

	if (n <= c->cap)
		return 0;
	step = realloc(c->step, cap * sizeof(*step));
	if (!step)
		return VIDX_ENOMEM;
	c->step = step;
	number = realloc(c->number, cap * sizeof(*number));
	if (!number)
		return VIDX_ENOMEM;
	c->number = number;
	c->cap = cap;
	return 0;
}

static struct vx_slice next_word(struct vx_slice *rest)
{
	size_t n = 0;
	struct vx_slice word;

	while (n < rest->len && !vx_ext_is_separator(rest->p[n]))
		n++;
	while (n < rest->len && vx_ext_is_separator(rest->p[n]))
		n++;
	word = vx_slice(rest->p, n);
	*rest = vx_slice(rest->p + n, rest->len - n);
	return word;
}

static int add_words(struct vx_column *c, struct vx_slice text, struct vx_column_step *step)
{
	while (text.len) {
		struct vx_slice word = next_word(&text);
		uint32_t known = c->words.n;

		if (vx_names_add(&c->words, word) == VX_NO_NAME)
			return VIDX_ENOMEM;
		step->words++;
		if (c->words.n == known)
			continue;
		step->n_new++;
		step->text += (uint32_t)word.len;
	}
	c->n_words += step->words;
	c->word_bytes += step->text;
	return 0;
}

static void look_at_number(struct vx_column *c, enum vx_keep_type type, struct vx_slice value)
{
	int64_t v = 0;

	if (type == VX_KEEP_FLOAT)
		c->is_single &= value.len == 4;
	if (type != VX_KEEP_INTEGER)
		return;
	c->is_single &= vx_keep_int(&value, &v) == 1 && value.len == 0;
	c->least = v < c->least ? v : c->least;
	c->most = v > c->most ? v : c->most;
}

/* Adds one value; number is its place among those that are there. */
static int look_at(struct vx_column *c, enum vx_keep_type type, struct vx_slice value, uint32_t i)
{
	struct vx_column_step *step = &c->step[i];
	uint32_t known = c->values.n;

	look_at_number(c, type, value);
	c->number[c->n] = vx_names_add(&c->values, value);
	if (c->number[c->n++] == VX_NO_NAME)
		return VIDX_ENOMEM;
	if (c->values.n > known) {
		step->value = (uint32_t)value.len + 1;
		c->value_bytes += value.len;
	}
	c->has_words &= value.len <= VX_EXT_WORDS_MAX;
	return c->has_words ? add_words(c, value, step) : 0;
}

static int look(struct vx_column *c, enum vx_keep_type type, const struct vx_slice *value,
		uint32_t n)
{
	if (make_room(c, n) != 0)
		return VIDX_ENOMEM;
	vx_names_clear(&c->values);
	vx_names_clear(&c->words);
	memset(c->step, 0, n * sizeof(*c->step));
	c->n = 0;
	c->is_single = type == VX_KEEP_INTEGER || type == VX_KEEP_FLOAT;
	c->has_words = type >= VX_KEEP_STRING;
	c->least = INT64_MAX;
	c->most = INT64_MIN;
	c->value_bytes = c->word_bytes = c->n_words = 0;
	for (uint32_t i = 0; i < n; i++) {
		/* Most columns of flags are looked at for nothing but this. */
		if (value[i].p && type == VX_KEEP_FLAG)
			c->n++;
		else if (value[i].p && look_at(c, type, value[i], i) != 0)
			return VIDX_ENOMEM;
	}
	return 0;
}

/* --- the kind that takes least --- */

/* Bits of a number below n. */
static unsigned width_below(uint64_t n)
{
	return n > 1 ? vx_bit_len(n - 1) : 0;
}

static uint64_t dictionary_bits(uint64_t n, uint64_t bytes)
{
	return 64 + n * vx_bit_len(bytes) + 8 * bytes;
}

static unsigned integer_width(const struct vx_column *c)
{
	return vx_bit_len((uint64_t)c->most - (uint64_t)c->least);
}

static enum vx_ext_kind kind_of(const struct vx_column *c, enum vx_keep_type type)
{
	uint64_t values = c->n * (uint64_t)width_below(c->values.n) +
			  dictionary_bits(c->values.n, c->value_bytes);
	uint64_t words = c->n * (uint64_t)vx_bit_len(c->n_words * 32) +
			 c->n_words * (1 + (uint64_t)width_below(c->words.n)) +
			 dictionary_bits(c->words.n, c->word_bytes);

	if (type == VX_KEEP_FLAG)
		return VX_EXT_FLAG;
	if (c->is_single && type == VX_KEEP_INTEGER && integer_width(c) <= VX_BITS_MAX &&
	    c->n * (uint64_t)integer_width(c) + 64 <= values)
		return VX_EXT_INTEGER;
	if (c->is_single && type == VX_KEEP_FLOAT && c->n * UINT64_C(32) <= values)
		return VX_EXT_FLOAT;
	if (c->has_words && words < values)
		return VX_EXT_WORDS;
	return VX_EXT_VALUES;
}

int vx_column_survey(struct vx_column *c, enum vx_keep_type type, const struct vx_slice *value,
		     uint32_t n, uint64_t *bits)
{
	enum vx_ext_kind kind;
	unsigned value_end, word_end, word;

	if (look(c, type, value, n) != 0)
		return VIDX_ENOMEM;
	if (c->n == 0)
		return 0;
	kind = kind_of(c, type);
	value_end = vx_bit_len(c->value_bytes);
	word_end = vx_bit_len(c->word_bytes);
	word = 1 + width_below(c->words.n);
	for (uint32_t i = 0; i < n; i++) {
		const struct vx_column_step *step = &c->step[i];
		uint64_t *to = &bits[i + 1];

		*to += c->n < n; /* of a bitmap */
		if (!value[i].p)
			continue;
		++*to; /* never nothing: that is how a section without a column is known */
		if (kind == VX_EXT_INTEGER)
			*to += integer_width(c);
		if (kind == VX_EXT_FLOAT)
			*to += 32;
		if (kind == VX_EXT_VALUES)
			*to += width_below(c->values.n) +
			       (step->value ? value_end + 8 * (uint64_t)(step->value - 1) : 0);
		if (kind == VX_EXT_WORDS)
			*to += vx_bit_len(c->n_words * word) + (uint64_t)step->words * word +
			       (uint64_t)step->n_new * word_end + 8 * (uint64_t)step->text;
	}
	return 0;
}

/* --- writing --- */

/* Room for n bits behind out, to be written from there on; finish with take_bits(). */
static int bits_begin(struct vx_buf *out, uint64_t n, struct vx_bitw *w)
{
	if (vx_buf_reserve(out, n / 8 + 16) != 0)
		return VIDX_ENOMEM;
	*w = vx_bitw(out->p + out->len);
	return 0;
}

static void bits_end(struct vx_buf *out, const struct vx_bitw *w)
{
	out->len += (vx_bitw_pos(w) + 7) / 8;
}

static int write_list(const struct vx_slice *value, uint32_t n, unsigned width, struct vx_buf *out)
{
	struct vx_bitw w;

	if (bits_begin(out, (uint64_t)n * width, &w) != 0)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		if (value[i].p)
			vx_bitw_put(&w, i, width);
	bits_end(out, &w);
	return 0;
}

static int write_bitmap(const struct vx_slice *value, uint32_t n, struct vx_buf *out)
{
	uint32_t before = 0, end;
	struct vx_bitw w;
	uint8_t b[4];

	for (uint32_t i = 0; i < n; i = end) {
		end = n - i > VX_EXT_CHUNK ? i + VX_EXT_CHUNK : n;
		vx_store32(b, before);
		vx_buf_add(out, b, 4);
		if (bits_begin(out, end - i, &w) != 0)
			return VIDX_ENOMEM;
		for (uint32_t j = i; j < end; j++) {
			vx_bitw_put(&w, value[j].p != NULL, 1);
			before += value[j].p != NULL;
		}
		bits_end(out, &w);
	}
	return 0;
}

static int write_rows(const struct vx_column *c, const struct vx_slice *value, uint32_t n,
		      uint8_t *form_ret, struct vx_buf *out)
{
	unsigned width = width_below(n);

	*form_ret = VX_EXT_ALL_ROWS;
	if (c->n == n)
		return 0;
	*form_ret = (uint64_t)c->n * width < n ? VX_EXT_LIST : VX_EXT_BITMAP;
	return *form_ret == VX_EXT_LIST ? write_list(value, n, width, out)
					: write_bitmap(value, n, out);
}

/* number u32 | bytes u32 | ends | texts, most used first.  Returns the number of each name. */
static const uint32_t *write_dictionary(struct vx_column *c, struct vx_names *names, uint64_t bytes,
					struct vx_buf *out)
{
	const uint32_t *to;
	uint32_t n = names->n;
	unsigned width = vx_bit_len(bytes);
	uint8_t head[8];
	struct vx_bitw w;

	vx_buf_clear(&c->dictionary);
	to = vx_names_write(names, &c->dictionary);
	if (!to || c->dictionary.failed || bytes > UINT32_MAX)
		return NULL;
	vx_store32(head, n);
	vx_store32(head + 4, (uint32_t)bytes);
	vx_buf_add(out, head, sizeof(head));
	if (bits_begin(out, (uint64_t)n * width, &w) != 0)
		return NULL;
	for (uint32_t i = 0; i < n; i++)
		vx_bitw_put(&w, vx_load32(c->dictionary.p + 4 + 4 * (size_t)i), width);
	bits_end(out, &w);
	vx_buf_add(out, c->dictionary.p + 4 + 4 * (size_t)n, bytes);
	return to;
}

static int write_numbers(const struct vx_column *c, enum vx_keep_type type,
			 const struct vx_slice *value, uint32_t n, struct vx_buf *out)
{
	unsigned width = integer_width(c);
	struct vx_bitw w;
	uint8_t least[8];
	int64_t v = 0;

	for (uint32_t i = 0; i < n && type == VX_KEEP_FLOAT; i++)
		vx_buf_add(out, value[i].p, value[i].len);
	if (type == VX_KEEP_FLOAT)
		return 0;
	vx_store64(least, (uint64_t)c->least);
	vx_buf_add(out, least, 8);
	if (bits_begin(out, (uint64_t)c->n * width, &w) != 0)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		struct vx_slice rest = value[i];

		if (rest.p && vx_keep_int(&rest, &v) == 1)
			vx_bitw_put(&w, (uint64_t)v - (uint64_t)c->least, width);
	}
	bits_end(out, &w);
	return 0;
}

static int write_values(struct vx_column *c, struct vx_buf *out)
{
	unsigned width = width_below(c->values.n);
	const uint32_t *to = write_dictionary(c, &c->values, c->value_bytes, out);
	struct vx_bitw w;

	if (!to || bits_begin(out, (uint64_t)c->n * width, &w) != 0)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < c->n; i++)
		vx_bitw_put(&w, to[c->number[i]], width);
	bits_end(out, &w);
	return 0;
}

/*
 * Bits of all words where the 2^few most used take 1 + few bits and the others 1 + many; uses
 * are in descending order.
 */
static uint64_t words_cost(const uint32_t *uses, uint32_t n, unsigned few, unsigned *many_ret)
{
	uint64_t cost = 0;
	uint32_t n_few = few < 31 && UINT32_C(1) << few < n ? UINT32_C(1) << few : n;

	*many_ret = width_below(n - n_few);
	for (uint32_t i = 0; i < n; i++)
		cost += (uint64_t)uses[i] * (1 + (i < n_few ? few : *many_ret));
	return cost;
}

/* The best number of bits for the words used most. */
static int best_few(const struct vx_names *words, const uint32_t *to, unsigned *few_ret)
{
	uint32_t *uses = malloc((words->n + 1) * sizeof(*uses));
	uint64_t best = UINT64_MAX;
	unsigned many;

	if (!uses)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < words->n; i++)
		uses[to[i]] = words->n_uses[i];
	for (unsigned few = 0; few <= width_below(words->n); few++) {
		uint64_t cost = words_cost(uses, words->n, few, &many);

		if (cost < best) {
			best = cost;
			*few_ret = few;
		}
	}
	free(uses);
	return 0;
}

struct coder {
	const uint32_t *to;
	struct vx_names *words;
	unsigned few, many;
};

static int put_words(const struct coder *coder, struct vx_slice text, struct vx_bitw *w)
{
	while (text.len) {
		uint32_t i = vx_names_add(coder->words, next_word(&text));
		uint64_t v;

		if (i == VX_NO_NAME)
			return VIDX_ENOMEM;
		v = coder->to[i];
		if (v >> coder->few)
			vx_bitw_put(w, (v - (UINT64_C(1) << coder->few)) << 1 | 1, coder->many + 1);
		else
			vx_bitw_put(w, v << 1, coder->few + 1);
	}
	return 0;
}

/*
 * u8 few, u8 width of ends | dictionary | ends, one a row | the words' numbers: a 0 and few bits
 * of a number below 2^few, a 1 and as many bits as the others need of one above, less 2^few.
 */
static int write_words(struct vx_column *c, const struct vx_slice *value, uint32_t n,
		       uint8_t head[VX_EXT_COLUMN_HEADER], struct vx_buf *out)
{
	struct coder coder = {NULL, &c->words, 0, 0};
	struct vx_bitw w, ends;
	uint64_t all;
	unsigned width;
	uint32_t n_few;

	coder.to = write_dictionary(c, &c->words, c->word_bytes, out);
	if (!coder.to || best_few(&c->words, coder.to, &coder.few) != 0)
		return VIDX_ENOMEM;
	n_few = UINT32_C(1) << coder.few;
	coder.many = width_below(c->words.n > n_few ? c->words.n - n_few : 0);
	all = c->n_words * (1 + (coder.few > coder.many ? coder.few : coder.many));
	width = vx_bit_len(all);
	head[1] = (uint8_t)coder.few;
	head[2] = (uint8_t)width;
	vx_buf_clear(&c->dictionary);
	if (bits_begin(&c->dictionary, all, &w) != 0 ||
	    bits_begin(out, (uint64_t)c->n * width, &ends) != 0)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		if (!value[i].p)
			continue;
		if (put_words(&coder, value[i], &w) != 0)
			return VIDX_ENOMEM;
		vx_bitw_put(&ends, vx_bitw_pos(&w), width);
	}
	bits_end(out, &ends);
	bits_end(&c->dictionary, &w);
	vx_buf_add(out, c->dictionary.p, c->dictionary.len);
	return 0;
}

int vx_column_write(struct vx_column *c, enum vx_keep_type type, const struct vx_slice *value,
		    uint32_t n, struct vx_buf *out)
{
	uint8_t head[VX_EXT_COLUMN_HEADER] = {0};
	size_t at = out->len;
	int rc;

	if (look(c, type, value, n) != 0)
		return VIDX_ENOMEM;
	if (c->n == 0)
		return 0;
	head[0] = (uint8_t)kind_of(c, type);
	vx_store32(head + 4, c->n);
	vx_buf_add(out, head, sizeof(head));
	rc = write_rows(c, value, n, &head[3], out);
	if (head[0] == VX_EXT_INTEGER)
		head[1] = (uint8_t)integer_width(c);
	if (rc == 0 && (head[0] == VX_EXT_INTEGER || head[0] == VX_EXT_FLOAT))
		rc = write_numbers(c, type, value, n, out);
	if (rc == 0 && head[0] == VX_EXT_VALUES)
		rc = write_values(c, out);
	if (rc == 0 && head[0] == VX_EXT_WORDS)
		rc = write_words(c, value, n, head, out);
	if (rc == 0 && !out->failed)
		memcpy(out->p + at, head, sizeof(head));
	return rc || out->failed ? VIDX_ENOMEM : 0;
}
