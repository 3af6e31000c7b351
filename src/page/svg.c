/* SPDX-License-Identifier: MIT
 *
 * From left to right: the time, the left side's calls, its state, its lane; and mirrored the right
 * side. How wide the calls are is asked first; then the rows go down the page one by one. Lengths
 * are in pixels at a type size of 13; within a page the picture's own size is in rem, so that it
 * grows with the page's type.
 */
#include "page/svg.h"

#include "page/escape.h"
#include "parts.h"
#include "svg_text.h"

#include <string.h>

enum {
    MARGIN = 16,
    TIME_WIDTH = 46,
    STATE_WIDTH = 100,
    LANE_GAP = 196,
    HEAD_TOP = 12,
    LINE = 17,       /* from one line of a text to the next */
    ROW = 27,        /* a row of one line */
    SEGMENT = 33,    /* a row with an arrow */
    SLOPE = 9,       /* how much lower an arrow arrives: it takes time */
    TEXT_LIMIT = 36, /* columns */
    NOTE_LIMIT = 72,
    TITLE_LIMIT = 22,
    TEXT_LEAST = 16,
    COLOURS = 6
};

#define COLUMN 7.9 /* a character of the widest of the usual fonts */
#define REM 16.0

struct layout {
    const struct sequence *sequence;
    struct buffer *out;
    int lane[SEQUENCE_SIDES], text[SEQUENCE_SIDES];
    int width, height, head;
    int y; /* top of the row in hand */
    char time[32];
};

/* +1 to the right of a lane's calls, -1 to the left: away from the other lane. */
static int outwards(enum sequence_side side)
{
    return side == SEQUENCE_LEFT ? -1 : 1;
}

static enum sequence_side other_side(enum sequence_side side)
{
    return side == SEQUENCE_LEFT ? SEQUENCE_RIGHT : SEQUENCE_LEFT;
}

static bool is_call(const struct sequence_row *row)
{
    return row->kind == SEQUENCE_CALL || row->kind == SEQUENCE_RETURN;
}

/* What stands on a side of a row: a call and behind it a remark, or a remark alone. */
static void append_side(struct buffer *text, const struct sequence_row *row,
                        enum sequence_side side)
{
    bool call = is_call(row) && row->side == side;
    if (call && row->task != NULL && row->kind == SEQUENCE_CALL)
        buffer_printf(text, "[%s] ", row->task);
    if (call)
        buffer_puts(text, row->text);
    if (row->note[side] != NULL)
        buffer_printf(text, "%s%s", call ? "   " : "", row->note[side]);
}

static size_t measure_side(const struct layout *l, const struct sequence_row *row,
                           enum sequence_side side, size_t *lines)
{
    struct buffer text = BUFFER_EMPTY;
    append_side(&text, row, side);
    size_t columns = svg_text_columns(buffer_text(&text), TEXT_LIMIT, lines);
    l->out->failed |= text.failed;
    buffer_free(&text);
    return columns;
}

static int row_height(const struct layout *l, const struct sequence_row *row)
{
    size_t most = 1;
    for (int side = 0; side < SEQUENCE_SIDES; side++) {
        size_t lines;
        measure_side(l, row, side, &lines);
        most = lines > most ? lines : most;
    }
    if (row->kind == SEQUENCE_NOTE)
        svg_text_columns(row->text, NOTE_LIMIT, &most);
    return (row->kind == SEQUENCE_SEGMENT ? SEGMENT : ROW) + LINE * (int)(most - 1);
}

static int side_width(const struct layout *l, enum sequence_side side)
{
    size_t widest = TEXT_LEAST;
    for (size_t i = 0; i < l->sequence->count; i++) {
        size_t lines, columns = measure_side(l, &l->sequence->rows[i], side, &lines);
        widest = columns > widest ? columns : widest;
    }
    return (int)((double)widest * COLUMN) + 1;
}

