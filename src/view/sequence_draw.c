/* SPDX-License-Identifier: MIT
 *
 * The sequence diagram as text, in two layouts: two lanes beside the arrows with a column of times,
 * and for narrow displays calls, arrows and states below each other.
 */
#include "sequence_draw.h"

#include "base/text.h"

#include <string.h>

#define WIDE ((size_t)72) /* columns that the layout with times needs */
#define WIDEST ((size_t)120)
#define NARROWEST ((size_t)40)
#define TIME_COLUMNS ((size_t)7)
#define ZONE ((size_t)15) /* of the arrows */

struct drawing {
    struct buffer *out;
    size_t width, lane, zone;
    bool utf8;
    const char *bar;
    struct buffer time; /* as it was shown last */
};

/* One side of a band: lines of text, and where its state stands. */
struct cell {
    struct buffer text;
    size_t lines;
    const char *state;
    size_t state_line;
};

static size_t columns_of(const char *text)
{
    return text_columns(text, strlen(text));
}

static void add_text(struct cell *cell, const char *text, size_t room)
{
    size_t length = 0;
    fit_append(&cell->text, text, room);
    while (fit_line(&cell->text, cell->lines, &length) != NULL)
        cell->lines++;
}

/* Puts the state behind the last line; false where that is too long. */
static bool place_state(struct cell *cell, size_t room)
{
    size_t length = 0;
    size_t last = cell->lines > 0 ? cell->lines - 1 : 0;
    const char *line = fit_line(&cell->text, last, &length);
    size_t taken = line != NULL ? text_columns(line, length) + 1 : 0;
    if (taken + columns_of(cell->state) > room)
        return false;
    cell->state_line = last;
    return true;
}

static void fill_cell(const struct drawing *drawing, struct cell *cell, const struct band *band,
                      enum sequence_side side)
{
    size_t room = drawing->lane - 1, length = 0;
    *cell = (struct cell){.text = BUFFER_EMPTY, .state = band->state[side]};
    if (band->text[side] != NULL)
        fit_append_call(&cell->text, band->text[side], room, drawing->utf8);
    while (fit_line(&cell->text, cell->lines, &length) != NULL)
        cell->lines++;
    bool placed = cell->state == NULL || (cell->lines > 0 && place_state(cell, room));
    if (band->note[side] != NULL)
        add_text(cell, band->note[side], room);
    if (!placed && !place_state(cell, room))
        cell->state_line = cell->lines;
    if (cell->state != NULL && cell->lines <= cell->state_line)
        cell->lines = cell->state_line + 1;
}

static void append_cell_line(const struct drawing *drawing, const struct cell *cell, size_t index)
{
    size_t length = 0, taken = 0;
    const char *line = fit_line(&cell->text, index, &length);
    if (line != NULL) {
        buffer_append(drawing->out, line, length);
        taken = text_columns(line, length);
    }
    if (cell->state != NULL && cell->state_line == index) {
        arrow_append_gap(drawing->out, drawing->lane - 1 - columns_of(cell->state), taken);
        buffer_puts(drawing->out, cell->state);
        taken = drawing->lane - 1;
    }
    arrow_append_gap(drawing->out, drawing->lane, taken);
}

/* A line ends with its last character. */
static void end_line(struct buffer *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    buffer_putc(out, '\n');
}

/* The time of a band, where it is another than the one above. */
static void append_time(struct drawing *drawing, const struct band *band)
{
    struct buffer text = BUFFER_EMPTY;
    double time = band->first->time;
    buffer_printf(&text, time < 1000 ? "%6.2f" : "%6.0f", time);
    bool shown =
        text.length < TIME_COLUMNS && strcmp(buffer_text(&text), buffer_text(&drawing->time)) != 0;
    arrow_append_gap(drawing->out, TIME_COLUMNS - 1, shown ? text.length : 0);
    if (shown)
        buffer_puts(drawing->out, buffer_text(&text));
    buffer_putc(drawing->out, ' ');
    drawing->out->failed = drawing->out->failed || text.failed;
    buffer_free(&drawing->time);
    drawing->time = text;
}

