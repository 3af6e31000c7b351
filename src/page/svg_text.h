/* SPDX-License-Identifier: MIT
 *
 * Text in a picture, which does not wrap by itself: it is cut into lines of so many columns, after
 * a blank or a comma where there is one. Knows columns, not places.
 */
#ifndef PAGE_SVG_TEXT_H
#define PAGE_SVG_TEXT_H

#include "base/buffer.h"

/* Columns of the widest line, and how many lines there are (at least one). */
size_t svg_text_columns(const char *text, size_t limit, size_t *lines);

/* Appends the lines as <tspan>s at a place; lines after the first one are `step` lower. */
void svg_text_append(struct buffer *out, const char *text, size_t limit, int x, int step);

#endif
