/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out while somebody types: the prompt comes back with everything that was open,
 * and history, progress and saved files are whole. Each play ends by a line that runs once memory
 * suffices again, where one allocation alone was denied.
 */
#include "play.h"

#define PROMPT                                                                                     \
    {                                                                                              \
        "-i", "-n"                                                                                 \
    }

/* What all of these begin with. */
#define BEFORE "s = socket()\n"

static void entries(void **state)
{
    (void)state;
    play_as_memory_runs_out(&(struct play){
        .arguments = PROMPT,
        .before = BEFORE,
        .typed = BEFORE "1 + 1\n{1, 'two', s}\nfor i = 1, 2 do\n  print(i)\nend\n"
                        "s:bnd()\nconnect(s, '127.0.0.1', 9)\nbind(s, {'127.0.0.1', 'x'})\n"
                        "t = spawn(function() error('in a task') end) sleep(0)\nlocal x = 1\n"
                        "x = = 1\n"});
}

static void python(void **state)
{
    (void)state;
    play_as_memory_runs_out(&(struct play){.arguments = PROMPT,
                                           .before = BEFORE,
                                           .typed = BEFORE "s.bind(('', 0))\n"
                                                           "print('%s' % 1)\n"
                                                           "while True:\n    s.accept()\n\n"
                                                           "import socket\n"});
}

static void words(void **state)
{
    (void)state;
    play_as_memory_runs_out(
        &(struct play){.arguments = PROMPT,
                       .before = BEFORE,
                       .typed = BEFORE "help\nhelp bind\nhelp(SO_)\nhelp('SO_')\nhelp 'nothing'\n"
                                       ".help\n.nothing\n.lessons\n.hint\nsockets()\ndiagram()\n"});
}

/* Files. */

static void write_script(void)
{
    play_write_file("a.lua", "print('a script') x = 2\n");
    play_write_file("editor", "#!/bin/sh\necho 'y = 4' > \"$1\"\n");
    assert_int_equal(chmod("editor", 0700), 0);
    assert_int_equal(setenv("EDITOR", "./editor", 1), 0);
    assert_int_equal(mkdir("tmp", 0700), 0);
    assert_int_equal(setenv("TMPDIR", "/proc/self/cwd/tmp", 1), 0);
}

/* Tab. */

#define DROP "\025"  /* Ctrl-U */
#define LEAVE "\004" /* Ctrl-D */

static const char *const tabbed[] = {"getsockname  getsockopt\nsock> getsock",
                                     "bind(s, host, port) -- ",
                                     "> close(s",
                                     "SO_REUSEADDR",
                                     "s:getsock",
                                     "('x'):upper(",
                                     "string.upper(",
                                     "json.dumps(",
                                     ".run a.lua",
                                     "io.open('a.lua'",
                                     "  ..> close(s"};

/* Of two candidates one alone would be taken for the only one. */
static void check_tabs(bool same)
{
    char text[PLAY_TEXT];
    play_read_file("../out", text);
    assert_null(strstr(text, "getsockname("));
    assert_null(strstr(text, "getsockopt("));
    for (size_t i = 0; same && i < sizeof tabbed / sizeof *tabbed; i++)
        assert_non_null(strstr(text, tabbed[i]));
}

static void tabs(void **state)
{
    (void)state;
    play_as_memory_runs_out(&(struct play){
        .arguments = PROMPT,
        .before = BEFORE LEAVE,
        .typed = BEFORE "getso\t" DROP "help getso\t" DROP "bind(s, \t" DROP "close(\t" DROP
                        "setsockopt(s, SOL_SOCKET, SO_REUSEA\t" DROP "s:getso\t" DROP
                        "('x'):up\t" DROP "string.up\t" DROP "json.du\t" DROP ".run a.l\t" DROP
                        "io.open('a.l\t" DROP "x = {\nclose(\t" DROP "}\n" LEAVE,
        .prepare = write_script,
        .check = check_tabs,
        .keys = true});
}

/* What is saved, run and edited. */

/* Whole, or not there, or it says what is missing. */
static void check_saved(const char *name, const char *text)
{
    char saved[PLAY_TEXT];
    play_read_file(name, saved);
    if (access(name, F_OK) == 0 && strstr(saved, "missing") == NULL)
        assert_string_equal(saved, text);
}

static void check_folder(bool same)
{
    (void)same;
    check_saved("notes.lua", BEFORE "x = 1\n");
    assert_int_equal(rmdir("tmp"), 0); /* fails where the editor's file was left behind */
}

