/* SPDX-License-Identifier: MIT
 *
 * Text in a given number of columns, for the pictures of this room: made fit to be shown, cut in
 * the middle where it is too long, padded where it is short. Knows no picture.
 */
#ifndef VIEW_CELL_H
#define VIEW_CELL_H

#include "base/buffer.h"

enum { CELL_NARROWEST = 40 }; /* columns; a picture for fewer is drawn for as many */

/* Appends bytes from elsewhere, escaped; without `utf8` everything beyond ASCII is, too. */
void cell_append_safe(struct buffer *out, const char *bytes, size_t length, bool utf8);

/* Appends text that is fit to be shown, cut in its middle where it takes more columns. */
void cell_append_cut(struct buffer *out, const struct buffer *text, size_t columns, bool utf8);

/* As cell_append_cut(), padded with blanks to exactly as many columns, at its left or right. */
void cell_append_left(struct buffer *out, const struct buffer *text, size_t columns, bool utf8);
void cell_append_right(struct buffer *out, const struct buffer *text, size_t columns, bool utf8);

size_t cell_columns(const struct buffer *text);

enum { CELL_COUNT = 32 }; /* bytes of any number so written */

/* 1,234,567 */
void cell_write_count(char text[CELL_COUNT], size_t count);
void cell_append_count(struct buffer *out, size_t count);

/* Ends a line, without the blanks at its end. */
void cell_end_line(struct buffer *out);

#endif
