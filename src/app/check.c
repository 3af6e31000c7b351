/* SPDX-License-Identifier: MIT
 *
 * The process that prints: it has another for each lesson, so that none harms the next, looks after
 * the time, and numbers what they prove. It knows nothing of what is proved.
 */
#include "app/check.h"
#include "base/text.h"
#include "checking.h"
#include "loop/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Seconds in which an interrupted statement must have ended. A lesson's own limits come first. */
#define GRACE 5.0
#define SLACK 1.0

enum { LINE_MOST = 65536 };

struct tap {
    const struct options *options;
    bool shared; /* there are no private networks here */
    unsigned count;
    int status;
};

/* A lesson's process. */
struct child {
    struct loop_watch watch; /* first; of its pipe */
    struct tap *tap;
    const char *path;
    pid_t pid;
    struct buffer line; /* that has not ended yet */
    unsigned place;     /* the line of the lesson that it is at */
    double deadline;
    bool begun; /* it is past waiting for its turn */
    bool interrupted, killed, lonely, done, ended;
};

/* Printing. */

static void append_place(struct buffer *out, const char *path, unsigned line)
{
    text_append_safe(out, path, strlen(path), false);
    if (line > 0)
        buffer_printf(out, ":%u", line);
    buffer_puts(out, ": ");
}

/* In a test's description `#` would begin a directive. */
static void put_escaped(const struct buffer *text)
{
    for (const char *at = buffer_text(text); *at != '\0'; at++) {
        if (*at == '#' || *at == '\\')
            putchar('\\');
        putchar(*at);
    }
}

static void put_result(struct tap *tap, bool holds, const char *path, unsigned line,
                       const char *text, const char *directive)
{
    struct buffer whole = BUFFER_EMPTY;
    append_place(&whole, path, line);
    buffer_puts(&whole, text);
    holds = holds && !whole.failed;
    printf("%s %u - ", holds ? "ok" : "not ok", ++tap->count);
    put_escaped(&whole);
    puts(whole.failed ? "... (not enough memory)" : directive);
    buffer_free(&whole);
    if (!holds && tap->status == 0)
        tap->status = 1;
}

static void put_note(const char *path, unsigned line, const char *text)
{
    struct buffer whole = BUFFER_EMPTY;
    append_place(&whole, path, line);
    printf("# %s%s\n", buffer_text(&whole), text);
    buffer_free(&whole);
}

/* Hearing. */

static void set_deadline(struct child *child, double seconds)
{
    child->begun = true;
    child->deadline = loop_now() + seconds;
}

static void take_line(struct child *child, const char *line)
{
    char *text;
    unsigned number = line[0] != '\0' ? (unsigned)strtoul(line + 1, &text, 10) : 0;
    if (line[0] == '\0')
        return;
    text += *text == ' ';
    set_deadline(child, child->tap->options->limit + SLACK);
    switch (line[0]) {
    case CHECK_HOLDS:
    case CHECK_FAILS:
        put_result(child->tap, line[0] == CHECK_HOLDS, child->path, number, text, "");
        break;
    case CHECK_SKIPS:
        put_result(child->tap, true, child->path, number, text, " # SKIP");
        break;
    case CHECK_NOTE:
        put_note(child->path, number, text);
        break;
    case CHECK_PLACE:
        child->place = number;
        child->interrupted = false;
        break;
    case CHECK_LONELY:
        child->lonely = true;
        printf("# no private network here (%s): lessons take turns\n", text);
        break;
    default:
        child->done = true;
    }
}

static void take_bytes(struct child *child, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '\n' && child->line.length < LINE_MOST)
            buffer_putc(&child->line, bytes[i]);
        if (bytes[i] != '\n')
            continue;
        if (child->line.failed)
            put_result(child->tap, false, child->path, child->place, "not enough memory", "");
        else
            take_line(child, buffer_text(&child->line));
        buffer_clear(&child->line);
    }
}

static void on_output(struct loop_watch *watch)
{
    struct child *child = (struct child *)watch;
    char bytes[4096];
    ssize_t got = read(watch->fd, bytes, sizeof bytes);
    if (got > 0)
        take_bytes(child, bytes, (size_t)got);
    else if (got == 0 || errno != EINTR)
        child->ended = true;
}

/* Time. */

/* As Ctrl-C would; and where that does not help, the whole lesson. */
static void end_step(struct child *child)
{
    struct buffer text = BUFFER_EMPTY;
    if (child->interrupted) {
        kill(child->pid, SIGKILL);
        child->killed = true;
        set_deadline(child, GRACE);
        put_note(child->path, child->place, "got: it could not be interrupted and was killed");
        return;
    }
    kill(child->pid, SIGINT);
    child->interrupted = true;
    set_deadline(child, GRACE);
    buffer_printf(&text, "it ends within %g s", child->tap->options->limit);
    put_result(child->tap, false, child->path, child->place, buffer_text(&text), "");
    put_note(child->path, child->place, "expected: an end; got: it hung and was interrupted");
    buffer_free(&text);
}