static void files(void **state)
{
    (void)state;
    play_as_memory_runs_out(&(struct play){
        .arguments = PROMPT,
        .before = BEFORE,
        .typed = BEFORE "x = 1\n.save notes.lua\n.save notes.md\n.save notes.md\n.run a.lua\n"
                        ".run ~/none.lua\nx = 3\n.edit\n\n",
        .prepare = write_script,
        .check = check_folder});
}

/* Progress, and the history. */

static const char lesson[] = "--: title Small\n--# One\n-- A step.\na = socket()\n--# Two\n"
                             "--? think\n--= x == 4\n--x x = 3 -- not so\nx = 4\n"
                             "--# Three\nclose(a)\n";

static const char history[] = "#1700000000\nprint('long ago')\n";

/* Two of three steps were done on another day. */
static const char progress[] = "sockrepl progress 1\nlesson %016llx 3\nstep 1 done\n"
                               "ran \"a = socket()\"\nstep 2 skipped\nran \"x = 4\"\nhere 3\nend\n";

static unsigned long long hash_of(const char *text)
{
    unsigned long long hash = 0xcbf29ce484222325U;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
    return hash;
}

static void write_lesson(void)
{
    play_write_file("small.lua", lesson);
    assert_int_equal(mkdir("state", 0700), 0);
    assert_int_equal(mkdir("state/sockrepl", 0700), 0);
    assert_int_equal(mkdir("state/sockrepl/lessons", 0700), 0);
    play_write_file("state/sockrepl/history", history);
}

static void write_progress(void)
{
    char text[512];
    write_lesson();
    snprintf(text, sizeof text, progress, hash_of(lesson));
    play_write_file("state/sockrepl/lessons/small", text);
}

static void assert_ends(const char *text, const char *end)
{
    assert_true(strlen(text) >= strlen(end));
    assert_string_equal(text + strlen(text) - strlen(end), end);
}

/* Nothing stands beside the files, what was in the history is there, and progress has its end. */
static void check_state(bool same)
{
    char text[PLAY_TEXT];
    (void)same;
    play_read_file("state/sockrepl/history", text);
    assert_int_equal(strncmp(text, history, sizeof history - 1), 0);
    assert_int_equal(text[strlen(text) - 1], '\n');
    assert_int_equal(chdir("state/sockrepl"), 0);
    assert_int_equal(play_count_files(), 2);
    assert_int_equal(chdir("lessons"), 0);
    assert_in_range(play_count_files(), 0, 1);
    if (play_count_files() == 1)
        assert_ends(play_read_file("small", text), "\nend\n");
    assert_int_equal(chdir("../../.."), 0);
}

static void a_lesson(void **state)
{
    (void)state;
    play_as_memory_runs_out(&(struct play){
        .arguments = PROMPT,
        .before = BEFORE,
        .typed = BEFORE ".lesson ./small.lua\na = socket()\nx = 3\n.hint\n\n.skip\n.back\n"
                        ".steps\n.save notes.md\nx = 4\nclose(a)\n",
        .prepare = write_lesson,
        .check = check_state});
}

/* What was done on that day is still known, whatever happens on this one. */
static void check_progress(bool same)
{
    char text[PLAY_TEXT];
    check_state(same);
    play_read_file("state/sockrepl/lessons/small", text);
    assert_non_null(strstr(text, "\nstep 1 done\nran \"a = socket()\"\nstep 2 skipped\n"));
}

/* The lesson began anew where there was no memory to read its progress, and wrote over it. */
static void a_lesson_on_another_day(void **state)
{
    (void)state;
    play_as_memory_runs_out(&(struct play){.arguments = PROMPT,
                                           .before = BEFORE,
                                           .typed = BEFORE ".lesson ./small.lua\n\n.read 1\n"
                                                           "close(a)\n.lesson nothing\n",
                                           .prepare = write_progress,
                                           .check = check_progress});
}

int __wrap_main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries),
        cmocka_unit_test(python),
        cmocka_unit_test(words),
        cmocka_unit_test(tabs),
        cmocka_unit_test(files),
        cmocka_unit_test(a_lesson),
        cmocka_unit_test(a_lesson_on_another_day),
    };
    (void)argc;
    (void)argv;
    return cmocka_run_group_tests(tests, play_open_folder, play_close_folder);
}
