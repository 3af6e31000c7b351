/* SPDX-License-Identifier: MIT
 *
 * Blocks of three lines: brackets for the sends, the bytes, brackets for the receives. What the
 * calls gave stands beside them where it fits, else below.
 */
#include "view/stream.h"

#include "cell.h"
#include "stream_walk.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { LABEL = 8, MOST_ROOM = 192, MOST_BLOCKS = 4 };

struct block {
    struct walk_cell cells[MOST_ROOM];
    size_t count, columns;
};

/* How one row's brackets look. */
struct brackets {
    const char *open, *fill, *close, *single;
};

static const struct brackets looks[2][2] = {
    {{"[", "-", "]", "|"}, {"\u256d", "\u2500", "\u256e", "\u2502"}},
    {{"[", "-", "]", "|"}, {"\u2570", "\u2500", "\u256f", "\u2502"}},
};

/* Several cells of one call, next to each other. */
struct span {
    size_t columns;
    size_t call, bytes;
    bool first, last;
};

enum row { SENDS, RECEIVES };

static const struct walk_part *part_of(const struct walk_cell *cell, enum row row)
{
    return row == SENDS ? &cell->send : &cell->receive;
}

static void fill_block(struct walk *walk, struct block *block, size_t room)
{
    block->count = block->columns = 0;
    while (block->count < MOST_ROOM) {
        struct walk before = *walk;
        struct walk_cell *cell = &block->cells[block->count];
        if (!walk_next(walk, cell))
            return;
        if (cell->gap && block->count == 0)
            continue;
        if (cell->columns > room && block->count == 0) { /* a number beyond all reason */
            snprintf(cell->text, sizeof cell->text, "...");
            cell->columns = 3;
        }
        if (block->columns + cell->columns > room) {
            *walk = before;
            return;
        }
        block->columns += cell->columns;
        block->count++;
    }
}

static void append_times(struct buffer *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_puts(out, text);
}

/* Puts a word in the middle of so many columns of filling, where there is room. */
static void append_worded(struct buffer *out, const char *fill, const char *word, size_t columns)
{
    size_t taken = strlen(word);
    if (taken > columns)
        taken = 0;
    size_t before = (columns - taken) / 2;
    append_times(out, fill, before);
    if (taken > 0)
        buffer_puts(out, word);
    append_times(out, fill, columns - taken - before);
}

static void append_bracket(struct buffer *out, const struct span *span, const struct brackets *look)
{
    struct buffer bytes = BUFFER_EMPTY;
    if (span->columns == 1 && span->first && span->last) {
        buffer_puts(out, look->single);
        return;
    }
    bool opens = span->first && span->columns > 0;
    bool closes = span->last && span->columns > opens;
    if (opens)
        cell_append_count(&bytes, span->bytes);
    buffer_puts(out, opens ? look->open : "");
    append_worded(out, look->fill, buffer_text(&bytes), span->columns - opens - closes);
    buffer_puts(out, closes ? look->close : "");
    out->failed = out->failed || bytes.failed;
    buffer_free(&bytes);
}

static void append_span(struct buffer *out, const struct span *span, const struct brackets *look,
                        bool hopeless)
{
    if (span->call == WALK_NONE)
        buffer_fill(out, ' ', span->columns);
    else if (span->call == WALK_MISSING)
        append_worded(out, ".", hopeless ? "unread" : "waiting", span->columns);
    else if (span->call == WALK_CUT)
        append_worded(out, ".", "cut off", span->columns);
    else
        append_bracket(out, span, look);
}

/* The cells from `at` on that one call covers; a gap between datagrams belongs to none. */
static size_t find_span(const struct block *block, size_t at, enum row row, struct span *span)
{
    const struct walk_part *part = part_of(&block->cells[at], row);
    *span = (struct span){0, part->call, part->bytes, part->first, false};
    while (at < block->count && part_of(&block->cells[at], row)->call == span->call) {
        span->columns += block->cells[at].columns;
        span->last = part_of(&block->cells[at], row)->last;
        at++;
    }
    return at;
}

static void append_brackets(struct buffer *out, const struct stream_direction *d,
                            const struct block *block, enum row row, bool utf8)
{
    buffer_puts(out, row == SENDS ? "send()  " : "recv()  ");
    for (size_t at = 0; at < block->count;) {
        struct span span;
        at = find_span(block, at, row, &span);
        append_span(out, &span, &looks[row][utf8], d->receiver_closed);
    }
}

static void append_wire(struct buffer *out, const struct block *block)
{
    buffer_puts(out, "wire    ");
    for (size_t i = 0; i < block->count; i++)
        buffer_puts(out, block->cells[i].text);
}

static void append_plural(struct buffer *out, size_t count, const char *noun)
{
    cell_append_count(out, count);
    buffer_printf(out, " %s%s", noun, count == 1 ? "" : "s");
}

