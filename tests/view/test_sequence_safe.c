/* SPDX-License-Identifier: MIT
 *
 * Whatever a peer, a path, a task or a file of another shell holds, the picture is fit for a
 * terminal and no line of it is too wide; and journals of random calls, which the sanitizers watch.
 */
#include "view/story.h"

#include <math.h>

static void expect_fit(struct story *s)
{
    static const size_t widths[] = {40, 71, 72, 80, 120};
    const struct sequence_request all = {0};
    struct buffer out = BUFFER_EMPTY;
    for (size_t i = 0; i < 2 * sizeof widths / sizeof *widths; i++) {
        buffer_clear(&out);
        story_append(s, &all, widths[i / 2], i % 2 == 0, &out);
        story_check_lines(&out, 0, widths[i / 2]);
    }
    buffer_free(&out);
}

/* Rows are for others to draw, too. */
static void expect_rows_fit(struct story *s)
{
    const struct sequence_request all = {0};
    struct sequence sequence;
    assert_int_equal(sequence_build(s->journal, &all, &sequence), 0);
    assert_true(sequence.count > 0);
    for (size_t i = 0; i < sequence.count; i++) {
        const struct sequence_row *row = &sequence.rows[i];
        const char *texts[] = {row->text, row->task, row->note[0], row->note[1]};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            struct buffer line = BUFFER_EMPTY;
            buffer_puts(&line, texts[k] != NULL ? texts[k] : "");
            buffer_putc(&line, '\n');
            story_check_lines(&line, 0, SIZE_MAX);
            buffer_free(&line);
        }
        assert_true(i == 0 || row->time >= sequence.rows[i - 1].time);
        assert_true(row->conversation <= sequence.conversations);
    }
    sequence_free(&sequence);
}

static void tell_everywhere(struct story *s, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/%s", text);
    s->task = text;
    journal_set_name(s->journal, 0, text);
    story_server(s, 3, 8080);
    story_accept(s, 3, 4, 8080, 40000);
    story_recv(s, 4, text);
    story_send(s, 4, text);
    story_tell(
        s,
        (struct net_record){
            .call = NET_GETADDRINFO, .fd = -1, .error = EAI_NONAME, .host = text, .service = text});
    story_socket_of(s, 5, AF_UNIX, SOCK_STREAM);
    story_tell(s, (struct net_record){.call = NET_CONNECT, .fd = 5, .address = story_path(path)});
    story_tell(s,
               (struct net_record){
                   .call = NET_GETSOCKNAME, .fd = 5, .error = EBADF, .address = story_path(path)});
    s->origin = 1;
    story_socket(s, 6);
    expect_fit(s);
    expect_rows_fit(s);
    journal_free(s->journal);
}

static void every_byte(void **state)
{
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        const char text[] = {(char)byte, '0', (char)byte, '\0'};
        struct story s;
        story_open(&s);
        tell_everywhere(&s, text);
    }
}

static void what_terminals_obey(void **state)
{
    static const char *const texts[] = {
        "\x1b]52;c;cm0gLXJmIH4=\x07",
        "\x1b]0;title\x07",
        "\x1b[2J\x1b[H",
        "\x1b[31mred",
        "\302\23331m",
        "\u202etxt.exe",
        "\xe2\x80\x8b",
        "a\r\nb\x08\x7f",
        "\x1b]8;;http://x\x1b\\",
        "</script><b>&amp;",
        "\xf0\x9f\x98\x80\xe4\xb8\xad",
        "\"quoted\" = \\",
        "] send(3, \"x\") = 1",
        "\xc0\xaf\xed\xa0\x80",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct story s;
        story_open(&s);
        tell_everywhere(&s, texts[i]);
    }
}

/* A zero byte, too, which no C string has. */
static void a_zero_byte(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_accept(&s, 3, 4, 8080, 40000);
    story_tell(&s, (struct net_record){.call = NET_RECV,
                                       .fd = 4,
                                       .result = 3,
                                       .data = "\0a\0",
                                       .data_length = 3,
                                       .size = 100});
    struct buffer out = BUFFER_EMPTY;
    const struct sequence_request all = {0};
    story_append(&s, &all, 80, false, &out);
    assert_non_null(strstr(out.data, "recv(4, 100) = \"\\0a\\0\""));
    buffer_free(&out);
    journal_free(s.journal);
}

