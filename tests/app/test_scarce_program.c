/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out while the program does one of its errands: it says so, ends with a status
 * that tells, and leaves no file half written.
 */
#include "play.h"

static const char lesson[] = "--: title Small\n--: about this and that\n--# One\n-- A step.\n"
                             "s = socket()\n--# Two\n--q Which?  A | B\n--a B\n-- Why.\n"
                             "--# Three\n--? think\n--= x == 4\n--+ x = 2 + 2\n"
                             "--x x = 3 -- not so\nx = 4\n--# Four\n--! ECONNREFUSED\n"
                             "connect(s, \"127.0.0.1\", 9)\n--# Five\nclose(s)\n";

static void write_lesson(void)
{
    play_write_file("small.lua", lesson);
}

/* Of the above what is proved without waiting: that a wrong answer stays wrong takes a second. */
static void write_quick_lesson(void)
{
    play_write_file("small.lua", "--: title Small\n--# One\ns = socket()\n--# Two\n"
                                 "--= x == 4\n--+ x = 2 + 2\nx = 4\n--# Three\n"
                                 "--! ECONNREFUSED\nconnect(s, \"127.0.0.1\", 9)\n");
}

static void write_lessons(void)
{
    assert_int_equal(mkdir("lessons", 0700), 0);
    play_write_file("lessons/03_small.lua", lesson);
    play_write_file("lessons/04_wrong.lua", "--: title Wrong\n--@ what\n");
}

static void a_piece_of_code(void **state)
{
    (void)state;
    play_as_memory_runs_out(&(struct play){.arguments = {"-e", "print(1, 'two', socket())"}});
}

static void a_script_with_an_error(void **state)
{
    (void)state;
    play_as_memory_runs_out(&(struct play){
        .arguments = {"--trace", "-"},
        .typed = "local t = spawn(function() sleep(0) error('in a task') end)\n"
                 "local s = socket() print(s, pcall(wait, t)) io.write('text', 1, '\\n')\n"
                 "local function f() connect(s, '127.0.0.1', 9) end\nf()\n",
        .before = ""});
}

static void a_lesson_that_plays_itself(void **state)
{
    (void)state;
    play_as_memory_runs_out(
        &(struct play){.arguments = {"--auto", "small.lua"}, .prepare = write_lesson});
}

static void a_lesson_that_is_checked(void **state)
{
    (void)state;
    play_as_memory_runs_out(
        &(struct play){.arguments = {"--check", "small.lua"}, .prepare = write_quick_lesson});
}

static void lessons_that_are_listed(void **state)
{
    (void)state;
    play_as_memory_runs_out(&(struct play){.arguments = {"--lessons"}, .prepare = write_lessons});
}

static void a_lesson_by_its_name(void **state)
{
    (void)state;
    play_as_memory_runs_out(
        &(struct play){.arguments = {"--lesson", "small"}, .prepare = write_lessons});
}

static void check_new_lesson(bool same)
{
    char text[PLAY_TEXT];
    play_read_file("mine.lua", text);
    if (same)
        assert_string_equal(text + strlen(text) - 9, "close(s)\n");
    else
        assert_int_equal(access("mine.lua", F_OK), -1);
    assert_int_equal(play_count_files(), same);
}

static void a_lesson_that_is_begun(void **state)
{
    (void)state;
    play_as_memory_runs_out(
        &(struct play){.arguments = {"--new", "mine"}, .check = check_new_lesson});
}

static void a_script_of_python(void **state)
{
    static const char text[] = "import socket\ns = socket.socket()\ns.bind(('', 12345))\n"
                               "while True:\n    c, addr = s.accept()\n    c.close()\n";
    (void)state;
    play_as_memory_runs_out(&(struct play){.arguments = {"--from-python", "-"}, .typed = text});
}

static void check_merged(bool same)
{
    char text[PLAY_TEXT];
    assert_int_equal(play_count_files(), same);
    if (same)
        assert_non_null(strstr(play_read_file("both.html", text), "<html"));
}

/* By a program that has memory. */
static void export_page(const char *code)
{
    static struct play_end end;
    play_run(&(struct play){.arguments = {"-"}}, code, PLAY_MANY, false, &end);
    assert_int_equal(end.status, 0);
}

static void pages_that_are_merged(void **state)
{
    (void)state;
    export_page("trace(true) a, b = socketpair() a:send('x') b:recv() export '../a.html'\n");
    export_page("trace(true) s = socket() s:bind('127.0.0.1', 0) export '../b.html'\n");
    play_as_memory_runs_out(
        &(struct play){.arguments = {"--merge", "../a.html", "../b.html", "-o", "both.html"},
                       .check = check_merged});
}

int __wrap_main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_of_code),
        cmocka_unit_test(a_script_with_an_error),
        cmocka_unit_test(a_lesson_that_plays_itself),
        cmocka_unit_test(a_lesson_that_is_checked),
        cmocka_unit_test(lessons_that_are_listed),
        cmocka_unit_test(a_lesson_by_its_name),
        cmocka_unit_test(a_lesson_that_is_begun),
        cmocka_unit_test(a_script_of_python),
        cmocka_unit_test(pages_that_are_merged),
    };
    (void)argc;
    (void)argv;
    return cmocka_run_group_tests(tests, play_open_folder, play_close_folder);
}