static void append_wide_line(struct drawing *drawing, const struct band *band,
                             const struct cell cells[SEQUENCE_SIDES], size_t index)
{
    struct buffer *out = drawing->out;
    if (index == 0)
        append_time(drawing, band);
    else
        buffer_fill(out, ' ', TIME_COLUMNS);
    append_cell_line(drawing, &cells[SEQUENCE_LEFT], index);
    buffer_puts(out, drawing->bar);
    if (index == 0 && band->arrow != NULL)
        arrow_append(out, band->arrow, drawing->zone, drawing->utf8);
    else
        buffer_fill(out, ' ', drawing->zone);
    buffer_puts(out, drawing->bar);
    buffer_putc(out, ' ');
    append_cell_line(drawing, &cells[SEQUENCE_RIGHT], index);
    end_line(out);
}

static void draw_wide(struct drawing *drawing, const struct band *band)
{
    struct cell cells[SEQUENCE_SIDES];
    for (int side = 0; side < SEQUENCE_SIDES; side++)
        fill_cell(drawing, &cells[side], band, (enum sequence_side)side);
    size_t left = cells[SEQUENCE_LEFT].lines, right = cells[SEQUENCE_RIGHT].lines;
    size_t lines = left > right ? left : right;
    for (size_t i = 0; i < lines || i == 0; i++)
        append_wide_line(drawing, band, cells, i);
    for (int side = 0; side < SEQUENCE_SIDES; side++) {
        drawing->out->failed = drawing->out->failed || cells[side].text.failed;
        buffer_free(&cells[side].text);
    }
}

/* One line of the narrow layout: at the left border, at the right one, or at both. */
static void append_narrow_line(const struct drawing *drawing, const char *left, size_t left_length,
                               const char *right, size_t right_length)
{
    struct buffer *out = drawing->out;
    size_t taken = text_columns(left, left_length) + text_columns(right, right_length);
    buffer_puts(out, drawing->bar);
    buffer_putc(out, ' ');
    buffer_append(out, left, left_length);
    arrow_append_gap(out, drawing->width - 4, taken);
    buffer_append(out, right, right_length);
    buffer_putc(out, ' ');
    buffer_puts(out, drawing->bar);
    buffer_putc(out, '\n');
}

static void append_narrow_text(const struct drawing *drawing, const struct buffer *text,
                               enum sequence_side side)
{
    size_t length = 0;
    const char *line = NULL;
    for (size_t i = 0; (line = fit_line(text, i, &length)) != NULL; i++) {
        if (side == SEQUENCE_LEFT)
            append_narrow_line(drawing, line, length, "", 0);
        else
            append_narrow_line(drawing, "", 0, line, length);
    }
}

static void draw_narrow_call(const struct drawing *drawing, const struct sequence_row *row)
{
    struct buffer text = BUFFER_EMPTY;
    fit_append_call(&text, row, drawing->width - 4, drawing->utf8);
    append_narrow_text(drawing, &text, row->side);
    drawing->out->failed = drawing->out->failed || text.failed;
    buffer_free(&text);
}

/* What stands below a band: the states and the notes of both sides. */
static void draw_narrow_states(const struct drawing *drawing, const char *const texts[2])
{
    const char *left = texts[SEQUENCE_LEFT], *right = texts[SEQUENCE_RIGHT];
    struct buffer lines[SEQUENCE_SIDES] = {BUFFER_EMPTY, BUFFER_EMPTY};
    if (columns_of(left) + columns_of(right) + 1 <= drawing->width - 4) {
        if (*left != '\0' || *right != '\0')
            append_narrow_line(drawing, left, strlen(left), right, strlen(right));
        return;
    }
    for (int side = 0; side < SEQUENCE_SIDES; side++) {
        fit_append(&lines[side], texts[side], drawing->width - 4);
        append_narrow_text(drawing, &lines[side], (enum sequence_side)side);
        drawing->out->failed = drawing->out->failed || lines[side].failed;
        buffer_free(&lines[side]);
    }
}

