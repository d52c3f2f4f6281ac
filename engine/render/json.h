/* json: answers as JSON Lines, and the little emitter that makes them. */
#ifndef VX_RENDER_JSON_H
#define VX_RENDER_JSON_H

#include "base/buf.h"
#include "render/view.h"

/*
 * Writes JSON piece by piece; commas and quotes are its own.  key is NULL inside an array and for
 * the outermost value.  Nesting is the caller's to balance.
 */
struct vx_json {
	struct vx_buf *out;
	int need_comma;
};

void vx_json_begin(struct vx_json *json, const char *key, char bracket); /* '{' or '[' */
void vx_json_end(struct vx_json *json, char bracket);                    /* '}' or ']' */
/* A string: escaped; bytes that are no UTF-8 become U+FFFD. */
void vx_json_text(struct vx_json *json, const char *key, struct vx_slice text);
void vx_json_count(struct vx_json *json, const char *key, uint64_t v);
void vx_json_signed(struct vx_json *json, const char *key, int64_t v);
/* Full precision; what is not finite becomes null. */
void vx_json_fraction(struct vx_json *json, const char *key, double v);
/* The shortest text that reads back as the same float. */
void vx_json_float(struct vx_json *json, const char *key, float v);
void vx_json_true(struct vx_json *json, const char *key);
void vx_json_null(struct vx_json *json, const char *key);

/* One answer as one object and a newline, with the fields' names; populations is an object. */
void vx_json_answer(struct vx_view *view, const struct vx_answer *answer, struct vx_buf *out);

#endif
