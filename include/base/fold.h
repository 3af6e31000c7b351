/* SPDX-License-Identifier: MIT
 *
 * Lines that are longer than a terminal is wide, folded where that hurts least: at a blank, never
 * within a quoted text, which somebody may want to copy. Prose is wrapped by base/text.h; this is
 * for values and calls. Knows columns, not what the text means.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/buffer.h"

/* How many blanks a text begins with. */
size_t fold_blanks(const char *text, size_t length);

/* Appends a part of a line that begins in `column` of a display of `width` columns; what has no
 * room there goes on below, `hang` columns from the left. A word that no line has room for stays
 * where it is, and the terminal breaks it. Returns the column behind the part. */
size_t fold_append_part(struct buffer *out, const char *part, size_t length, size_t column,
                        size_t width, size_t hang);

/* Appends a text, each of its lines folded so that it goes on two columns further in than it
 * begins. */
void fold_append(struct buffer *out, const char *text, size_t length, size_t width);

#endif
