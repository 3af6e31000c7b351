/* SPDX-License-Identifier: MIT
 *
 * A clock that jumps under the history. Entries bear the time at which they were made, and a line
 * is such a time by its number of digits: on a machine without a battery, which wakes up in 1970,
 * the stamps were too short and came back as entries of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "prompt/prompt.h"

#include <readline/history.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static time_t now;

/* In the place of the C library's. */
time_t time(time_t *also)
{
    if (also)
        *also = now;
    return now;
}

static void take_line(void *owner, const char *text)
{
    (void)owner;
    (void)text;
}

static struct prompt *start(const char *path)
{
    static const struct prompt_host host = {take_line, NULL, NULL};
    static struct port out;
    struct prompt *prompt = NULL;
    port_init(&out, stdout);
    assert_int_equal(prompt_new(NULL, &out, path, &host, &prompt), 0);
    return prompt;
}

static void entries_come_back_whole_and_in_order(void **state)
{
    static const time_t times[] = {1700000000, 0, 59, -1, -86400, 99999999999, 9999999999L, 1};
    enum { COUNT = sizeof times / sizeof *times };
    char folder[] = "/tmp/sockrepl-XXXXXX", path[64], text[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/history", folder);
    struct prompt *prompt = start(path);
    for (int i = 0; i < COUNT; i++) {
        now = times[i];
        snprintf(text, sizeof text, "for i = 1, %d do\n\nend", i);
        assert_int_equal(prompt_remember(prompt, text), 0);
    }
    prompt_free(prompt);
    prompt = start(path);
    assert_int_equal(history_length, COUNT);
    for (int i = 0; i < COUNT; i++) {
        snprintf(text, sizeof text, "for i = 1, %d do\n\nend", i);
        assert_string_equal(history_get(history_base + i)->line, text);
    }
    prompt_free(prompt);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_back_whole_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
