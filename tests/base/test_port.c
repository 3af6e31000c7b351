/* SPDX-License-Identifier: MIT
 *
 * Ports over a real pseudo-terminal and over files: what arrives, when the hooks are called, and
 * that neither a signal nor a full or closed descriptor loses a byte unsaid.
 */
#define _XOPEN_SOURCE 700 /* posix_openpt */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/port.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

struct terminal {
    int screen; /* the other side: what a user would see */
    struct port port;
};

static int terminal_open(void **state)
{
    struct terminal *const t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->screen = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(t->screen >= 0);
    assert_int_equal(grantpt(t->screen), 0);
    assert_int_equal(unlockpt(t->screen), 0);
    const int fd = open(ptsname(t->screen), O_RDWR | O_NOCTTY);
    assert_true(fd >= 0);
    struct termios raw;
    assert_int_equal(tcgetattr(fd, &raw), 0);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    assert_int_equal(tcsetattr(fd, TCSANOW, &raw), 0);
    FILE *const file = fdopen(fd, "w");
    assert_non_null(file);
    port_init(&t->port, file);
    t->port.utf8 = true;
    *state = t;
    return 0;
}

static int terminal_close(void **state)
{
    struct terminal *const t = *state;
    fclose(t->port.file);
    close(t->screen);
    free(t);
    return 0;
}

/* Waits for as many bytes as are expected; more than those are found by the next look. */
static void expect_screen(const struct terminal *t, const char *expected)
{
    char seen[256] = "";
    size_t length = 0;
    while (length < strlen(expected)) {
        const ssize_t n = read(t->screen, seen + length, sizeof seen - 1 - length);
        assert_true(n > 0);
        length += (size_t)n;
    }
    assert_string_equal(seen, expected);
}

static void test_a_terminal_is_known(void **state)
{
    struct terminal *const t = *state;
    struct winsize size = {.ws_row = 24, .ws_col = 132};
    assert_true(t->port.terminal);
    assert_int_equal(ioctl(t->screen, TIOCSWINSZ, &size), 0);
    assert_int_equal(port_columns(&t->port), 132);
    size.ws_col = 5;
    assert_int_equal(ioctl(t->screen, TIOCSWINSZ, &size), 0);
    assert_int_equal(port_columns(&t->port), 20);
}

static void test_a_terminal_gets_no_raw_bytes(void **state)
{
    struct terminal *const t = *state;
    port_bytes(&t->port, "a\x1b[2J\n\xff", 7);
    expect_screen(t, "a\\x1b[2J\n\\xff");
    port_write(&t->port, "\x1b[K\xC3\xA9", 5);
    expect_screen(t, "\x1b[K\xC3\xA9");
    t->port.utf8 = false;
    port_bytes(&t->port, "\xC3\x9B", 2);
    expect_screen(t, "\\u{db}");
}

static void test_output_follows_what_stdio_held(void **state)
{
    struct terminal *const t = *state;
    fputs("held ", t->port.file);
    port_puts(&t->port, "written");
    expect_screen(t, "held written");
    port_begin(&t->port);
    fputs("by others", t->port.file);
    port_end(&t->port);
    expect_screen(t, "by others");
}

static void test_a_style_ends_with_its_text(void **state)
{
    struct terminal *const t = *state;
    port_styled(&t->port, STYLE_ERROR, "no", 2);
    expect_screen(t, "no");
    t->port.colour = true;
    port_styled(&t->port, STYLE_ERROR, "no\n", 3);
    expect_screen(t, "\x1b[31mno\n\x1b[0m");
    assert_false(t->port.midline);
    port_styled(&t->port, STYLE_PLAIN, "so", 2);
    expect_screen(t, "so");
    assert_true(t->port.midline);
    for (int style = 0; style < STYLE_COUNT; style++) {
        const bool sequence = *port_style_begin(&t->port, (enum style)style) != '\0';
        assert_int_equal(*port_style_end(&t->port, (enum style)style) != '\0', sequence);
        assert_int_equal(sequence, style != STYLE_PLAIN);
    }
}

struct log {
    struct port *port;
    char text[32];
};

static void log_before(void *owner)
{
    struct log *const log = owner;
    strcat(log->text, "<");
}

static void log_after(void *owner)
{
    struct log *const log = owner;
    strcat(log->text, ">");
}

static void test_hooks_stand_around_a_burst(void **state)
{
    struct terminal *const t = *state;
    struct log log = {&t->port, ""};
    t->port.hooks = (struct port_hooks){log_before, log_after, &log};
    port_puts(&t->port, "one");
    assert_string_equal(log.text, "<>");
    port_begin(&t->port);
    port_begin(&t->port);
    port_puts(&t->port, "two");
    port_end(&t->port);
    port_bytes(&t->port, "three", 5);
    port_fresh_line(&t->port);
    port_fresh_line(&t->port);
    assert_string_equal(log.text, "<><");
    port_end(&t->port);
    assert_string_equal(log.text, "<><>");
    port_puts(&t->port, "");
    port_fresh_line(&t->port);
    assert_string_equal(log.text, "<><>");
    expect_screen(t, "onetwothree\n");
}