static int head_height(const struct sequence *sequence)
{
    size_t left, right;
    svg_text_columns(sequence->title[SEQUENCE_LEFT], TITLE_LIMIT, &left);
    svg_text_columns(sequence->title[SEQUENCE_RIGHT], TITLE_LIMIT, &right);
    return 15 + LINE * (int)(left > right ? left : right);
}

static void lay_out(struct layout *l)
{
    const struct sequence *sequence = l->sequence;
    int left = side_width(l, SEQUENCE_LEFT), right = side_width(l, SEQUENCE_RIGHT);
    l->text[SEQUENCE_LEFT] = MARGIN + TIME_WIDTH + left;
    l->lane[SEQUENCE_LEFT] = l->text[SEQUENCE_LEFT] + STATE_WIDTH;
    l->lane[SEQUENCE_RIGHT] = l->lane[SEQUENCE_LEFT] + LANE_GAP;
    l->text[SEQUENCE_RIGHT] = l->lane[SEQUENCE_RIGHT] + STATE_WIDTH;
    l->width = l->text[SEQUENCE_RIGHT] + right + MARGIN;
    l->head = head_height(sequence);
    l->height = HEAD_TOP + l->head + LINE;
    for (size_t i = 0; i < sequence->count; i++)
        l->height += row_height(l, &sequence->rows[i]);
    l->height += 2 * LINE + MARGIN;
}

static void draw_head(struct layout *l, enum sequence_side side)
{
    const char *title = l->sequence->title[side];
    size_t lines, columns = svg_text_columns(title, TITLE_LIMIT, &lines);
    int x = l->lane[side], width = (int)((double)columns * COLUMN) + 26;
    int top = HEAD_TOP + l->head;
    buffer_printf(l->out,
                  "<path class=\"sq-lane\" d=\"M%d %dV%d\"/>"
                  "<rect class=\"sq-head\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>"
                  "<text class=\"sq-title\" x=\"%d\" y=\"%d\">",
                  x, top, l->height - 2 * LINE, x - width / 2, HEAD_TOP, width, l->head, x,
                  HEAD_TOP + LINE + 3);
    svg_text_append(l->out, title, TITLE_LIMIT, x, LINE);
    buffer_puts(l->out, "</text>\n");
}

/* Said only where it is another than the last row's. */
static void draw_time(struct layout *l, const struct sequence_row *row)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_printf(&text, "%.2f", row->time);
    if (text.length < sizeof l->time && strcmp(l->time, buffer_text(&text)) != 0) {
        memcpy(l->time, buffer_text(&text), text.length + 1);
        buffer_printf(l->out, "<text class=\"sq-time\" x=\"%d\" y=\"%d\">%s</text>", MARGIN,
                      l->y + LINE, l->time);
    }
    l->out->failed |= text.failed;
    buffer_free(&text);
}

static const char *state_class(const char *state)
{
    if (strcmp(state, "ESTABLISHED") == 0)
        return "sq-open";
    if (strcmp(state, "LISTEN") == 0)
        return "sq-listen";
    return strcmp(state, "CLOSED") == 0 ? "sq-closed" : "sq-moving";
}

static void draw_state(struct layout *l, enum sequence_side side, const char *state, int y)
{
    const int width = STATE_WIDTH - 14, height = 18;
    int x = l->lane[side] + outwards(side) * (STATE_WIDTH / 2);
    const char *class = state_class(state);
    buffer_printf(l->out,
                  "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"9\"/>"
                  "<text class=\"sq-state %s\" x=\"%d\" y=\"%d\">",
                  class, x - width / 2, y - 13, width, height, class, x, y);
    escape_puts(l->out, state);
    buffer_puts(l->out, "</text>");
}