/* xorshift32, from a seed that stands in the test: a failure can be had again. */
static uint32_t draw(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static struct net_address draw_address(uint32_t *seed)
{
    static const char *const hosts[] = {"127.0.0.1", "0.0.0.0", "::1", "192.0.2.1"};
    struct net_address none = {0};
    if (draw(seed) % 4 == 0)
        return none;
    if (draw(seed) % 8 == 0)
        return story_path(draw(seed) % 2 == 0 ? "/tmp/x" : "");
    return story_host(hosts[draw(seed) % 4], (int)(draw(seed) % 4));
}

static struct net_record draw_record(uint32_t *seed)
{
    static const int errors[] = {0,     0,     0,     0,         EAGAIN,      ECONNRESET,
                                 EPIPE, EINTR, EBADF, ETIMEDOUT, EINPROGRESS, ECONNREFUSED};
    static const int types[] = {SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, 77};
    static const int families[] = {AF_INET, AF_INET, AF_INET6, AF_UNIX, 0};
    struct net_record r = {.call = (enum net_call)(draw(seed) % NET_CALL_COUNT)};
    r.serial = draw(seed) % 8;
    r.fd = (int)r.serial;
    r.made[0] = draw(seed) % 8;
    r.made[1] = draw(seed) % 8;
    r.reached = draw(seed) % 8;
    r.error = errors[draw(seed) % (sizeof errors / sizeof *errors)];
    r.result = r.error != 0 ? -1 : (long)(draw(seed) % 4) - (draw(seed) % 16 == 0);
    r.family = families[draw(seed) % 5];
    r.type = types[draw(seed) % 5];
    r.protocol = (int)(draw(seed) % 3) * 3;
    r.how = (int)(draw(seed) % 3);
    r.flags = draw(seed) % 4 == 0 ? MSG_PEEK : 0;
    r.reset = draw(seed) % 4 == 0;
    r.size = draw(seed) % 8;
    r.came = draw(seed) % 8 == 0 ? draw(seed) % 8 : 0;
    r.address = draw_address(seed);
    r.end = (double)(draw(seed) % 100);
    r.start = draw(seed) % 4 == 0 ? r.end - (double)(draw(seed) % 4) : r.end;
    return r;
}

static void add_random(struct story *s, uint32_t *seed)
{
    struct net_record r = draw_record(seed);
    struct net_view view = {.state = (enum net_tcp_state)(draw(seed) % (NET_TCP_CLOSING + 1)),
                            .local = draw_address(seed),
                            .peer = draw_address(seed),
                            .queued = (long)(draw(seed) % 4) - 1,
                            .queue_limit = (long)(draw(seed) % 4) - 1};
    if (draw(seed) % 2 == 0)
        r.view = r.reached_view = &view;
    struct journal_entry entry = {.kind = draw(seed) % 16 == 0 ? JOURNAL_PAUSED : JOURNAL_CALL,
                                  .origin = draw(seed) % JOURNAL_ORIGINS,
                                  .time = draw(seed) % 32 == 0 ? (double)NAN : r.end,
                                  .record = r};
    journal_add(s->journal, &entry);
}

static void random_calls(void **state)
{
    uint32_t seed = 20240229;
    (void)state;
    for (int round = 0; round < 400; round++) {
        struct story s;
        story_open(&s);
        for (uint32_t left = draw(&seed) % 60; left > 0; left--)
            add_random(&s, &seed);
        expect_fit(&s);
        const struct sequence_request one = {
            .origin = draw(&seed) % 2, .serial = draw(&seed) % 8, .from = draw(&seed) % 8};
        struct buffer out = BUFFER_EMPTY;
        story_append(&s, &one, 80, true, &out);
        story_check_lines(&out, 0, 80);
        buffer_free(&out);
        journal_free(s.journal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte),
        cmocka_unit_test(what_terminals_obey),
        cmocka_unit_test(a_zero_byte),
        cmocka_unit_test(random_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
