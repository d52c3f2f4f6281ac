#include "build/origin.h"

#include "build/unit.h"

/*
 *	2 * rows, input                     a stretch of rows without siblings
 *	2 * siblings + 1, order, as the     a row with them
 *	    distance from the one before
 *
 * in varints; the distance's sign is its lowest bit.
 */

void vx_origins_init(struct vx_origins *origins, int exact)
{
	memset(origins, 0, sizeof *origins);
	origins->exact = exact;
	vx_buf_init(&origins->text);
}

void vx_origins_release(struct vx_origins *origins)
{
	vx_buf_release(&origins->text);
}

static void put_two(struct vx_origins *origins, uint64_t a, uint64_t b)
{
	uint8_t bytes[20];
	size_t n = vx_put_varint(bytes, a);

	n += vx_put_varint(bytes + n, b);
	vx_buf_add(&origins->text, bytes, n);
}

static void end_run(struct vx_origins *origins)
{
	if (origins->n_run)
		put_two(origins, origins->n_run << 1, origins->i_run);
	origins->n_run = 0;
}

int vx_origins_add(struct vx_origins *origins, const struct vx_row *row)
{
	uint64_t i_input = vx_order_input(row->order), distance;

	if (row->n_siblings == 1 && !origins->exact) {
		if (i_input != origins->i_run)
			end_run(origins);
		origins->i_run = i_input;
		origins->n_run++;
	} else {
		end_run(origins);
		distance = row->order - origins->last;
		distance = distance << 1 ^ (0 - (distance >> 63));
		put_two(origins, (uint64_t)row->n_siblings << 1 | 1, distance);
		origins->last = row->order;
	}
	return origins->text.failed ? VIDX_ENOMEM : 0;
}

int vx_origins_read(struct vx_origins *origins, struct vx_origin_reader *reader)
{
	end_run(origins);
	memset(reader, 0, sizeof *reader);
	reader->text = vx_cursor(origins->text.len ? origins->text.p : (const uint8_t *)"",
				 origins->text.len);
	return origins->text.failed ? VIDX_ENOMEM : 0;
}

void vx_origins_next(struct vx_origin_reader *reader, struct vx_row *row)
{
	uint64_t token, distance;

	if (reader->n_run == 0) {
		token = vx_cursor_left(&reader->text) ? vx_cursor_varint(&reader->text) : 0;
		if (token & 1) {
			distance = vx_cursor_varint(&reader->text);
			reader->last += distance >> 1 ^ (0 - (distance & 1));
			row->order = reader->last;
			row->n_siblings = (uint32_t)(token >> 1);
			return;
		}
		reader->n_run = token ? token >> 1 : UINT64_MAX;
		reader->i_run = token ? vx_cursor_varint(&reader->text) : 0;
	}
	reader->n_run--;
	row->order = vx_order((size_t)reader->i_run, 0, 0);
	row->n_siblings = 1;
}
