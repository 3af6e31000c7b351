/* SPDX-License-Identifier: MIT
 *
 * Which rows share a line, and the arrow between the lanes: solid for what a call sent, dashed for
 * what follows from the calls.
 */
#include "sequence_draw.h"

#include <string.h>

static bool has_room(const struct band *band, const struct sequence_row *row)
{
    for (int side = 0; side < SEQUENCE_SIDES; side++) {
        if (row->state[side] != NULL && band->state[side] != NULL)
            return false;
        if (row->note[side] != NULL && band->note[side] != NULL)
            return false;
    }
    return true;
}

/* A call shares the line of the segment that it sent, or that it was told of; a result that of the
 * segment before it. */
static bool takes(const struct band *band, const struct sequence_row *row)
{
    const struct sequence_row *left = band->text[SEQUENCE_LEFT];
    const struct sequence_row *text = left != NULL ? left : band->text[SEQUENCE_RIGHT];
    if (band->first == NULL)
        return true;
    if (row->entry != band->first->entry || row->kind == SEQUENCE_NOTE || !has_room(band, row))
        return false;
    if (row->kind == SEQUENCE_SEGMENT)
        return band->arrow == NULL && text != NULL && text->side == row->side;
    if (text != NULL || band->arrow == NULL)
        return false;
    return row->kind == SEQUENCE_RETURN || band->arrow->side != row->side;
}

static void take(struct band *band, const struct sequence_row *row)
{
    if (band->first == NULL)
        band->first = row;
    if (row->kind == SEQUENCE_SEGMENT)
        band->arrow = row;
    else
        band->text[row->side] = row;
    for (int side = 0; side < SEQUENCE_SIDES; side++) {
        if (row->state[side] != NULL)
            band->state[side] = row->state[side];
        if (row->note[side] != NULL)
            band->note[side] = row->note[side];
    }
}

size_t band_read(const struct sequence *sequence, size_t at, struct band *band)
{
    size_t from = at;
    *band = (struct band){0};
    while (at < sequence->count && takes(band, &sequence->rows[at])) {
        take(band, &sequence->rows[at++]);
        if (band->first->kind == SEQUENCE_NOTE)
            break;
    }
    return at - from;
}

/* The columns of an arrow, counted in the direction in which it goes. */
struct shaft {
    const struct sequence_row *row;
    size_t length, label_from, label_to;
    size_t head; /* its place */
    bool backwards, utf8;
};

/* The label stands in the middle with a space before and behind it; where it is too long, its first
 * word. A dash touches the head. */
static void place_label(struct shaft *shaft)
{
    size_t length = strlen(shaft->row->text);
    if (length > shaft->head)
        length = strcspn(shaft->row->text, " ");
    if (length > shaft->head)
        length = shaft->head;
    shaft->label_from = (shaft->head - length) / 2;
    shaft->label_to = shaft->label_from + length;
    if ((shaft->head - shaft->label_to) % 2 == 1 && shaft->row->inferred) {
        shaft->label_from++;
        shaft->label_to++;
    }
}

static const char *shaft_glyph(const struct shaft *shaft, size_t way)
{
    bool inferred = shaft->row->inferred;
    size_t distance = way < shaft->label_from ? shaft->label_from - 1 - way : way - shaft->label_to;
    if (distance == 0)
        return " ";
    if (shaft->utf8)
        return inferred ? "\u254c" : "\u2500";
    return inferred && distance % 2 == 0 ? " " : "-";
}

static const char *head_glyph(const struct shaft *shaft)
{
    if (shaft->row->fate != SEQUENCE_ARRIVES)
        return shaft->utf8 ? "\u00d7" : "x";
    if (shaft->backwards)
        return shaft->utf8 ? "\u25c4" : "<";
    return shaft->utf8 ? "\u25ba" : ">";
}

void arrow_append(struct buffer *out, const struct sequence_row *row, size_t width, bool utf8)
{
    struct shaft shaft = {
        .row = row, .length = width, .backwards = row->side == SEQUENCE_RIGHT, .utf8 = utf8};
    shaft.head = row->fate == SEQUENCE_LOST ? width * 2 / 3 : width - 1;
    place_label(&shaft);
    for (size_t i = 0; i < width; i++) {
        size_t way = shaft.backwards ? width - 1 - i : i;
        size_t letter = shaft.backwards ? shaft.label_to - 1 - way : way - shaft.label_from;
        if (way > shaft.head)
            buffer_putc(out, ' ');
        else if (way == shaft.head)
            buffer_puts(out, head_glyph(&shaft));
        else if (way >= shaft.label_from && way < shaft.label_to)
            buffer_putc(out, row->text[letter]);
        else
            buffer_puts(out, shaft_glyph(&shaft, way));
    }
}

void arrow_append_gap(struct buffer *out, size_t columns, size_t taken)
{
    buffer_fill(out, ' ', columns > taken ? columns - taken : 0);
}
