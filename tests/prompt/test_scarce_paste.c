/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out under a paste: it is there whole, or it is said that it is not, and what is
 * typed behind it is a line of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scarce.h"

#include "prompt/prompt.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BEGIN "\033[200~"
#define END "\033[201~"
#define TYPED "after"

enum { ROOM = 8192, MOST_ALLOCATIONS = 100 };

/* More than a buffer begins with, so that it has to grow several times. */
static const char line[] = "a line of what is pasted; ";
enum { LINES = 40 };

struct desk {
    struct loop *loop;
    struct port out;
    struct prompt *prompt;
    int keys; /* where a test types */
    char pasted[ROOM], heard[ROOM + sizeof TYPED];
};

static void take_line(void *owner, const char *text)
{
    struct desk *desk = owner;
    assert_non_null(text);
    assert_true(strlen(text) < sizeof desk->heard);
    strcpy(desk->heard, text);
}

static int desk_open(void **state)
{
    static struct desk desk;
    int ends[2];
    port_init(&desk.out, tmpfile());
    for (int i = 0; i < LINES; i++)
        strcat(desk.pasted, line);
    *state = &desk;
    if (desk.out.file == NULL || pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0)
        return -1;
    desk.keys = ends[1];
    return close(ends[0]) + loop_new(&desk.loop);
}

static int desk_close(void **state)
{
    struct desk *desk = *state;
    loop_free(desk->loop);
    fclose(desk->out.file);
    return close(desk->keys);
}

static int count_waiting(void)
{
    int count = 0;
    assert_int_equal(ioctl(STDIN_FILENO, FIONREAD, &count), 0);
    return count;
}

/* Types, and lets the prompt take it. */
static void types(struct desk *desk, const char *keys)
{
    const size_t length = strlen(keys);
    assert_int_equal(write(desk->keys, keys, length), (ssize_t)length);
    while (count_waiting() > 0)
        assert_int_equal(loop_turn(desk->loop, 0), 0);
}

static bool says_so(struct desk *desk)
{
    char text[ROOM] = "";
    assert_int_equal(port_flush(&desk->out), 0);
    rewind(desk->out.file);
    text[fread(text, 1, sizeof text - 1, desk->out.file)] = '\0';
    return strstr(text, "not enough memory") != NULL;
}

/* Pastes while so many allocations succeed; returns whether one did not. */
static bool pastes(struct desk *desk, long left, bool stays)
{
    const struct prompt_host host = {take_line, NULL, desk};
    char whole[ROOM + sizeof TYPED];
    desk->heard[0] = '\0';
    rewind(desk->out.file);
    assert_int_equal(ftruncate(fileno(desk->out.file), 0), 0);
    assert_int_equal(prompt_new(desk->loop, &desk->out, NULL, &host, &desk->prompt), 0);
    assert_int_equal(prompt_show(desk->prompt, "sock> ", NULL), 0);
    types(desk, BEGIN);
    scarce_begin(left, stays);
    types(desk, desk->pasted);
    types(desk, END);
    const bool missed = scarce_end();
    types(desk, TYPED "\n");
    prompt_free(desk->prompt);
    snprintf(whole, sizeof whole, "%s" TYPED, desk->pasted);
    if (says_so(desk) && missed)
        assert_string_equal(desk->heard, TYPED);
    else
        assert_string_equal(desk->heard, whole);
    return missed;
}

/* Its end was looked for in the text, which had lost it: the prompt took all keys for the paste's,
 * and only Ctrl-C led out. */
static void short_of_memory(void **state)
{
    long left = 0;
    while (pastes(*state, left / 2, left % 2 == 1))
        assert_in_range(++left, 0, MOST_ALLOCATIONS);
    assert_true(left > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(short_of_memory, desk_open, desk_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
