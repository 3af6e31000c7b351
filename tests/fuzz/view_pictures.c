/* SPDX-License-Identifier: MIT
 *
 * The pictures of a journal that holds whatever bytes make of it: each is drawn in any width, is
 * printable, ASCII where that is asked for, and no wider than it may be. They draw from 40 columns
 * on; in fewer they must do no harm.
 */
#include "journal.h"

#include "view/hexdump.h"
#include "view/line.h"
#include "view/sequence.h"
#include "view/states.h"
#include "view/stream.h"
#include "view/table.h"

enum { NARROWEST = 40, ANY_WIDTH = 1 << 30 };

struct screen {
    size_t width;
    bool utf8;
};

static void check(struct buffer *out, struct screen screen)
{
    bytes_check_picture(out, screen.width < NARROWEST ? ANY_WIDTH : screen.width, screen.utf8);
    buffer_clear(out);
}

static void draw_lines(const struct journal *journal, struct buffer *out)
{
    for (size_t i = 0; i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        if (entry->kind != JOURNAL_CALL)
            continue;
        line_append(out, &entry->record);
        buffer_putc(out, '\n');
        check(out, (struct screen){ANY_WIDTH, true});
    }
}

static void draw_tables(const struct journal *journal, struct buffer *out, struct screen screen)
{
    for (size_t i = 0; i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        if (entry->kind != JOURNAL_TABLE)
            continue;
        table_append(out, entry->sockets, entry->socket_count, entry->socket_rest, screen.width,
                     screen.utf8);
        check(out, screen);
    }
}

static void draw_states(const struct journal *journal, struct buffer *out, struct screen screen)
{
    enum net_tcp_state path[STATES_LONGEST_PATH];
    for (unsigned long serial = 0; serial < 8; serial++) {
        size_t count = states_path(journal, 0, serial, (enum net_tcp_state)serial, path);
        HOLDS(count <= STATES_LONGEST_PATH);
        states_append(out, serial % 2 == 0 ? NULL : "title", path, count, screen.width,
                      screen.utf8);
        check(out, screen);
    }
}

static void draw_streams(const struct journal *journal, const struct journal_socket *now,
                         size_t count, struct buffer *out, struct screen screen)
{
    static const char *const names[] = {"client (3)", "server (4)"};
    struct ends ends;
    HOLDS(ends_read(journal, now, count, &ends) == 0);
    for (size_t i = 0; i < ends.count; i++) {
        struct stream_direction directions[2];
        if (stream_read(journal, &ends, (int)i, directions) != 0)
            continue;
        for (int way = 0; way < 2; way++) {
            stream_append(out, &directions[way], names, screen.width, screen.utf8);
            check(out, screen);
        }
        stream_free(directions);
    }
    ends_free(&ends);
}

static void draw_sequences(const struct journal *journal, const struct journal_socket *now,
                           size_t count, struct buffer *out, struct screen screen)
{
    for (unsigned long serial = 0; serial < 3; serial++) {
        const struct sequence_request request = {.serial = serial, .now = now, .now_count = count};
        struct sequence sequence;
        HOLDS(sequence_build(journal, &request, &sequence) == 0);
        sequence_append(out, &sequence, screen.width, screen.utf8);
        check(out, screen);
        sequence_free(&sequence);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes b = {data, size, 0};
    struct screen screen = {20 + bytes_choose(&b, 181), bytes_choose(&b, 2) == 0};
    struct journal_socket rows[FUZZ_ROWS];
    size_t count = fuzz_rows(&b, rows);
    struct journal *journal = fuzz_journal(&b);
    struct buffer out = BUFFER_EMPTY;
    table_append(&out, rows, count, count % 2, screen.width, screen.utf8);
    check(&out, screen);
    draw_lines(journal, &out);
    draw_tables(journal, &out, screen);
    draw_states(journal, &out, screen);
    draw_streams(journal, rows, count, &out, screen);
    draw_sequences(journal, rows, count, &out, screen);
    hexdump_append(&out, (const char *)data, size, screen.width, screen.utf8);
    check(&out, screen);
    buffer_free(&out);
    journal_free(journal);
    return 0;
}
