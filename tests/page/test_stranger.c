/* SPDX-License-Identifier: MIT
 *
 * Files of a stranger's: each wrong shape is refused with the name of what is wrong, and whatever
 * bytes stand there, nothing else happens.
 */
#include "page/html.h"
#include "page/json.h"

#include "page/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#define FRAME "{\"format\":\"sockrepl journal\",\"version\":1,\"epoch\":0,\"names\":[\"\",\"\"],"
#define ENTRIES FRAME "\"lost\":0,\"lost_calls\":0,\"entries\":["
#define RECORD ENTRIES "{\"kind\":\"call\",\"record\":{\"call\":\"send\","

/* Of a reason that ends in "..." the rest is left to jansson and to the size of a long. */
static void refuse(const char *text, const char *reason)
{
    size_t length = strlen(reason);
    bool open = length > 3 && strcmp(reason + length - 3, "...") == 0;
    struct journal *journal = NULL;
    struct buffer why = BUFFER_EMPTY;
    int error = json_read_journal(text, strlen(text), &journal, &why);
    if (open)
        assert_memory_equal(buffer_text(&why), reason, length - 3);
    else
        assert_string_equal(buffer_text(&why), reason);
    assert_int_equal(error, EINVAL);
    assert_null(journal);
    buffer_free(&why);
}

static void what_is_no_journal_is_refused(void **state)
{
    (void)state;
    refuse("", "line 1, column ...");
    refuse("{", "line 1, column ...");
    refuse("[]", "this is no journal of sockrepl's");
    refuse("{\"format\":\"other\"}", "this is no journal of sockrepl's");
    refuse("{\"format\":\"sockrepl journal\",\"version\":2}",
           "version 2 of the format is not known here");
    refuse(FRAME "\"lost\":0}", "a member is missing, or one too many");
    refuse(FRAME "\"lost\":0,\"lost_calls\":0,\"entrys\":[]}", "entries: a list is expected");
    refuse(FRAME "\"lost\":-1,\"lost_calls\":0,\"entries\":[]}", "lost: a number from 0 to ...");
    refuse(ENTRIES "],\"epoch\":1}", "line 1, column ..."); /* twice the same member */
}

static void wrong_entries_are_refused_by_place(void **state)
{
    (void)state;
    refuse(ENTRIES "5]}", "entries[0]: an object is expected");
    refuse(ENTRIES "{}]}", "entries[0]: kind is missing");
    refuse(ENTRIES "{\"kind\":\"paused\"},{\"kind\":\"x\\u001b\"}]}",
           "entries[1].kind: there is no \"x\\x1b\"");
    refuse(ENTRIES "{\"kind\":\"typed\"}]}", "entries[0]: text is missing");
    refuse(ENTRIES "{\"kind\":\"typed\",\"text\":\"a\\u0000\"}]}",
           "entries[0].text: a zero byte in a text");
    refuse(ENTRIES "{\"kind\":\"typed\",\"text\":\"\\u0100\"}]}",
           "entries[0].text: a character is no byte: U+0100");
    refuse(ENTRIES "{\"kind\":\"call\"}]}", "entries[0]: a call, and nothing else, has a record");
    refuse(ENTRIES "{\"kind\":\"call\",\"record\":{}}]}", "entries[0]: record.call is missing");
    refuse(ENTRIES "{\"kind\":\"paused\",\"colour\":1}]}",
           "entries[0]: \"colour\" does not belong here");
    refuse(ENTRIES "{\"kind\":\"paused\",\"origin\":2}]}",
           "entries[0].origin: a number from 0 to 1 is expected");
    refuse(ENTRIES "{\"kind\":\"paused\",\"time\":1e300}]}",
           "entries[0].time: a number of seconds is expected");
    refuse(ENTRIES "{\"kind\":\"table\",\"sockets\":[{},{\"fd\":-2}]}]}",
           "entries[0].sockets[1].fd: a number from -1 to 2147483647 is expected");
}