static void draw_narrow(struct drawing *drawing, const struct band *band)
{
    const char *states[SEQUENCE_SIDES] = {"", ""}, *notes[SEQUENCE_SIDES] = {"", ""};
    const struct sequence_row *left = band->text[SEQUENCE_LEFT];
    const struct sequence_row *text = left != NULL ? left : band->text[SEQUENCE_RIGHT];
    bool above = text != NULL && text == band->first;
    if (above)
        draw_narrow_call(drawing, text);
    if (band->arrow != NULL) {
        buffer_puts(drawing->out, drawing->bar);
        arrow_append(drawing->out, band->arrow, drawing->width - 2, drawing->utf8);
        buffer_puts(drawing->out, drawing->bar);
        buffer_putc(drawing->out, '\n');
    }
    if (text != NULL && !above)
        draw_narrow_call(drawing, text);
    for (int side = 0; side < SEQUENCE_SIDES; side++) {
        states[side] = band->state[side] != NULL ? band->state[side] : "";
        notes[side] = band->note[side] != NULL ? band->note[side] : "";
    }
    draw_narrow_states(drawing, states);
    draw_narrow_states(drawing, notes);
}

/* Above its lane; in the narrow layout at the right border. */
static void append_right_title(const struct drawing *drawing, const struct cell *cell, size_t index)
{
    size_t length = 0;
    const char *line = fit_line(&cell->text, index, &length);
    if (line == NULL)
        return;
    if (drawing->width < WIDE)
        arrow_append_gap(drawing->out, drawing->lane, text_columns(line, length));
    else
        buffer_fill(drawing->out, ' ', drawing->zone + 3);
    buffer_append(drawing->out, line, length);
}

/* The titles in two lines at most where one is too long for its lane. */
static void draw_titles(struct drawing *drawing, const struct sequence *sequence)
{
    const struct sequence_row titles[SEQUENCE_SIDES] = {
        {.kind = SEQUENCE_RETURN, .side = SEQUENCE_LEFT, .text = sequence->title[SEQUENCE_LEFT]},
        {.kind = SEQUENCE_RETURN, .side = SEQUENCE_RIGHT, .text = sequence->title[SEQUENCE_RIGHT]},
    };
    struct cell cells[SEQUENCE_SIDES];
    const struct band band = {.text = {&titles[0], &titles[1]}};
    for (int side = 0; side < SEQUENCE_SIDES; side++)
        fill_cell(drawing, &cells[side], &band, (enum sequence_side)side);
    for (size_t i = 0; i < cells[0].lines || i < cells[1].lines; i++) {
        buffer_fill(drawing->out, ' ', drawing->width < WIDE ? 2 : TIME_COLUMNS);
        append_cell_line(drawing, &cells[SEQUENCE_LEFT], i);
        append_right_title(drawing, &cells[SEQUENCE_RIGHT], i);
        end_line(drawing->out);
    }
    for (int side = 0; side < SEQUENCE_SIDES; side++) {
        drawing->out->failed = drawing->out->failed || cells[side].text.failed;
        buffer_free(&cells[side].text);
    }
}

static void draw_legend(const struct drawing *drawing, const struct sequence *sequence)
{
    static const char legend[] = "dashed: not seen, but it follows from the calls";
    for (size_t i = 0; i < sequence->count; i++) {
        if (!sequence->rows[i].inferred)
            continue;
        text_append_wrapped(drawing->out, legend, drawing->width, "");
        return;
    }
}

static void lay_out(struct drawing *drawing, size_t width, bool utf8)
{
    drawing->width = width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
    drawing->utf8 = utf8;
    drawing->bar = utf8 ? "\u2502" : "|";
    drawing->lane = (drawing->width - 4) / 2;
    if (drawing->width < WIDE)
        return;
    size_t more = drawing->width > 80 ? (drawing->width - 80) / 3 : 0;
    drawing->zone = ZONE + more;
    drawing->lane = (drawing->width - TIME_COLUMNS - 2 - drawing->zone) / 2;
}

void sequence_append(struct buffer *out, const struct sequence *sequence, size_t width, bool utf8)
{
    struct drawing drawing = {.out = out, .time = BUFFER_EMPTY};
    struct band band;
    lay_out(&drawing, width, utf8);
    if (sequence->count == 0) {
        buffer_puts(out, "no call on a socket was recorded\n");
        return;
    }
    draw_titles(&drawing, sequence);
    for (size_t at = 0; at < sequence->count;) {
        at += band_read(sequence, at, &band);
        if (band.first->kind == SEQUENCE_NOTE)
            text_append_wrapped(out, band.first->text, drawing.width, "  ");
        else if (drawing.width >= WIDE)
            draw_wide(&drawing, &band);
        else
            draw_narrow(&drawing, &band);
    }
    draw_legend(&drawing, sequence);
    buffer_free(&drawing.time);
}