static void draw_side(struct layout *l, const struct sequence_row *row, enum sequence_side side)
{
    struct buffer text = BUFFER_EMPTY;
    bool call = is_call(row) && row->side == side;
    int x = l->text[side], y = l->y + LINE;
    if (row->kind == SEQUENCE_SEGMENT && row->side != side)
        y += SLOPE;
    if (row->state[side] != NULL)
        draw_state(l, side, row->state[side], y);
    if (call)
        buffer_printf(l->out, "<circle class=\"sq-dot\" cx=\"%d\" cy=\"%d\" r=\"4\"/>",
                      l->lane[side], y - 4);
    append_side(&text, row, side);
    if (text.length > 0) {
        buffer_printf(l->out, "<text class=\"%s%s%s\" x=\"%d\" y=\"%d\">",
                      call ? "sq-call" : "sq-note", side == SEQUENCE_LEFT ? " sq-end" : "",
                      call && row->failed ? " sq-failed" : "", x, y);
        svg_text_append(l->out, buffer_text(&text), TEXT_LIMIT, x, LINE);
        buffer_puts(l->out, "</text>");
    }
    l->out->failed |= text.failed;
    buffer_free(&text);
}

/* At the end of an arrow that goes from x to `to`, at height y. */
static void draw_tip(struct layout *l, enum sequence_fate fate, int x, int to, int y)
{
    int d = x < to ? 1 : -1; /* the way it goes */
    if (fate == SEQUENCE_REFUSED)
        buffer_printf(l->out, "<path class=\"sq-cross\" d=\"M%d %dl10 10m0 -10l-10 10\"/>",
                      to - 8 * d - 5, y - 6);
    else if (fate == SEQUENCE_LOST)
        buffer_printf(l->out,
                      "<circle class=\"sq-tip\" cx=\"%d\" cy=\"%d\" r=\"2\"/>"
                      "<circle class=\"sq-tip\" cx=\"%d\" cy=\"%d\" r=\"1.5\"/>"
                      "<circle class=\"sq-tip\" cx=\"%d\" cy=\"%d\" r=\"1\"/>",
                      to + 6 * d, y, to + 14 * d, y + 1, to + 22 * d, y + 1);
    else
        buffer_printf(l->out, "<path class=\"sq-tip\" d=\"M%d %dl%d -5.5l%d 10z\"/>", to, y,
                      -11 * d, 1 * d);
}

/* Colour alone tells no one apart: each conversation has its number, where there are several. */
static void draw_label(struct layout *l, const struct sequence_row *row, int y)
{
    int middle = (l->lane[SEQUENCE_LEFT] + l->lane[SEQUENCE_RIGHT]) / 2;
    buffer_printf(l->out, "<text class=\"sq-label%s\" x=\"%d\" y=\"%d\">",
                  row->fate == SEQUENCE_REFUSED ? " sq-failed" : "", middle, y);
    if (l->sequence->conversations > 1 && row->conversation > 0)
        buffer_printf(l->out, "<tspan class=\"sq-number\">#%u</tspan> ", row->conversation);
    escape_puts(l->out, row->text);
    buffer_puts(l->out, "</text>");
}

static void draw_segment(struct layout *l, const struct sequence_row *row)
{
    int d = -outwards(row->side), y = l->y + LINE - 4;
    int from = l->lane[row->side] + 3 * d, to = l->lane[other_side(row->side)] - 3 * d;
    int end = y + SLOPE;
    if (row->fate == SEQUENCE_LOST) {
        to = from + (to - from) * 3 / 5;
        end = y + SLOPE * 3 / 5;
    }
    buffer_printf(l->out, "<path class=\"sq-arrow%s\" d=\"M%d %dL%d %d\"/>",
                  row->inferred ? " sq-inferred" : "", from, y,
                  row->fate == SEQUENCE_ARRIVES ? to - 9 * d : to - 3 * d, end);
    draw_tip(l, row->fate, from, to, end);
    draw_label(l, row, y - 3);
}

static void draw_note(struct layout *l, const struct sequence_row *row)
{
    int middle = (l->lane[SEQUENCE_LEFT] + l->lane[SEQUENCE_RIGHT]) / 2;
    buffer_printf(l->out, "<text class=\"sq-over\" x=\"%d\" y=\"%d\">", middle, l->y + LINE);
    svg_text_append(l->out, row->text, NOTE_LIMIT, middle, LINE);
    buffer_puts(l->out, "</text>");
}

