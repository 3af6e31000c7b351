/* SPDX-License-Identifier: MIT
 *
 * The prompt in a real terminal: lines, pastes, interrupts, news while typing, stops, the end of
 * input.
 */
#include "demo.h"

#include <sys/ioctl.h>

static void test_line_comes_with_the_terminal_cooked(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "hello\r");
    hears(&s, "line \"hello\" cooked");
    types(&s, "h\xc3\xa9llo\r");
    hears(&s, "line \"h\xc3\xa9llo\" cooked");
    leaves(&s);
}

static void test_what_is_typed_while_code_runs_waits(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "busy\r");
    hears(&s, "line \"busy\"");
    types(&s, "one\rtwo\rhalf");
    assert_int_equal(write(s.control, "!", 1), 1);
    hears(&s, "line \"one\"");
    hears(&s, "line \"two\"");
    types(&s, " more\r");
    hears(&s, "line \"half more\"");
    leaves(&s);
}

static void test_paste_is_one_text(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    shows(&s, "\x1b[?2004h");
    types(&s, "\x1b[200~for i = 1, 2 do\r\tprint(i)\r\n\rend\x1b[201~");
    shows(&s, "end");
    types(&s, "\r");
    hears(&s, "line \"for i = 1, 2 do\\n\\tprint(i)\\n\\nend\"");
    leaves(&s);
}

static void test_paste_in_pieces_lets_news_through(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "x = \x1b[200~first\rsec");
    shows(&s, "x = ");
    tells(&s, "onews\n");
    shows(&s, "news");
    types(&s, "ond\x1b[2");
    types(&s, "01~!\r");
    hears(&s, "line \"x = first\\nsecond!\"");
    leaves(&s);
}

static void test_paste_without_end_is_interrupted(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "\x1b[200~lost\r");
    tells(&s, "onews\n");
    types(&s, "\x03");
    hears(&s, "interrupted \"\" cooked");
    types(&s, "found\r");
    hears(&s, "line \"found\"");
    leaves(&s);
}

static void test_interrupt_leaves_the_text_and_the_terminal(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "some text\x01");
    shows(&s, "some text");
    tells(&s, "i");
    shows(&s, "^C\r\n"); /* behind the moves of the cursor to the end of the text */
    types(&s, "more\r");
    hears(&s, "line \"more\"");
    leaves(&s);
}

static void test_twenty_interrupts_by_signal(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    for (int i = 0; i < 20; i++) {
        settles(&s);
        shows(&s, "sock> ");
        types(&s, i % 2 ? "half" : "");
        types(&s, "\x03");
        hears(&s, "interrupted \"\" cooked");
        shows(&s, "^C\r\n");
    }
    shows(&s, "sock> ");
    types(&s, "whole\r");
    hears(&s, "line \"whole\"");
    leaves(&s);
}

/* In the middle of: a search, a search of another kind, a literal key, a count, half a key, a list.
 */
static void test_interrupt_ends_whatever_was_begun(void **state)
{
    (void)state;
    const char *const begun[] = {"\x12lin", "\x1bpli", "\x16", "\0335", "\x1b[", "\x18", "many\t"};
    struct screen s = screen_open("xterm", NULL);
    types(&s, "line one\r");
    hears(&s, "line \"line one\"");
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
        settles(&s);
        types(&s, begun[i]);
        tells(&s, "onews\n"); /* the keys were read before or will be dropped with the signal */
        types(&s, "\x03");
        hears(&s, "interrupted \"\" cooked");
        shows(&s, "^C\r\n");
        shows(&s, "sock> ");
        types(&s, "whole\r");
        hears(&s, "line \"whole\" cooked");
    }
    leaves(&s);
}

static void test_news_stand_above_the_line(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "my half");
    shows(&s, "my half");
    tells(&s, "oa client came\n");
    shows(&s, "a client came\r\n");
    shows(&s, "sock> my half");
    types(&s, "\001not ");
    shows(&s, "not ");
    tells(&s, "eanother\n");
    shows(&s, "another\r\n");
    shows(&s, "sock> not my half");
    types(&s, "even \r");
    hears(&s, "line \"not even my half\"");
    leaves(&s);
}

static void test_news_without_newline_get_one(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "half");
    shows(&s, "half");
    tells(&s, "ounfinished");
    shows(&s, "unfinished\r\n");
    shows(&s, "sock> half");
    types(&s, "\r");
    hears(&s, "line \"half\"");
    leaves(&s);
}

