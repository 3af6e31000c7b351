/* SPDX-License-Identifier: MIT
 *
 * Nothing in a record reaches a terminal raw: every byte value, and records of random content,
 * which the sanitizers watch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "net/record.h"
#include "view/line.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void expect_fit_for_a_terminal(const struct buffer *out)
{
    assert_false(out->failed);
    assert_true(out->length > 0 && out->length < 16384);
    for (size_t at = 0; at < out->length;) {
        uint32_t code = 0;
        size_t size = text_decode(out->data + at, out->length - at, &code);
        assert_true(size > 0);
        assert_true(text_is_printable(code));
        at += size;
    }
}

static void every_byte_is_fit_for_a_terminal(void **state)
{
    struct net_record r;
    (void)state;
    memset(&r, 0, sizeof r);
    r.size = 2;
    for (int byte = 0; byte < 256; byte++) {
        struct buffer out = BUFFER_EMPTY;
        const char data[2] = {(char)byte, '0'};
        const char text[2] = {(char)byte, '\0'};
        r.data = data;
        r.data_length = sizeof data;
        r.task = r.host = r.service = text;
        for (int call = 0; call < NET_CALL_COUNT; call++) {
            r.call = (enum net_call)call;
            buffer_clear(&out);
            line_append(&out, &r);
            expect_fit_for_a_terminal(&out);
        }
        buffer_free(&out);
    }
}

/* xorshift32, from a seed that stands in the test: a failure can be had again. */
static uint32_t draw(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* A small number, any number, or a number that something is called by. */
static int draw_int(uint32_t *seed)
{
    static const int known[] = {0, 1, -1, AF_INET, AF_INET6, AF_UNIX, SOCK_STREAM, IPPROTO_IPV6};
    switch (draw(seed) % 3) {
    case 0:
        return known[draw(seed) % (sizeof known / sizeof known[0])];
    case 1:
        return (int)(draw(seed) % 80);
    default:
        return (int)draw(seed);
    }
}

static void draw_bytes(uint32_t *seed, void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)(draw(seed) >> 8);
}

static const char *draw_text(uint32_t *seed, char *room, size_t size)
{
    size_t length = draw(seed) % size;
    draw_bytes(seed, room, length);
    room[length] = '\0';
    return draw(seed) % 8 == 0 ? NULL : room;
}

struct texts {
    char host[64], service[64], task[64];
};

static void draw_record(uint32_t *seed, struct net_record *r, struct texts *texts)
{
    memset(r, 0, sizeof *r);
    r->call = (enum net_call)(draw(seed) % NET_CALL_COUNT);
    r->fd = draw_int(seed);
    r->result = draw(seed) % 2 ? draw_int(seed) : (long)(draw(seed) % 100);
    r->error = draw(seed) % 2 ? draw_int(seed) : 0;
    r->family = draw_int(seed);
    r->type = draw_int(seed);
    r->protocol = draw_int(seed);
    r->second_fd = draw_int(seed);
    r->backlog = draw_int(seed);
    r->how = draw_int(seed);
    r->level = draw_int(seed);
    r->option = draw_int(seed);
    r->flags = draw_int(seed);
    r->size = draw(seed) % 2 ? draw(seed) % 100 : SIZE_MAX - draw(seed) % 2;
    draw_bytes(seed, &r->address.u, sizeof r->address.u);
    r->address.u.any.sa_family = (sa_family_t)draw_int(seed);
    r->address.length = draw(seed) % 2 ? draw(seed) % sizeof r->address.u : draw(seed);
    r->host = draw_text(seed, texts->host, sizeof texts->host);
    r->service = draw_text(seed, texts->service, sizeof texts->service);
    r->task = draw_text(seed, texts->task, sizeof texts->task);
}

/* The data stands in memory of exactly its size, so that the sanitizer sees one byte too many. */
static void random_records_are_fit_for_a_terminal(void **state)
{
    uint32_t seed = 20240229;
    struct buffer out = BUFFER_EMPTY;
    (void)state;
    for (int round = 0; round < 30000; round++) {
        static const size_t lengths[] = {0, 1, 4, 8, 12, 16, 20};
        struct net_record r;
        struct texts texts;
        draw_record(&seed, &r, &texts);
        size_t length = draw(&seed) % 2 ? lengths[draw(&seed) % 7] : draw(&seed) % 300;
        char *data = malloc(length ? length : 1);
        assert_non_null(data);
        draw_bytes(&seed, data, length);
        if (draw(&seed) % 8 != 0) {
            r.data = data;
            r.data_length = length;
        }
        buffer_clear(&out);
        line_append(&out, &r);
        expect_fit_for_a_terminal(&out);
        free(data);
    }
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_is_fit_for_a_terminal),
        cmocka_unit_test(random_records_are_fit_for_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
