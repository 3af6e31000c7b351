/* SPDX-License-Identifier: MIT
 *
 * What the drawing of the sequence diagram as text consists of: rows that share a line of it, and
 * texts made to fit into a lane. Knows rows, nothing of how they came about.
 */
#ifndef VIEW_SEQUENCE_DRAW_H
#define VIEW_SEQUENCE_DRAW_H

#include "view/sequence.h"

/* Rows that stand side by side. */
struct band {
    const struct sequence_row *first;
    const struct sequence_row *text[SEQUENCE_SIDES]; /* a call or its result */
    const struct sequence_row *arrow;
    const char *state[SEQUENCE_SIDES], *note[SEQUENCE_SIDES];
};

/* Takes as many of the rows from `at` on as fit into one; returns how many. */
size_t band_read(const struct sequence *sequence, size_t at, struct band *band);

/* What a side of a band says, lines that end with newlines: the calls of a task begin with its
 * name. Data is shortened where that makes the text fit into `room` columns, nothing else is; what
 * is still too long is continued on the next line. */
void fit_append_call(struct buffer *out, const struct sequence_row *row, size_t room, bool utf8);
void fit_append(struct buffer *out, const char *text, size_t room);

/* The line of a text of lines, without its newline; NULL past the last one. */
const char *fit_line(const struct buffer *lines, size_t index, size_t *length);

/* An arrow of `width` columns. */
void arrow_append(struct buffer *out, const struct sequence_row *row, size_t width, bool utf8);

/* Spaces up to `columns` from a text that takes `taken`. */
void arrow_append_gap(struct buffer *out, size_t columns, size_t taken);

#endif