static void on_alarm(int number)
{
    (void)number;
}

/* Somebody who shares the terminal has made it non-blocking, and signals come all the while: stdio
 * would drop what the terminal could not take at once. */
static void test_a_slow_terminal_gets_all_of_it(void **state)
{
    enum { LENGTH = 200 * 1000 };
    struct terminal *const t = *state;
    struct sigaction alarmed = {.sa_handler = on_alarm}, before;
    const struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
    sigaction(SIGALRM, &alarmed, &before);
    const pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        char *const text = malloc(LENGTH);
        if (!text)
            _exit(1);
        memset(text, 'x', LENGTH);
        fcntl(fileno(t->port.file), F_SETFL, O_WRONLY | O_NONBLOCK);
        setitimer(ITIMER_REAL, &often, NULL);
        port_write(&t->port, text, LENGTH);
        setitimer(ITIMER_REAL, &never, NULL);
        _exit(t->port.broken);
    }
    size_t seen = 0;
    while (seen < LENGTH) {
        char bytes[512];
        const ssize_t n = read(t->screen, bytes, sizeof bytes);
        assert_true(n > 0);
        seen += (size_t)n;
    }
    int status = 1;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_int_equal(status, 0);
    sigaction(SIGALRM, &before, NULL);
}

static void test_a_file_gets_bytes_as_they_are(void **state)
{
    (void)state;
    char seen[16] = "";
    struct port port;
    FILE *const file = tmpfile();
    assert_non_null(file);
    port_init(&port, file);
    assert_false(port.terminal);
    port_bytes(&port, "a\x1b\xff\n\0b", 6);
    assert_true(port.midline);
    port_fresh_line(&port);
    assert_false(port.midline);
    assert_int_equal(port_flush(&port), 0);
    rewind(file);
    assert_int_equal(fread(seen, 1, sizeof seen, file), 7);
    assert_memory_equal(seen, "a\x1b\xff\n\0b\n", 7);
    fclose(file);
}

static void test_a_file_has_the_columns_that_are_asked_for(void **state)
{
    (void)state;
    struct port port;
    FILE *const file = tmpfile();
    assert_non_null(file);
    port_init(&port, file);
    static const struct {
        const char *wish;
        int columns;
    } wishes[] = {{"60", 60}, {"7", 20}, {"0", 80}, {"-3", 80}, {"wide", 80}, {"999999999999", 80}};
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        setenv("COLUMNS", wishes[i].wish, 1);
        assert_int_equal(port_columns(&port), wishes[i].columns);
    }
    unsetenv("COLUMNS");
    assert_int_equal(port_columns(&port), 80);
    fclose(file);
}

static void test_the_first_failure_is_kept(void **state)
{
    (void)state;
    int ends[2];
    struct port port;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    FILE *const file = fdopen(ends[1], "w");
    assert_non_null(file);
    port_init(&port, file);
    port_puts(&port, "nobody reads this\n");
    assert_false(port.broken);
    assert_int_equal(port_flush(&port), EPIPE);
    assert_true(port.broken);
    port_puts(&port, "nor this\n");
    assert_int_equal(port_flush(&port), EPIPE);
    fclose(file);
    signal(SIGPIPE, SIG_DFL);
}

static void test_a_terminal_that_hung_up_is_broken(void **state)
{
    struct terminal *const t = *state;
    close(t->screen);
    port_puts(&t->port, "anybody there?");
    assert_true(t->port.broken);
    assert_int_equal(t->port.error, EIO);
    t->screen = -1;
}

#define ON_TERMINAL(test) cmocka_unit_test_setup_teardown(test, terminal_open, terminal_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_TERMINAL(test_a_terminal_is_known),
        ON_TERMINAL(test_a_terminal_gets_no_raw_bytes),
        ON_TERMINAL(test_output_follows_what_stdio_held),
        ON_TERMINAL(test_a_style_ends_with_its_text),
        ON_TERMINAL(test_hooks_stand_around_a_burst),
        ON_TERMINAL(test_a_slow_terminal_gets_all_of_it),
        cmocka_unit_test(test_a_file_gets_bytes_as_they_are),
        cmocka_unit_test(test_a_file_has_the_columns_that_are_asked_for),
        cmocka_unit_test(test_the_first_failure_is_kept),
        ON_TERMINAL(test_a_terminal_that_hung_up_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
