/* SPDX-License-Identifier: MIT
 *
 * A small shell around the prompt, run behind a pseudo-terminal: the test types at the terminal,
 * gives commands through one pipe and hears through another what the shell did. It ends with status
 * 0 only when it left in good order, sanitizers included.
 */
#ifndef TESTS_PROMPT_DEMO_H
#define TESTS_PROMPT_DEMO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those above it */
#include <cmocka.h>

#include "base/buffer.h"
#include "base/text.h"
#include "loop/signal.h"
#include "prompt/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* The shell's side. */

struct demo {
    struct loop_watch control; /* first */
    struct loop *loop;
    struct prompt *prompt;
    struct port out, err;
    struct signal_notes notes;
    int report;
    bool over;
};

static inline void demo_report(const struct demo *demo, const char *what, const char *text)
{
    struct buffer line = BUFFER_EMPTY;
    struct termios now;
    const bool raw = tcgetattr(0, &now) == 0 && !(now.c_lflag & ICANON);
    buffer_puts(&line, what);
    text_append_quoted(&line, text, strlen(text), 4096);
    buffer_puts(&line, raw ? " raw\n" : " cooked\n");
    if (write(demo->report, line.data, line.length) < 0)
        demo->report < 0 ? abort() : exit(3);
    buffer_free(&line);
}

static inline void demo_show(struct demo *demo)
{
    if (prompt_show(demo->prompt, "sock> ", NULL) != 0)
        demo->over = true;
}

static inline void demo_line(void *owner, const char *text)
{
    struct demo *const demo = owner;
    char go;
    if (!text) {
        demo_report(demo, "end ", "");
        port_puts(&demo->out, "bye");
        demo->over = true;
        return;
    }
    demo_report(demo, prompt_was_suggested(demo->prompt) ? "suggested " : "line ", text);
    const int error = prompt_remember(demo->prompt, text);
    if (error)
        demo_report(demo, "remember ", strerror(error));
    if (strcmp(text, "busy") == 0 && read(demo->control.fd, &go, 1) != 1)
        demo->over = true;
    demo_show(demo);
}

static inline const char *demo_complete(void *owner, const char *text, int start, int end,
                                        struct prompt_offers *offers)
{
    static const char *const names[] = {
        "socket", "socket.AF_INET", "socket.AF_INET6", "socket.socket", "s:bind(",
        "print",  "socket",         "AF_INET",         "na\xc3\xaf",    "na\xc3\xae"};
    struct demo *const demo = owner;
    char word[128];
    snprintf(word, sizeof word, "%.*s", end - start, text + start);
    demo_report(demo, "complete ", word);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (end > start && strncmp(names[i], word, strlen(word)) == 0)
            prompt_offer(offers, names[i], strchr(names[i], '(') ? '\0' : ' ');
    }
    if (strcmp(word, "ra") == 0) {
        prompt_offer(offers, "rare_a", '\0');
        prompt_offer_first(offers, "raz", '\0');
        prompt_offer_first(offers, "raw", '\0');
    }
    for (int i = 0; i < 150 && strcmp(word, "many") == 0; i++) {
        snprintf(word, sizeof word, "many%03d", i);
        prompt_offer(offers, word, '\0');
        strcpy(word, "many");
    }
    return start >= 5 && strncmp(text + start - 5, "bind(", 5) == 0 ? "bind(s, host, port)" : NULL;
}

static inline void demo_interrupt(struct demo *demo)
{
    prompt_interrupt(demo->prompt);
    demo_report(demo, "interrupted ", prompt_is_shown(demo->prompt) ? "shown" : "");
    demo_show(demo);
}

static inline void demo_noted(void *owner)
{
    struct demo *const demo = owner;
    if (signals_take_interrupt(&demo->notes))
        demo_interrupt(demo);
}

/* Each command is one byte and a zero-terminated text. */
static inline void demo_obey(struct loop_watch *watch)
{
    struct demo *const demo = (struct demo *)watch;
    char text[4096] = "";
    size_t length = 0;
    while (read(watch->fd, &text[length], 1) == 1 && text[length] != '\0')
        length++;
    const char *const rest = text + 1;
    if (*text == 'o')
        port_puts(&demo->out, rest);
    else if (*text == 'e')
        port_puts(&demo->err, rest);
    else if (*text == 'i')
        demo_interrupt(demo);
    else if (*text == 'z')
        prompt_suspend(demo->prompt);
    else if (*text == 'f')
        prompt_resume(demo->prompt);
    else if (*text == 'w')
        prompt_resize(demo->prompt);
    else if (*text == 's')
        prompt_show(demo->prompt, "more> ", rest);
    else if (*text == 'g')
        prompt_suggest(demo->prompt, "more> ", rest);
    else if (*text == 'r')
        prompt_restore_terminal();
    else if (*text == 'q')
        demo->over = true;
    demo_report(demo, "did ", text);
}

static inline void demo_run(int control, int report, const char *history)
{
    struct demo demo = {.control = {.fd = control, .ready = demo_obey}, .report = report};
    const struct prompt_host host = {demo_line, demo_complete, &demo};
    setlocale(LC_ALL, "C.UTF-8");
    demo.notes.noted = demo_noted;
    demo.notes.owner = &demo;
    port_init(&demo.out, stdout);
    port_init(&demo.err, stderr);
    if (loop_new(&demo.loop) != 0 || loop_watch_start(demo.loop, &demo.control) != 0 ||
        prompt_new(demo.loop, &demo.out, history, &host, &demo.prompt) != 0 ||
        prompt_guard(demo.prompt, &demo.err) != 0 || signals_start(demo.loop, &demo.notes) != 0)
        exit(2);
    demo_show(&demo);
    while (!demo.over && loop_turn(demo.loop, INFINITY) == 0)
        continue;
    prompt_free(demo.prompt);
    signals_stop();
    loop_watch_stop(demo.loop, &demo.control);
    loop_free(demo.loop);
    exit(0);
}

