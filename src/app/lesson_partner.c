/* SPDX-License-Identifier: MIT
 *
 * .partner: the other side of a lesson, played straight through by a process of its own. What it
 * calls is shown here, behind its name; what it tells is for who plays that side by hand.
 */
#include "app/lesson.h"
#include "app/program.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_MOST = 4096 };

static const char mark[] = "  partner: "; /* before each line of its */

struct lesson_partner {
    struct loop_watch watch; /* first; of the pipe to which it writes */
    struct session *session;
    pid_t pid;
    struct buffer line; /* what came of a line that has not ended */
};

static void show_line(struct session *session, const char *line)
{
    struct port *port = &session->err;
    struct buffer text = BUFFER_EMPTY;
    buffer_puts(&text, mark);
    text_append_safe(&text, line, strlen(line), false);
    buffer_putc(&text, '\n');
    port_begin(port);
    report_fresh_line(session);
    port_put(port, STYLE_DIM, &text);
    port_end(port);
    buffer_free(&text);
}

static void put_line(struct lesson_partner *partner)
{
    const struct lesson_observer *observer = partner->session->observer;
    const char *line = buffer_text(&partner->line) + strspn(buffer_text(&partner->line), " ");
    if (observer != NULL)
        observer->partner_said(observer->owner, line);
    else
        show_line(partner->session, line);
    buffer_clear(&partner->line);
}

static void take_bytes(struct lesson_partner *partner, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '\n' && bytes[i] != '\0')
            buffer_putc(&partner->line, bytes[i]);
        if (bytes[i] == '\n' || partner->line.length == LINE_MOST)
            put_line(partner);
    }
}

/* Returns how the process ended, as waitpid() has it. */
static int free_partner(struct lesson_partner *partner)
{
    int status = 0;
    loop_watch_stop(partner->session->engine->loop, &partner->watch);
    close(partner->watch.fd);
    while (waitpid(partner->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    buffer_free(&partner->line);
    partner->session->partner = NULL;
    free(partner);
    return status;
}

void lesson_partner_close(struct session *session)
{
    if (session->partner == NULL)
        return;
    kill(session->partner->pid, SIGKILL);
    (void)free_partner(session->partner);
}

/* It has closed its output, which it does as it ends. */
static void end_partner(struct lesson_partner *partner)
{
    struct session *session = partner->session;
    const struct lesson_observer *observer = session->observer;
    if (partner->line.length > 0)
        put_line(partner);
    int status = free_partner(partner);
    if (observer != NULL)
        observer->partner_ended(observer->owner, status);
    else
        report_note(session, "the partner has ended");
}

static void on_output(struct loop_watch *watch)
{
    struct lesson_partner *partner = (struct lesson_partner *)watch;
    char bytes[4096];
    ssize_t got = read(watch->fd, bytes, sizeof bytes);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0)
        take_bytes(partner, bytes, (size_t)got);
    else
        end_partner(partner);
}

/* In the child: it has nothing of ours but the pipe, and the terminal's Ctrl-C is not for it. */
static void become_partner(int output, const char *program, const char *path, const char *columns)
{
    sigset_t none;
    int nothing = open("/dev/null", O_RDWR);
    long most = sysconf(_SC_OPEN_MAX);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0 || dup2(output, 2) < 0)
        _exit(127);
    for (int fd = 3; fd < most && fd < 65536; fd++)
        close(fd);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    program_end_with_parent();
    setenv("COLUMNS", columns, 1);
    execl(program, program, "--color=never", path, (char *)NULL);
    _exit(127);
}

static int start_process(const struct session *session, const char *path, pid_t *pid, int *output)
{
    const char *program = session->program;
    char columns[16]; /* what the mark leaves: its process wraps what it says */
    int ends[2];
    snprintf(columns, sizeof columns, "%d", port_columns(&session->err) - (int)strlen(mark));
    if (program[0] == '\0')
        return ENOENT;
    if (pipe(ends) != 0)
        return errno;
    *pid = fork();
    if (*pid == 0)
        become_partner(ends[1], program, path, columns);
    int error = *pid < 0 ? errno : 0;
    close(ends[1]);
    *output = loop_keep_descriptor(ends[0]);
    if (error != 0)
        close(*output);
    else
        (void)fcntl(*output, F_SETFL, O_NONBLOCK);
    return error;
}

static int start_partner(struct session *session, const char *path)
{
    struct lesson_partner *partner = calloc(1, sizeof *partner);
    if (partner == NULL)
        return ENOMEM;
    partner->session = session;
    int error = start_process(session, path, &partner->pid, &partner->watch.fd);
    if (error != 0) {
        free(partner);
        return error;
    }
    partner->watch.ready = on_output;
    session->partner = partner;
    error = loop_watch_start(session->engine->loop, &partner->watch);
    if (error != 0)
        lesson_partner_close(session);
    return error;
}

/* It lies beside the lesson. */
static void append_path(struct buffer *path, const struct lesson_play *play)
{
    const char *slash = strrchr(play->path, '/');
    if (slash != NULL)
        buffer_append(path, play->path, (size_t)(slash - play->path) + 1);
    buffer_puts(path, play->lesson->partner);
}

int lesson_partner_try(const struct session *session)
{
    struct buffer path = BUFFER_EMPTY;
    append_path(&path, session->play);
    int error = path.failed ? ENOMEM : lesson_try_file(buffer_text(&path));
    buffer_free(&path);
    return error == 0 || error == ENOMEM ? error : ENOENT;
}

int lesson_partner_start(struct session *session)
{
    struct buffer path = BUFFER_EMPTY;
    lesson_partner_close(session);
    int error = lesson_partner_try(session);
    if (error != 0)
        return error;
    append_path(&path, session->play);
    error = path.failed ? ENOMEM : start_partner(session, path.data);
    buffer_free(&path);
    return error;
}

bool lesson_dot_partner(struct session *session, const char *argument)
{
    (void)argument;
    if (session->play->lesson->partner == NULL) {
        report_note(session, "this lesson has no other side");
        return true;
    }
    int error = lesson_partner_start(session);
    if (error == ENOENT)
        report_note(session, "the lesson of the other side is missing, or is none");
    else if (error != 0)
        report_note(session, "the partner cannot be started: %s", strerror(error));
    return true;
}
