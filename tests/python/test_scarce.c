/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out while Python is translated: what comes is the whole translation, or nothing
 * that anybody would run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scarce.h"

#include "python/python.h"

#include <string.h>

enum { MOST_ALLOCATIONS = 20000 };

struct translation {
    int verdict;
    struct buffer lua, note;
};

typedef int translate(const char *text, struct buffer *lua, struct buffer *note);

static int translate_entry(const char *text, struct buffer *lua, struct buffer *note)
{
    return (int)python_translate(text, lua, note);
}

static int translate_script(const char *text, struct buffer *lua, struct buffer *note)
{
    return python_translate_script(text, lua, note);
}

static int translate_call(const char *text, struct buffer *lua, struct buffer *note)
{
    return python_translate_call(text, lua, note);
}

static void drop(struct translation *t)
{
    buffer_free(&t->lua);
    buffer_free(&t->note);
}

/* Returns whether no allocation was missed. */
static bool translate_short(translate *how, const char *text, long left, bool stays,
                            const struct translation *whole)
{
    struct translation t = {0, BUFFER_EMPTY, BUFFER_EMPTY};
    scarce_begin(left, stays);
    t.verdict = how(text, &t.lua, &t.note);
    bool missed = scarce_end();
    bool told = t.lua.failed || t.note.failed || strstr(buffer_text(&t.note), "memory") != NULL;
    if (!told)
        assert_string_equal(buffer_text(&t.lua), buffer_text(&whole->lua));
    if (!missed || !told) {
        assert_int_equal(t.verdict, whole->verdict);
        assert_string_equal(buffer_text(&t.note), buffer_text(&whole->note));
    }
    drop(&t);
    return !missed;
}

static void translate_as_memory_grows(translate *how, const char *text)
{
    struct translation whole = {0, BUFFER_EMPTY, BUFFER_EMPTY};
    whole.verdict = how(text, &whole.lua, &whole.note);
    if (whole.lua.length == 0)
        fail_msg("not translated: %s", text);
    assert_false(translate_short(how, text, 0, false, &whole));
    for (long left = 0; !translate_short(how, text, left / 2, left % 2 == 1, &whole); left++)
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    drop(&whole);
}

static void lines(void **state)
{
    static const char *const texts[] = {
        "s.bind(('', 12345))",
        "print 'Got connection from', addr",
        "print(\"Socket binded to %s\" % (port))",
        "c, addr = s.accept() # Establish connection with client.",
        "print(f'{addr}: {port}')",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        translate_as_memory_grows(translate_entry, texts[i]);
}

static void blocks_and_scripts(void **state)
{
    static const char text[] = "import socket\n"
                               "s = socket.socket()\n"
                               "s.bind(('', 12345))\n"
                               "s.listen(5)\n"
                               "while True:\n"
                               "    c, addr = s.accept()\n"
                               "    try:\n"
                               "        print('Got connection from', addr)\n"
                               "        c.send('Thank you'.encode())\n"
                               "    finally:\n"
                               "        c.close()\n"
                               "    break\n"
                               "\n";
    (void)state;
    translate_as_memory_grows(translate_entry, strstr(text, "while"));
    translate_as_memory_grows(translate_script, text);
}

static void calls_that_are_lua_as_well(void **state)
{
    (void)state;
    translate_as_memory_grows(translate_call, "s.listen(5)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(blocks_and_scripts),
        cmocka_unit_test(calls_that_are_lua_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
