/* SPDX-License-Identifier: MIT
 *
 * The walk goes from border to border: between two of them the calls above and below are the same.
 */
#include "stream_walk.h"

#include "cell.h"

#include "base/text.h"
#include "base/width.h"

#include <stdio.h>
#include <string.h>

/* Left out is only what is longer than the words for it. */
#define LEAST_LEFT_OUT 16

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t end_of(const struct stream_piece *piece)
{
    return piece->offset + piece->length;
}

static const struct stream_piece *send_of(const struct walk *w)
{
    return w->run.send < w->direction->send_count ? &w->direction->sends[w->run.send] : NULL;
}

static const struct stream_piece *receive_of(const struct walk *w)
{
    return w->run.receive < w->direction->receive_count ? &w->direction->receives[w->run.receive]
                                                        : NULL;
}

/* The next run of a stream; false where there is none. */
static bool enter_stream(struct walk *w)
{
    const struct stream_direction *d = w->direction;
    struct walk_run *run = &w->run;
    size_t total = larger(d->sent, d->received);
    while (w->send < d->send_count && end_of(&d->sends[w->send]) <= w->offset)
        w->send++;
    while (w->receive < d->receive_count && end_of(&d->receives[w->receive]) <= w->offset)
        w->receive++;
    if (w->offset >= total)
        return false;
    *run = (struct walk_run){w->offset, total, WALK_NONE, WALK_NONE, true};
    if (w->send < d->send_count) {
        run->send = w->send;
        run->end = smaller(run->end, end_of(&d->sends[w->send]));
    }
    if (w->receive < d->receive_count) {
        run->receive = w->receive;
        run->end = smaller(run->end, end_of(&d->receives[w->receive]));
    } else if (d->receiver_known && !d->incomplete) {
        run->receive = WALK_MISSING;
    }
    return true;
}

/* The run of a datagram, or that of the part which did not fit into its receiver's buffer. */
static bool enter_datagram(struct walk *w)
{
    const struct stream_direction *d = w->direction;
    struct walk_run *run = &w->run;
    const struct stream_piece *lead = d->sender_known ? d->sends : d->receives;
    size_t index = d->sender_known ? w->send : w->receive;
    if (index >= (d->sender_known ? d->send_count : d->receive_count))
        return false;
    lead += index;
    *run = (struct walk_run){larger(w->offset, lead->offset), end_of(lead), WALK_NONE, WALK_NONE,
                             true};
    w->offset = run->begin;
    if (d->sender_known)
        run->send = index;
    if (d->receiver_known)
        run->receive = WALK_MISSING;
    if (w->receive < d->receive_count && d->receives[w->receive].match == index) {
        const struct stream_piece *got = &d->receives[w->receive];
        if (w->offset < end_of(got) || lead->length == 0) {
            run->receive = w->receive;
            run->end = smaller(run->end, end_of(got));
        } else {
            run->receive = WALK_CUT;
        }
    }
    return true;
}

/* Goes on to the next datagram: behind the present one. */
static void leave_datagram(struct walk *w)
{
    const struct stream_direction *d = w->direction;
    bool received = w->receive < d->receive_count &&
                    d->receives[w->receive].match == (d->sender_known ? w->send : w->receive);
    w->send += d->sender_known;
    w->receive += received;
    w->behind = false;
    w->run.entered = false;
}

static void set_part(struct walk_part *part, size_t call, const struct stream_piece *piece,
                     size_t offset, size_t bytes)
{
    *part = (struct walk_part){.call = call};
    if (piece == NULL)
        return;
    part->bytes = piece->length;
    part->first = offset == piece->offset;
    part->last = offset + bytes == end_of(piece);
}

static void set_parts(struct walk_cell *cell, const struct walk *w)
{
    set_part(&cell->send, w->run.send, send_of(w), w->offset, cell->bytes);
    set_part(&cell->receive, w->run.receive, receive_of(w), w->offset, cell->bytes);
}

/* Up to which offset the piece's bytes are at hand. */
static size_t known_to(const struct stream_piece *piece)
{
    return piece != NULL ? piece->offset + piece->kept : 0;
}

static char byte_at(const struct walk *w, size_t offset)
{
    const struct stream_piece *piece = send_of(w);
    if (offset >= known_to(piece))
        piece = receive_of(w);
    return piece->data[offset - piece->offset];
}