static void test_line_is_given_typed(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    tells(&s, "sprint(1");
    shows(&s, "more> print(1");
    types(&s, ")\r");
    hears(&s, "line \"print(1)\"");
    leaves(&s);
}

static void test_stop_and_continue(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "half");
    shows(&s, "half");
    tells(&s, "z");
    hears(&s, "cooked");
    tells(&s, "onobody draws now\n");
    tells(&s, "f");
    hears(&s, "raw");
    shows(&s, "sock> half");
    types(&s, "\r");
    hears(&s, "line \"half\"");
    leaves(&s);
}

/* SIGSTOP announces nothing, and the shell above has changed the terminal meanwhile. */
static void test_continue_after_an_unannounced_stop(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    struct termios cooked;
    types(&s, "half");
    shows(&s, "half");
    assert_int_equal(tcgetattr(s.terminal, &cooked), 0);
    cooked.c_lflag |= ICANON | ECHO;
    assert_int_equal(tcsetattr(s.terminal, TCSANOW, &cooked), 0);
    tells(&s, "f");
    hears(&s, "raw");
    shows(&s, "sock> half");
    types(&s, "\r");
    hears(&s, "line \"half\" cooked");
    leaves(&s);
}

static void test_resize_redraws(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    const struct winsize narrow = {.ws_row = 24, .ws_col = 20};
    types(&s, "a line of more than twenty columns");
    shows(&s, "columns");
    assert_int_equal(ioctl(s.terminal, TIOCSWINSZ, &narrow), 0);
    tells(&s, "w");
    shows(&s, "sock> a line");
    tells(&s, "onews\n");
    shows(&s, "sock> a line");
    types(&s, "\r");
    hears(&s, "line \"a line of more than twenty columns\"");
    leaves(&s);
}

static void test_terminal_is_restored_for_a_crash(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "half");
    shows(&s, "half");
    tells(&s, "r");
    hears(&s, "cooked");
    shows(&s, "\x1b[?2004l");
    tells(&s, "q");
    assert_int_equal(screen_close(&s), 0);
}

static void check_end(const char *term, const char *ending)
{
    struct screen s = screen_open(term, NULL);
    shows(&s, "sock> ");
    types(&s, "\x04");
    hears(&s, "end \"\" cooked");
    shows(&s, "bye");
    const size_t length = s.shown_seen;
    const size_t tail = strlen(ending);
    assert_true(length >= tail);
    assert_memory_equal(s.shown.data + length - tail, ending, tail);
    assert_int_equal(screen_close(&s), 0);
}

/* One newline and no more, whether the terminal brackets pastes or not. */
static void test_end_of_input_starts_a_line(void **state)
{
    (void)state;
    check_end("xterm", "\x1b[?2004l\r\r\nbye");
    check_end("dumb", "sock> \r\nbye");
}

static void check_vanishing(const char *keys)
{
    struct screen s = screen_open("xterm", NULL);
    shows(&s, "sock> ");
    types(&s, keys);
    tells(&s, "onews\n"); /* by now the keys were read, or wait in front of the end */
    kill(s.pid, SIGCONT);
    close(s.terminal);
    s.terminal = -1;
    hears(&s, "end ");
    assert_int_equal(screen_close(&s), 0);
}

static void test_vanished_terminal_is_the_end(void **state)
{
    (void)state;
    check_vanishing("");
    check_vanishing("half");
    check_vanishing("\x12sea");
    check_vanishing("\x1b[200~paste");
    check_vanishing("\x1b[");
}

static void test_dumb_terminal(void **state)
{
    (void)state;
    struct screen s = screen_open("dumb", NULL);
    shows(&s, "sock> ");
    types(&s, "half");
    shows(&s, "half");
    tells(&s, "onews\n");
    shows(&s, "news\r\n");
    shows(&s, "sock> half");
    types(&s, "\x03");
    hears(&s, "interrupted \"\" cooked");
    shows(&s, "sock> ");
    types(&s, "\tone\rtwo\r");
    hears(&s, "line \"    one\"");
    hears(&s, "line \"two\"");
    tells(&s, "sa\nb");
    types(&s, "c\r");
    hears(&s, "line \"a\\nbc\"");
    leaves(&s);
}

/* A macro of an inputrc may hold more than one line; what is behind the first is dropped, and the
 * prompt does not wait for keys of its own. */
