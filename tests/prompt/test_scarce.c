/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out, and a disk that is full, under the history: an entry is in the file whole
 * or not at all, and those that stood there before stay.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scarce.h"

#include "prompt/prompt.h"

#include <errno.h>
#include <readline/history.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MOST_ALLOCATIONS = 1000 };

static const char entry[] = "for i = 1, 2 do\n  print('an entry of more than one line', i)\nend";

struct place {
    char folder[64], path[128];
};

static int place_open(void **state)
{
    static struct place place;
    strcpy(place.folder, "/tmp/sockrepl-XXXXXX");
    if (!mkdtemp(place.folder))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/history", place.folder);
    *state = &place;
    return 0;
}

static int place_close(void **state)
{
    const struct place *place = *state;
    unlink(place->path);
    return rmdir(place->folder); /* fails where something was left behind */
}

static void take_line(void *owner, const char *text)
{
    (void)owner;
    (void)text;
}

static int start(const char *path, struct prompt **prompt)
{
    static const struct prompt_host host = {take_line, NULL, NULL};
    static struct port out;
    port_init(&out, stdout);
    return prompt_new(NULL, &out, path, &host, prompt);
}

static void number_entry(char text[128], int number)
{
    snprintf(text, 128, "%s -- %d", entry, number);
}

/* The next session has so many entries, numbered, and all are whole. */
static void check_file(const char *path, int count)
{
    char text[128];
    struct prompt *prompt = NULL;
    assert_int_equal(start(path, &prompt), 0);
    assert_int_equal(history_length, count);
    for (int i = 0; i < count; i++) {
        number_entry(text, i);
        assert_string_equal(history_get(history_base + i)->line, text);
    }
    prompt_free(prompt);
}

/* A session that remembers an entry; returns the error of that, or of the session itself. */
static int remember(const char *path, const char *text)
{
    struct prompt *prompt = NULL;
    int error = start(path, &prompt);
    if (error == 0)
        error = prompt_remember(prompt, text);
    prompt_free(prompt);
    return error;
}

static void short_of_memory(void **state)
{
    const struct place *place = *state;
    bool missed = true;
    int remembered = 0;
    for (long left = 0; missed; left++) {
        char text[128];
        number_entry(text, remembered);
        scarce_begin(left / 2, left % 2 == 1);
        int error = remember(place->path, text);
        missed = scarce_end();
        assert_true(error == 0 || (missed && error == ENOMEM));
        remembered += error == 0;
        check_file(place->path, remembered);
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    }
    assert_true(remembered > 0);
}

/* The disk is full after every number of bytes in turn. */
static void short_of_disk(void **state)
{
    const struct place *place = *state;
    struct rlimit before, little;
    struct prompt *prompt = NULL;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (rlim_t room = 0; room < sizeof entry + 12; room++) {
        unlink(place->path);
        assert_int_equal(remember(place->path, "the first"), 0);
        assert_int_equal(start(place->path, &prompt), 0);
        little = before;
        little.rlim_cur = strlen("#1700000000\nthe first\n") + room;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
        int error = prompt_remember(prompt, entry);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_true(error == ENOSPC || error == EFBIG);
        assert_int_equal(prompt_remember(prompt, "b"), 0);
        assert_int_equal(history_length, 3);
        prompt_free(prompt);
        assert_int_equal(start(place->path, &prompt), 0);
        assert_int_equal(history_length, 2);
        assert_string_equal(history_get(history_base + 1)->line, "b");
        prompt_free(prompt);
    }
    signal(SIGXFSZ, handler);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(short_of_memory, place_open, place_close),
        cmocka_unit_test_setup_teardown(short_of_disk, place_open, place_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