/* What is left out of the run: [begin, end). */
static void find_omission(const struct walk *w, size_t *begin, size_t *end)
{
    const struct walk_run *run = &w->run;
    size_t known = larger(known_to(send_of(w)), known_to(receive_of(w)));
    size_t most = w->head + w->tail + LEAST_LEFT_OUT;
    known = larger(run->begin, smaller(known, run->end));
    *begin = known;
    *end = run->end;
    if (w->head == 0 || run->end - run->begin <= most)
        return;
    *begin = smaller(known, run->begin + w->head);
    if (known == run->end)
        *end = run->end - w->tail;
}

static void write_omission(struct walk_cell *cell, const struct walk *w, size_t end)
{
    char count[CELL_COUNT];
    cell->bytes = end - w->offset;
    cell_write_count(count, cell->bytes);
    snprintf(cell->text, sizeof cell->text, "%s%s bytes%s", w->utf8 ? "\u2026" : "...", count,
             w->utf8 ? "\u2026" : "...");
}

/* A byte as Lua would write it in a string. */
static void write_byte(struct walk_cell *cell, char byte)
{
    static const char special[] = "\nn\rr\tt\\\\\0"
                                  "0";
    cell->bytes = 1;
    for (size_t i = 0; i + 1 < sizeof special; i += 2) {
        if (special[i] == byte) {
            snprintf(cell->text, sizeof cell->text, "\\%c", special[i + 1]);
            return;
        }
    }
    bool plain = byte >= ' ' && byte <= '~';
    snprintf(cell->text, sizeof cell->text, plain ? "%c" : "\\x%02x", (unsigned char)byte);
}

/* A character that no border cuts stands as itself, where the terminal can show it. */
static void write_character(struct walk_cell *cell, const struct walk *w, size_t end)
{
    char bytes[4] = {0};
    uint32_t code = 0;
    size_t count = smaller(end - w->offset, sizeof bytes);
    for (size_t i = 0; i < count; i++)
        bytes[i] = byte_at(w, w->offset + i);
    size_t size = text_decode(bytes, count, &code);
    if (!w->utf8 || size < 2 || !text_is_printable(code) || width_of(code) == 0) {
        write_byte(cell, bytes[0]);
        return;
    }
    memcpy(cell->text, bytes, size);
    cell->text[size] = '\0';
    cell->bytes = size;
}

static void write_cell(struct walk *w, struct walk_cell *cell)
{
    size_t begin, end;
    find_omission(w, &begin, &end);
    if (w->offset == begin && w->offset < end)
        write_omission(cell, w, end);
    else if (w->run.begin == w->run.end) /* a datagram of no bytes */
        snprintf(cell->text, sizeof cell->text, "  ");
    else
        write_character(cell, w, w->offset < begin ? begin : w->run.end);
    cell->columns = text_columns(cell->text, strlen(cell->text));
    set_parts(cell, w);
    w->offset += cell->bytes;
    if (w->offset >= w->run.end)
        w->run.entered = false;
}

static bool write_end(struct walk *w, struct walk_cell *cell)
{
    if (!w->direction->ended || w->ended)
        return false;
    w->ended = true;
    snprintf(cell->text, sizeof cell->text, "(end)");
    cell->columns = strlen(cell->text);
    cell->send.call = WALK_NONE;
    cell->receive = (struct walk_part){.call = WALK_END, .first = true, .last = true};
    return true;
}

static void write_gap(struct walk_cell *cell)
{
    cell->gap = true;
    cell->columns = 1;
    cell->text[0] = ' ';
    cell->send.call = cell->receive.call = WALK_NONE;
}

static bool next_of_datagrams(struct walk *w, struct walk_cell *cell)
{
    const struct stream_direction *d = w->direction;
    if (w->behind) {
        leave_datagram(w);
        if (d->sender_known ? w->send < d->send_count : w->receive < d->receive_count) {
            write_gap(cell);
            return true;
        }
    }
    if (!w->run.entered && !enter_datagram(w))
        return write_end(w, cell);
    write_cell(w, cell);
    const struct stream_piece *lead =
        d->sender_known ? &d->sends[w->send] : &d->receives[w->receive];
    w->behind = w->offset >= end_of(lead);
    return true;
}

bool walk_next(struct walk *w, struct walk_cell *cell)
{
    *cell = (struct walk_cell){.bytes = 0};
    if (w->direction->datagrams)
        return next_of_datagrams(w, cell);
    if (!w->run.entered && !enter_stream(w))
        return write_end(w, cell);
    write_cell(w, cell);
    return true;
}