/* The test's side. */

enum { WAIT_MILLISECONDS = 20000 };

struct screen {
    pid_t pid;
    int terminal, control, report;
    struct buffer shown, heard;
    size_t shown_seen, heard_seen;
};

static inline bool screen_take(int fd, struct buffer *into)
{
    char chunk[4096];
    const ssize_t got = read(fd, chunk, sizeof chunk);
    if (got > 0)
        buffer_append(into, chunk, (size_t)got);
    return got > 0;
}

/* Reads whatever comes next; false where nothing came in time or all is over. */
static inline bool screen_pump(struct screen *s)
{
    struct pollfd both[] = {{.fd = s->terminal, .events = POLLIN},
                            {.fd = s->report, .events = POLLIN}};
    bool got = false;
    if (poll(both, 2, WAIT_MILLISECONDS) <= 0)
        return false;
    if (both[0].revents)
        got |= screen_take(s->terminal, &s->shown);
    if (both[1].revents)
        got |= screen_take(s->report, &s->heard);
    return got;
}

static inline void screen_free(struct screen *s)
{
    if (s->terminal >= 0)
        close(s->terminal);
    close(s->control);
    close(s->report);
    buffer_free(&s->shown);
    buffer_free(&s->heard);
}

static inline void screen_fail(struct screen *s, const char *wanted)
{
    struct buffer all = BUFFER_EMPTY;
    text_append_quoted(&all, wanted, strlen(wanted), 4096);
    buffer_puts(&all, "\nis missing; shown since: ");
    text_append_quoted(&all, buffer_text(&s->shown) + s->shown_seen,
                       s->shown.length - s->shown_seen, 8192);
    buffer_puts(&all, "\nheard since: ");
    buffer_puts(&all, buffer_text(&s->heard) + s->heard_seen);
    fprintf(stderr, "%s\n", buffer_text(&all)); /* too long for cmocka */
    buffer_free(&all);
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    screen_free(s);
    fail();
}

static inline void screen_wait(struct screen *s, const struct buffer *where, size_t *seen,
                               const char *wanted)
{
    for (;;) {
        const char *const from = buffer_text(where) + *seen;
        const char *const found = strstr(from, wanted);
        if (found) {
            *seen = (size_t)(found - buffer_text(where)) + strlen(wanted);
            return;
        }
        if (!screen_pump(s))
            screen_fail(s, wanted);
    }
}

/* Waits until the terminal shows this, behind what was waited for before. */
static inline void shows(struct screen *s, const char *wanted)
{
    screen_wait(s, &s->shown, &s->shown_seen, wanted);
}

/* Waits until the shell reports this. */
static inline void hears(struct screen *s, const char *wanted)
{
    screen_wait(s, &s->heard, &s->heard_seen, wanted);
}

static inline void types(const struct screen *s, const char *keys)
{
    assert_int_equal(write(s->terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* Gives a command and waits until it was obeyed. */
static inline void tells(struct screen *s, const char *command)
{
    const size_t length = strlen(command) + 1;
    assert_int_equal(write(s->control, command, length), (ssize_t)length);
    hears(s, "did ");
}

/* Waits for the end; returns what waitpid() says. */
static inline int screen_close(struct screen *s)
{
    int status = -1;
    while (screen_pump(s))
        continue;
    assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
    if (status != 0)
        fprintf(stderr, "%s\n", buffer_text(&s->shown)); /* too long for cmocka */
    screen_free(s);
    return status;
}

/* Waits until the shell has come back to its prompt: a control character that is typed before that
 * is taken by the terminal. */
static inline void settles(struct screen *s)
{
    tells(s, "n");
    hears(s, " raw");
}

/* Starts the shell; `term` is TERM, `history` may be NULL. Its prompt is there when this returns.
 */
static inline struct screen screen_open_with(const char *term, const char *history,
                                             const char *inputrc)
{
    struct screen s = {.terminal = -1};
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int control[2], report[2];
    assert_int_equal(pipe(control), 0);
    assert_int_equal(pipe(report), 0);
    s.pid = forkpty(&s.terminal, NULL, NULL, &size);
    assert_true(s.pid >= 0);
    if (s.pid == 0) {
        close(control[1]);
        close(report[0]);
        setenv("TERM", term, 1);
        setenv("INPUTRC", inputrc, 1);
        unsetenv("COLUMNS");
        unsetenv("LINES");
        demo_run(control[0], report[1], history);
    }
    close(control[0]);
    close(report[1]);
    fcntl(s.terminal, F_SETFD, FD_CLOEXEC);
    s.control = control[1];
    s.report = report[0];
    settles(&s);
    return s;
}

static inline struct screen screen_open(const char *term, const char *history)
{
    return screen_open_with(term, history, "/dev/null");
}

/* Enter, so that the next prompt is an empty one. */
static inline void leaves_line(struct screen *s)
{
    types(s, "\r");
    hears(s, "line ");
    settles(s);
}

/* Ctrl-D, and all is in order. */
static inline void leaves(struct screen *s)
{
    settles(s);
    types(s, "\x04");
    hears(s, "end \"\" cooked");
    assert_int_equal(screen_close(s), 0);
}

#endif