/* "6 + 10 + 2 = ", as many of the pieces as there is room for. */
static void append_pieces(struct buffer *out, const struct stream_piece *pieces, size_t count,
                          size_t room)
{
    struct buffer sum = BUFFER_EMPTY;
    size_t shown = 0, fitting = 0;
    while (shown < count && !sum.failed) {
        buffer_puts(&sum, shown > 0 ? " + " : "");
        cell_append_count(&sum, pieces[shown++].length);
        size_t rest = strlen(shown < count ? " + ... = " : " = ");
        if (sum.length + rest > room)
            break;
        fitting = sum.length;
    }
    if (fitting > 0) {
        bool all = shown == count && fitting == sum.length;
        buffer_append(out, buffer_text(&sum), fitting);
        buffer_puts(out, all ? " = " : " + ... = ");
    }
    out->failed = out->failed || sum.failed;
    buffer_free(&sum);
}

/* "3 calls: 6 + 10 + 2 = 18 bytes" and what else is to be said of the row. */
static void append_calls(struct buffer *out, const struct stream_piece *pieces, size_t count,
                         size_t bytes, const char *more, size_t columns)
{
    struct buffer rest = BUFFER_EMPTY;
    append_plural(&rest, bytes, "byte");
    buffer_puts(&rest, more);
    append_plural(out, count, "call");
    buffer_puts(out, ": ");
    if (count > 1 && out->length + rest.length < columns)
        append_pieces(out, pieces, count, columns - out->length - rest.length);
    buffer_append(out, buffer_text(&rest), rest.length);
    out->failed = out->failed || rest.failed;
    buffer_free(&rest);
}

static void append_missing(struct buffer *out, const struct stream_direction *d)
{
    bool datagrams = d->datagrams;
    size_t missing = 0;
    if (d->incomplete)
        return;
    if (datagrams)
        missing = d->sender_known ? d->send_count - d->receive_count : 0;
    else if (d->sent > d->received)
        missing = d->sent - d->received;
    if (missing == 0)
        return;
    buffer_puts(out, ", ");
    append_plural(out, missing, datagrams ? "datagram" : "byte");
    if (d->receiver_closed)
        buffer_puts(out, " never read");
    else
        buffer_puts(out, datagrams ? " waiting or lost" : " waiting");
}

static void append_receives(struct buffer *out, const struct stream_direction *d, size_t columns)
{
    struct buffer more = BUFFER_EMPTY;
    append_missing(&more, d);
    if (d->ended)
        buffer_puts(&more, ", then the end");
    if (d->receive_count > 0)
        append_calls(out, d->receives, d->receive_count, d->received, buffer_text(&more), columns);
    else
        buffer_printf(out, "%s%s", d->ended ? "no bytes" : "no call yet", buffer_text(&more));
    out->failed = out->failed || more.failed;
    buffer_free(&more);
}

static void append_summary(struct buffer *out, const struct stream_direction *d, enum row row,
                           size_t columns)
{
    if (row == SENDS ? !d->sender_known : !d->receiver_known)
        buffer_puts(out, "(outside this shell)");
    else if (row == RECEIVES)
        append_receives(out, d, columns);
    else if (d->send_count > 0)
        append_calls(out, d->sends, d->send_count, d->sent, "", columns);
    else
        buffer_puts(out, "no call yet");
}

/* `beside`: what stands behind the row, NULL for nothing. */
static void append_row(struct buffer *out, const struct stream_direction *d,
                       const struct block *block, enum row row, bool utf8,
                       const struct buffer *beside)
{
    append_brackets(out, d, block, row, utf8);
    if (beside != NULL)
        buffer_printf(out, "   %s", buffer_text(beside));
    cell_end_line(out);
}

static void append_block(struct buffer *out, const struct stream_direction *d,
                         const struct block *block, bool utf8, const struct buffer *summaries)
{
    append_row(out, d, block, SENDS, utf8, summaries != NULL ? &summaries[SENDS] : NULL);
    append_wire(out, block);
    cell_end_line(out);
    append_row(out, d, block, RECEIVES, utf8, summaries != NULL ? &summaries[RECEIVES] : NULL);
}

/* Whether everything fits into the blocks that there may be. */
static bool fits(const struct walk *walk, size_t room, size_t *blocks)
{
    struct walk trial = *walk, after;
    struct walk_cell cell;
    struct block block;
    for (*blocks = 0; *blocks <= MOST_BLOCKS; (*blocks)++) {
        after = trial;
        if (!walk_next(&after, &cell))
            return true;
        if (*blocks < MOST_BLOCKS)
            fill_block(&trial, &block, room);
    }
    return false;
}

/* Shows as much of each piece as there is room for all. */
static void choose_omissions(struct walk *walk, size_t room)
{
    static const size_t shown[][2] = {{0, 0}, {48, 16}, {24, 8}, {10, 4}};
    size_t blocks;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        walk->head = shown[i][0];
        walk->tail = shown[i][1];
        if (fits(walk, room, &blocks))
            return;
    }
}