static void test_macro_with_newline(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "\x18(one\rtwo\x18)\025a\r");
    hears(&s, "line \"one\"");
    hears(&s, "line \"a\"");
    types(&s, "b\r");
    hears(&s, "line \"b\"");
    leaves(&s);
}

/* `$if sockrepl`, a Tab of the user's own, vi's keys, and a paste all the same. */
static void test_inputrc_is_obeyed(void **state)
{
    (void)state;
    char path[] = "/tmp/sockrepl-XXXXXX";
    static const char text[] = "$if sockrepl\nset editing-mode vi\n$endif\n"
                               "set keymap vi-insert\nTab: \"tab\"\n";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    struct screen s = screen_open_with("xterm", NULL, path);
    types(&s, "a\tb\r");
    hears(&s, "line \"atabb\"");
    settles(&s);
    types(&s, "ac\x1bib\x1b[200~x\ry\x1b[201~\r");
    hears(&s, "line \"abx\\nyc\"");
    leaves(&s);
    unlink(path);
}

/* `sockrepl -i` with standard input from elsewhere. The last line may lack its newline. */
static void test_input_from_a_file(void **state)
{
    (void)state;
    struct buffer heard = BUFFER_EMPTY;
    int control[2], report[2], status = -1;
    FILE *const input = tmpfile();
    assert_non_null(input);
    fputs("one\n\ttwo\tpri\t\nlast", input);
    fflush(input);
    assert_int_equal(lseek(fileno(input), 0, SEEK_SET), 0);
    assert_int_equal(pipe(control), 0);
    assert_int_equal(pipe(report), 0);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        const int null = open("/dev/null", O_WRONLY);
        dup2(fileno(input), 0);
        dup2(null, 1);
        close(report[0]);
        setenv("INPUTRC", "/dev/null", 1);
        demo_run(control[0], report[1], NULL);
    }
    close(report[1]);
    while (screen_take(report[0], &heard))
        continue;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_string_equal(buffer_text(&heard),
                        "line \"one\" cooked\nline \"\\ttwo\\tpri\\t\" cooked\n"
                        "line \"last\" cooked\nend \"\" cooked\n");
    buffer_free(&heard);
    close(control[0]);
    close(control[1]);
    close(report[0]);
    fclose(input);
}

static void test_there_is_one_prompt(void **state)
{
    (void)state;
    struct port out;
    struct prompt *first = NULL, *second = NULL;
    const struct prompt_host host = {demo_line, NULL, NULL};
    port_init(&out, stdout);
    assert_int_equal(prompt_new(NULL, &out, NULL, &host, &first), 0);
    assert_int_equal(prompt_new(NULL, &out, NULL, &host, &second), EBUSY);
    assert_false(prompt_is_shown(first));
    prompt_interrupt(first);
    prompt_suspend(first);
    prompt_resume(first);
    prompt_restore_terminal();
    prompt_free(first);
    assert_null(out.hooks.before);
    prompt_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_comes_with_the_terminal_cooked),
        cmocka_unit_test(test_what_is_typed_while_code_runs_waits),
        cmocka_unit_test(test_paste_is_one_text),
        cmocka_unit_test(test_paste_in_pieces_lets_news_through),
        cmocka_unit_test(test_paste_without_end_is_interrupted),
        cmocka_unit_test(test_interrupt_leaves_the_text_and_the_terminal),
        cmocka_unit_test(test_twenty_interrupts_by_signal),
        cmocka_unit_test(test_interrupt_ends_whatever_was_begun),
        cmocka_unit_test(test_news_stand_above_the_line),
        cmocka_unit_test(test_news_without_newline_get_one),
        cmocka_unit_test(test_line_is_given_typed),
        cmocka_unit_test(test_stop_and_continue),
        cmocka_unit_test(test_continue_after_an_unannounced_stop),
        cmocka_unit_test(test_resize_redraws),
        cmocka_unit_test(test_terminal_is_restored_for_a_crash),
        cmocka_unit_test(test_end_of_input_starts_a_line),
        cmocka_unit_test(test_vanished_terminal_is_the_end),
        cmocka_unit_test(test_dumb_terminal),
        cmocka_unit_test(test_macro_with_newline),
        cmocka_unit_test(test_inputrc_is_obeyed),
        cmocka_unit_test(test_input_from_a_file),
        cmocka_unit_test(test_there_is_one_prompt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