static void draw_row(struct layout *l, const struct sequence_row *row)
{
    int height = row_height(l, row);
    unsigned colour = row->conversation == 0 ? 0 : (row->conversation - 1) % COLOURS + 1;
    buffer_printf(l->out,
                  "<g class=\"sq-row sq-c%u%s\" data-entry=\"%lu\">"
                  "<rect class=\"sq-band\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
                  colour, row->data ? " sq-data" : "", row->entry, l->y, l->width, height);
    draw_time(l, row);
    if (row->kind == SEQUENCE_NOTE)
        draw_note(l, row);
    if (row->kind == SEQUENCE_SEGMENT)
        draw_segment(l, row);
    for (int side = 0; side < SEQUENCE_SIDES; side++)
        draw_side(l, row, side);
    buffer_puts(l->out, "</g>\n");
    l->y += height;
}

static bool has_inferred(const struct sequence *sequence)
{
    for (size_t i = 0; i < sequence->count; i++)
        if (sequence->rows[i].inferred)
            return true;
    return false;
}

static void draw_legend(struct layout *l)
{
    if (!has_inferred(l->sequence))
        return;
    buffer_printf(l->out,
                  "<text class=\"sq-legend\" x=\"%d\" y=\"%d\">dashed: segments that follow from "
                  "the calls; nobody saw them</text>\n",
                  MARGIN, l->height - MARGIN);
}

/* For those who hear the picture. */
static void describe(struct layout *l)
{
    const struct sequence *sequence = l->sequence;
    size_t calls = 0, segments = 0;
    for (size_t i = 0; i < sequence->count; i++) {
        calls += sequence->rows[i].kind == SEQUENCE_CALL;
        segments += sequence->rows[i].kind == SEQUENCE_SEGMENT;
    }
    buffer_puts(l->out, "<title>Sequence diagram: ");
    escape_puts(l->out, sequence->title[SEQUENCE_LEFT]);
    buffer_puts(l->out, " and ");
    escape_puts(l->out, sequence->title[SEQUENCE_RIGHT]);
    buffer_printf(l->out,
                  "</title>\n<desc>Two lanes from top to bottom in the order of time, with %zu "
                  "call%s beside them and %zu arrow%s between them; %u conversation%s.</desc>\n",
                  calls, calls == 1 ? "" : "s", segments, segments == 1 ? "" : "s",
                  sequence->conversations, sequence->conversations == 1 ? "" : "s");
}

static void draw(struct buffer *out, const struct sequence *sequence, bool own)
{
    struct layout l = {.sequence = sequence, .out = out};
    lay_out(&l);
    buffer_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sq\" role=\"img\" "
                  "xml:space=\"preserve\" viewBox=\"0 0 %d %d\" ",
                  l.width, l.height);
    if (own)
        buffer_printf(out, "width=\"%d\" height=\"%d\">\n", l.width, l.height);
    else
        buffer_printf(out, "width=\"%.3frem\" height=\"%.3frem\">\n", l.width / REM,
                      l.height / REM);
    describe(&l);
    if (own) {
        buffer_printf(out, "<style>\n%s</style>\n", parts_picture_style);
        buffer_puts(out, "<rect class=\"sq-paper\" width=\"100%\" height=\"100%\"/>\n");
    }
    l.y = HEAD_TOP + l.head + LINE / 2;
    draw_head(&l, SEQUENCE_LEFT);
    draw_head(&l, SEQUENCE_RIGHT);
    for (size_t i = 0; i < sequence->count; i++)
        draw_row(&l, &sequence->rows[i]);
    draw_legend(&l);
    buffer_puts(out, "</svg>\n");
}

void svg_append(struct buffer *out, const struct sequence *sequence)
{
    buffer_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    draw(out, sequence, true);
}

void svg_append_inline(struct buffer *out, const struct sequence *sequence)
{
    draw(out, sequence, false);
}