static void wrong_calls_are_refused_by_place(void **state)
{
    (void)state;
    refuse(ENTRIES "{\"kind\":\"call\",\"record\":{\"call\":\"bnd\"}}]}",
           "entries[0].record.call: there is no \"bnd\"");
    refuse(RECORD "\"fd\":\"3\"}}]}",
           "entries[0].record.fd: a number from -1 to 2147483647 is expected");
    refuse(RECORD "\"fd\":3.5}}]}",
           "entries[0].record.fd: a number from -1 to 2147483647 is expected");
    refuse(RECORD "\"family\":\"SOCK_STREAM\"}}]}",
           "entries[0].record.family: \"SOCK_STREAM\" is no constant that belongs here");
    refuse(RECORD "\"error\":[]}}]}",
           "entries[0].record.error: the name of a constant is expected");
    refuse(RECORD "\"flags\":\"MSG_PEEK|\"}}]}",
           "entries[0].record.flags: \"\" is no constant that belongs here");
    refuse(RECORD "\"reset\":1}}]}", "entries[0].record.reset: true or false is expected");
    refuse(RECORD "\"view\":{\"state\":\"OPEN\"}}}]}",
           "entries[0].record.view.state: there is no \"OPEN\"");
    struct buffer text = BUFFER_EMPTY;
    buffer_puts(&text, RECORD "\"data\":\"");
    buffer_fill(&text, 'x', JOURNAL_DATA_LIMIT + 1);
    buffer_puts(&text, "\"}}]}");
    refuse(buffer_text(&text), "entries[0].record.data: at most 1024 bytes are expected");
    buffer_free(&text);
}

static void refuse_address(const char *address, const char *reason)
{
    struct buffer text = BUFFER_EMPTY, expected = BUFFER_EMPTY;
    buffer_printf(&text, RECORD "\"address\":%s}}]}", address);
    buffer_printf(&expected, "entries[0].record.address: %s", reason);
    refuse(buffer_text(&text), buffer_text(&expected));
    buffer_free(&text);
    buffer_free(&expected);
}

static void wrong_addresses_are_refused(void **state)
{
    (void)state;
    refuse_address("\"127.0.0.1:80\"", "an address is expected");
    refuse_address("{}", "the name of a constant is expected");
    refuse_address("{\"family\":0}", "family: there is no such family");
    refuse_address("{\"family\":\"AF_INET\",\"host\":\"localhost\"}",
                   "host: a numeric address of the family is expected");
    refuse_address("{\"family\":\"AF_INET\",\"host\":\"::1\"}",
                   "host: a numeric address of the family is expected");
    refuse_address("{\"family\":\"AF_INET\",\"host\":\"1.2.3.4\",\"port\":65536}",
                   "port: a number from 0 to 65535 is expected");
    refuse_address("{\"family\":\"AF_INET\",\"scope\":1}", "\"scope\" does not belong here");
    refuse_address("{\"family\":\"AF_UNIX\",\"path\":\"a\",\"abstract\":\"b\"}",
                   "a path and an abstract name exclude each other");
    refuse_address("{\"family\":\"AF_UNIX\",\"path\":\"a\\u0000b\"}",
                   "the name is too long, or has a zero byte inside");
    refuse_address("{\"family\":\"AF_UNIX\",\"host path\":\"b\"}",
                   "\"host path\" does not belong here");
    refuse_address("{\"family\":16,\"bytes\":\"0g\"}", "bytes: hexadecimal digits are expected");
    refuse_address("{\"family\":16,\"bytes\":\"abc\"}",
                   "bytes: an address in hexadecimal digits is expected");
}

/* Whatever is read, what was read can be shown. */
static void read_anything(const char *text, size_t length)
{
    struct journal *journal = NULL;
    struct buffer why = BUFFER_EMPTY, page = BUFFER_EMPTY;
    int error = json_read_journal(text, length, &journal, &why);
    assert_true(error == 0 || (error == EINVAL && why.length > 0 && journal == NULL));
    if (error == 0)
        assert_int_equal(html_append(&page, journal, NULL), 0);
    journal_free(journal);
    buffer_free(&why);
    buffer_free(&page);
}

