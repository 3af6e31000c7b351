/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out at each allocation of a picture in turn: the picture is whole, or it says
 * that it is not; never is a part of it missing in silence.
 */
#include "view/story.h"

#include "scarce_text.h"

#include "view/ends.h"
#include "view/hexdump.h"
#include "view/line.h"
#include "view/states.h"
#include "view/stream.h"
#include "view/table.h"

enum { ROWS = 3 };

struct scene {
    struct story story;
    struct journal_socket rows[ROWS];
    size_t width;
    bool utf8;
};

static void set_row(struct journal_socket *row, int fd, const char *variable, int port)
{
    *row = (struct journal_socket){.serial = (unsigned long)fd,
                                   .fd = fd,
                                   .family = AF_INET,
                                   .type = SOCK_STREAM,
                                   .closed = fd < 0 ? 12 : -1,
                                   .view = {.local = story_port(port),
                                            .peer = story_port(8080),
                                            .state = NET_TCP_ESTABLISHED,
                                            .to_read = 1234,
                                            .unsent = 5,
                                            .queued = -1,
                                            .queue_limit = -1}};
    snprintf(row->variable, sizeof row->variable, "%s", variable);
}

static void set_scene(struct scene *scene)
{
    struct story *s = &scene->story;
    static char long_text[600];
    memset(long_text, 'x', sizeof long_text - 1);
    story_open(s);
    story_server(s, 3, 8080);
    story_socket(s, 4);
    story_connected(s, 4, 8080, 40000);
    story_accept(s, 3, 5, 8080, 40000);
    story_send(s, 4, "GET / HTTP/1.0\r\n\r\n");
    story_recv(s, 5, "GET / HTTP/1.0\r\n");
    s->task = "answers";
    story_send(s, 5, long_text);
    story_recv(s, 4, long_text);
    story_socket_of(s, 6, AF_INET, SOCK_DGRAM);
    story_sendto(s, 6, "data", story_port(53));
    story_fail(s, NET_RECV, 6, ECONNREFUSED);
    story_shutdown(s, 4, SHUT_WR);
    story_close(s, 5);
    set_row(&scene->rows[0], 4, "a_variable_with_a_long_name", 40000);
    set_row(&scene->rows[1], 5, "s", 8080);
    set_row(&scene->rows[2], -1, "", 40001);
}

static int draw_line(struct buffer *out, const void *what)
{
    const struct scene *scene = what;
    for (size_t i = 0; i < journal_count(scene->story.journal); i++)
        line_append_within(out, &journal_at(scene->story.journal, i)->record, 2, scene->width);
    return 0;
}

static int draw_table(struct buffer *out, const void *what)
{
    const struct scene *scene = what;
    table_append(out, scene->rows, ROWS, 2, scene->width, scene->utf8);
    return 0;
}

static int draw_states(struct buffer *out, const void *what)
{
    const struct scene *scene = what;
    enum net_tcp_state path[STATES_LONGEST_PATH];
    size_t count = states_path(scene->story.journal, 0, 4, NET_TCP_FIN_WAIT2, path);
    states_append(out, "socket 4: \x1b[2J", path, count, scene->width, scene->utf8);
    return 0;
}

static int draw_stream(struct buffer *out, const void *what)
{
    const struct scene *scene = what;
    static const char *const names[] = {"client (4)", "server (5)"};
    struct ends ends;
    struct stream_direction directions[2];
    int error = ends_read(scene->story.journal, scene->rows, ROWS, &ends);
    if (error != 0)
        return error;
    error = stream_read(scene->story.journal, &ends, ends_find(&ends, 0, 4), directions);
    for (int i = 0; i < 2 && error == 0; i++)
        stream_append(out, &directions[i], names, scene->width, scene->utf8);
    if (error == 0)
        stream_free(directions);
    ends_free(&ends);
    return error;
}

static int draw_sequence(struct buffer *out, const void *what)
{
    const struct scene *scene = what;
    const struct sequence_request all = {.now = scene->rows, .now_count = ROWS};
    struct sequence sequence;
    int error = sequence_build(scene->story.journal, &all, &sequence);
    if (error != 0)
        return error;
    sequence_append(out, &sequence, scene->width, scene->utf8);
    sequence_free(&sequence);
    return 0;
}

static int draw_hexdump(struct buffer *out, const void *what)
{
    const struct scene *scene = what;
    static const char bytes[] = "\x1b[2J some bytes\xff that take more than one line of sixteen";
    hexdump_append(out, bytes, sizeof bytes, scene->width, scene->utf8);
    return 0;
}

static void draw_everywhere(scarce_make *draw)
{
    static const size_t widths[] = {40, 60, 80, 132};
    struct scene scene;
    set_scene(&scene);
    for (size_t i = 0; i < 2 * sizeof widths / sizeof *widths; i++) {
        scene.width = widths[i / 2];
        scene.utf8 = i % 2 == 0;
        scarce_make_text(draw, &scene);
    }
    journal_free(scene.story.journal);
}

static void call_lines(void **state)
{
    (void)state;
    draw_everywhere(draw_line);
}

static void the_table(void **state)
{
    (void)state;
    draw_everywhere(draw_table);
}

static void the_states(void **state)
{
    (void)state;
    draw_everywhere(draw_states);
}

static void the_stream(void **state)
{
    (void)state;
    draw_everywhere(draw_stream);
}

static void the_sequence(void **state)
{
    (void)state;
    draw_everywhere(draw_sequence);
}

static void the_hexdump(void **state)
{
    (void)state;
    draw_everywhere(draw_hexdump);
}

/* An entry that finds no room counts as one that fell out; those before it stay. */
static void the_journal_keeps_account(void **state)
{
    (void)state;
    for (long left = 0; left < 4; left++) {
        struct story s;
        story_open(&s);
        story_socket(&s, 3);
        scarce_begin(left, true);
        for (int i = 0; i < 20; i++)
            story_send(&s, 3, "some text");
        assert_true(scarce_end());
        assert_int_equal(journal_count(s.journal) + journal_lost(s.journal), 21);
        assert_true(journal_count(s.journal) >= 1);
        story_send(&s, 3, "the last");
        size_t last = journal_count(s.journal) - 1;
        assert_memory_equal(journal_at(s.journal, last)->record.data, "the last", 8);
        journal_free(s.journal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call_lines),
        cmocka_unit_test(the_table),
        cmocka_unit_test(the_states),
        cmocka_unit_test(the_stream),
        cmocka_unit_test(the_sequence),
        cmocka_unit_test(the_hexdump),
        cmocka_unit_test(the_journal_keeps_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