static bool is_stopped(const struct signal_notes *notes)
{
    return notes->interrupted || notes->ended != 0;
}

static void look_after(struct child *child, struct loop *loop, const struct signal_notes *notes)
{
    while (!child->ended && !is_stopped(notes)) {
        (void)loop_turn(loop, child->begun ? child->deadline : INFINITY);
        fflush(stdout);
        if (!child->ended && child->begun && loop_now() >= child->deadline)
            end_step(child);
    }
}

/* The process. */

/* In the child: Ctrl-C at the terminal is not for it, which has its own process group. */
static int become_child(const struct child *child, int output)
{
    const struct tap *tap = child->tap;
    setpgid(0, 0);
    int status = check_lesson(child->path, loop_keep_descriptor(output), tap->options, tap->shared);
    fflush(NULL);
    return status;
}

static void tell_of_end(struct child *child, int status)
{
    struct buffer text = BUFFER_EMPTY;
    bool well = child->done && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (well || child->killed || child->lonely)
        return;
    put_result(child->tap, false, child->path, child->place, "the shell goes on", "");
    if (WIFSIGNALED(status))
        buffer_printf(&text, "expected: an orderly end; got: signal %d (%s)", WTERMSIG(status),
                      strsignal(WTERMSIG(status)));
    else
        buffer_printf(&text, "expected: an orderly end; got: exit status %d", WEXITSTATUS(status));
    put_note(child->path, child->place, buffer_text(&text));
    buffer_free(&text);
}

/* The child is in a process group of its own, and would go on, and keep its turn. */
static void end_by_signal(const struct signal_notes *notes)
{
    int number = notes->ended != 0 ? (int)notes->ended : SIGINT;
    signals_stop();
    signal(number, SIG_DFL);
    raise(number);
}

static int hear(struct child *child)
{
    struct loop *loop = NULL;
    struct signal_notes notes = {0};
    int error = loop_new(&loop), status = 0;
    if (error == 0)
        error = signals_start(loop, &notes);
    if (error == 0)
        error = loop_watch_start(loop, &child->watch);
    if (error == 0) {
        look_after(child, loop, &notes);
        loop_watch_stop(loop, &child->watch);
    }
    if (error != 0 || is_stopped(&notes))
        kill(child->pid, SIGKILL);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (is_stopped(&notes))
        end_by_signal(&notes);
    signals_stop();
    if (error == 0)
        tell_of_end(child, status);
    loop_free(loop);
    return error;
}

/* Returns 0 or an errno value. `*lonely`: nothing was played, as there is no private network. */
static int try_lesson(struct tap *tap, const char *path, bool *lonely)
{
    struct child child = {.tap = tap, .path = path, .watch.ready = on_output};
    int ends[2];
    if (pipe(ends) != 0)
        return errno;
    fflush(stdout);
    child.pid = fork();
    if (child.pid == 0) {
        close(ends[0]);
        exit(become_child(&child, ends[1]));
    }
    close(ends[1]);
    child.watch.fd = ends[0];
    int error = child.pid < 0 ? errno : hear(&child);
    close(ends[0]);
    buffer_free(&child.line);
    *lonely = child.lonely;
    return error;
}

static void check_file(struct tap *tap, const char *path)
{
    struct buffer text = BUFFER_EMPTY;
    bool lonely = false;
    int error = lesson_read_file(path, &text);
    buffer_free(&text);
    if (error != 0) {
        put_result(tap, false, path, 0, "the file can be read", "");
        put_note(path, 0, strerror(error));
        tap->status = 2;
        return;
    }
    error = try_lesson(tap, path, &lonely);
    if (error == 0 && lonely) {
        tap->shared = true;
        error = try_lesson(tap, path, &lonely);
    }
    if (error != 0) {
        put_result(tap, false, path, 0, "the lesson can be tried", "");
        put_note(path, 0, strerror(error));
    }
}

int check_files(int argc, char **argv, const struct options *options)
{
    struct tap tap = {.options = options};
    if (options->file == NULL) {
        fputs("usage: sockrepl --check FILE...\n", stderr);
        return 2;
    }
    puts("TAP version 13");
    check_file(&tap, options->file);
    for (int i = options->argument_first; i < argc; i++)
        check_file(&tap, argv[i]);
    printf("1..%u\n", tap.count);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return tap.status;
    fprintf(stderr, "sockrepl: cannot write: %s\n", strerror(errno));
    return tap.status != 0 ? tap.status : 1;
}