/* A fixed sequence of numbers, so that a failure comes again. */
static unsigned next_number(unsigned *seed)
{
    *seed = *seed * 1103515245U + 12345U;
    return *seed >> 8;
}

static void a_journal_with_changed_bytes_does_no_harm(void **state)
{
    static const char likely[] = "0123456789-\"{}[],:.eEatrfln\\u|";
    struct journal *journal = sample_session("a", SAMPLE_BOTH, 0);
    struct buffer text = BUFFER_EMPTY;
    unsigned seed = 1;
    (void)state;
    json_append_journal(&text, journal);
    for (int turn = 0; turn < 1500; turn++) {
        size_t place = next_number(&seed) % text.length;
        char old = text.data[place];
        text.data[place] = likely[next_number(&seed) % (sizeof likely - 1)];
        read_anything(text.data, text.length);
        text.data[place] = old;
    }
    for (size_t length = 0; length < text.length; length += 97)
        read_anything(text.data, length);
    buffer_free(&text);
    journal_free(journal);
}

static void lists_without_end_are_refused(void **state)
{
    struct buffer text = BUFFER_EMPTY;
    (void)state;
    buffer_fill(&text, '[', 100000);
    refuse(buffer_text(&text), "line 1, column ...");
    buffer_free(&text);
}

static void a_page_is_searched_within_its_bounds(void **state)
{
    static const char opens[] = "<script type=\"application/json\" id=\"journal\">";
    char *page = malloc(sizeof opens + 20); /* of the exact size, for the sanitizer */
    const char *json;
    size_t length;
    (void)state;
    assert_non_null(page);
    memcpy(page, opens, sizeof opens - 1);
    memcpy(page + sizeof opens - 1, "\0{}</script", 11);
    assert_false(html_find_journal(page, 0, &json, &length));
    for (size_t i = 1; i < sizeof opens + 10; i++)
        assert_false(html_find_journal(page, i, &json, &length));
    page[sizeof opens + 10] = '>';
    assert_true(html_find_journal(page, sizeof opens + 11, &json, &length));
    assert_int_equal(length, 3);
    assert_memory_equal(json, "\0{}", 3);
    free(page);
}

/* A page says when it was recorded. A journal may say that this was at no time that there is: such
 * a number, made a time_t, is whatever the processor likes. */
static void times_beyond_all_calendars_are_left_out(void **state)
{
    static const double epochs[] = {1e308,       -1e308,          1e18, 253402300800.0, -100,
                                    (double)NAN, (double)INFINITY};
    (void)state;
    for (size_t i = 0; i < sizeof epochs / sizeof *epochs; i++) {
        struct journal *journal = sample_session("a", SAMPLE_BOTH, 0);
        struct buffer page = BUFFER_EMPTY;
        journal_set_epoch(journal, epochs[i] - 1000);
        assert_int_equal(html_append(&page, journal, NULL), 0);
        if (strstr(buffer_text(&page), ", recorded ") != NULL)
            fail_msg("%g: %.60s", epochs[i], strstr(buffer_text(&page), ", recorded "));
        journal_set_epoch(journal, 1700000000);
        buffer_clear(&page);
        assert_int_equal(html_append(&page, journal, NULL), 0);
        assert_non_null(strstr(buffer_text(&page), ", recorded 2023-11-14"));
        buffer_free(&page);
        journal_free(journal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_journal_is_refused),
        cmocka_unit_test(wrong_entries_are_refused_by_place),
        cmocka_unit_test(wrong_calls_are_refused_by_place),
        cmocka_unit_test(wrong_addresses_are_refused),
        cmocka_unit_test(a_journal_with_changed_bytes_does_no_harm),
        cmocka_unit_test(lists_without_end_are_refused),
        cmocka_unit_test(a_page_is_searched_within_its_bounds),
        cmocka_unit_test(times_beyond_all_calendars_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