static size_t count_from(const struct stream_piece *pieces, size_t count, size_t offset)
{
    size_t rest = 0;
    while (rest < count && pieces[count - rest - 1].offset >= offset)
        rest++;
    return rest;
}

static void append_rest(struct buffer *out, const struct stream_direction *d,
                        const struct walk *walk, size_t width)
{
    size_t total = d->sent > d->received ? d->sent : d->received;
    struct buffer text = BUFFER_EMPTY;
    struct walk after = *walk;
    struct walk_cell cell;
    if (!walk_next(&after, &cell))
        return;
    buffer_puts(&text, "and ");
    append_plural(&text, total - walk->offset, "more byte");
    buffer_puts(&text, ": ");
    append_plural(&text, count_from(d->sends, d->send_count, walk->offset), "more send");
    buffer_puts(&text, ", ");
    append_plural(&text, count_from(d->receives, d->receive_count, walk->offset), "more receive");
    text_append_wrapped(out, buffer_text(&text), width, "");
    out->failed = out->failed || text.failed;
    buffer_free(&text);
}

/* Wrapped, with the row's name in the margin of the first line. */
static void append_summary_line(struct buffer *out, const char *name, const struct buffer *summary,
                                size_t width)
{
    struct buffer lines = BUFFER_EMPTY;
    text_append_wrapped(&lines, buffer_text(summary), width, "        ");
    buffer_printf(out, "%s  %s", name, buffer_text(&lines) + (lines.length < LABEL ? 0 : LABEL));
    out->failed = out->failed || lines.failed || summary->failed;
    buffer_free(&lines);
}

static void append_below(struct buffer *out, const struct buffer summaries[2], size_t width)
{
    buffer_putc(out, '\n');
    append_summary_line(out, "send()", &summaries[SENDS], width);
    append_summary_line(out, "recv()", &summaries[RECEIVES], width);
}

static void append_blocks(struct buffer *out, const struct stream_direction *d, size_t width,
                          bool utf8)
{
    struct block block;
    struct buffer summaries[2] = {BUFFER_EMPTY, BUFFER_EMPTY};
    struct walk walk = {.direction = d, .utf8 = utf8};
    size_t blocks, room = width - LABEL < MOST_ROOM ? width - LABEL : MOST_ROOM;
    append_summary(&summaries[SENDS], d, SENDS, width - LABEL);
    append_summary(&summaries[RECEIVES], d, RECEIVES, width - LABEL);
    choose_omissions(&walk, room);
    fits(&walk, room, &blocks);
    for (size_t i = 0; i < blocks && i < MOST_BLOCKS; i++) {
        fill_block(&walk, &block, room);
        size_t longest = summaries[SENDS].length > summaries[RECEIVES].length
                             ? summaries[SENDS].length
                             : summaries[RECEIVES].length;
        bool beside = blocks == 1 && LABEL + block.columns + 3 + longest <= width;
        buffer_puts(out, i > 0 ? "\n" : "");
        append_block(out, d, &block, utf8, beside ? summaries : NULL);
        if (blocks == 1 && !beside)
            append_below(out, summaries, width);
    }
    append_rest(out, d, &walk, width);
    if (blocks > 1)
        append_below(out, summaries, width);
    out->failed = out->failed || summaries[SENDS].failed || summaries[RECEIVES].failed;
    buffer_free(&summaries[SENDS]);
    buffer_free(&summaries[RECEIVES]);
}

static void append_end_name(struct buffer *out, const char *name, bool known, bool utf8)
{
    if (name != NULL && name[0] != '\0')
        cell_append_safe(out, name, strlen(name), utf8);
    if (!known)
        buffer_puts(out, name != NULL && name[0] != '\0' ? " (outside this shell)"
                                                         : "(outside this shell)");
}

static void append_heading(struct buffer *out, const struct stream_direction *d,
                           const char *const names[2], size_t width, bool utf8)
{
    struct buffer line = BUFFER_EMPTY;
    append_end_name(&line, names[0], d->sender_known, utf8);
    buffer_puts(&line, utf8 ? " \u2192 " : " -> ");
    append_end_name(&line, names[1], d->receiver_known, utf8);
    cell_append_cut(out, &line, width, utf8);
    cell_end_line(out);
    buffer_free(&line);
}

void stream_append(struct buffer *out, const struct stream_direction *d, const char *const names[2],
                   size_t width, bool utf8)
{
    if (width < CELL_NARROWEST)
        width = CELL_NARROWEST;
    append_heading(out, d, names, width, utf8);
    if (d->send_count == 0 && d->receive_count == 0 && !d->ended)
        buffer_puts(out, "nothing yet\n");
    else
        append_blocks(out, d, width, utf8);
    if (d->incomplete)
        text_append_wrapped(out, "Some calls are missing in the record: the rows may not match.",
                            width, "");
}
