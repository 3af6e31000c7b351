/* SPDX-License-Identifier: MIT
 *
 * A call that has waited for a second says what for and how to stop it, and an accept how to become
 * its client, at the bottom of the screen; that goes away as soon as anything else is written or
 * the call returns.
 */
#include "app/session.h"
#include "base/fold.h"
#include "base/text.h"
#include "lua/socket.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { ECHOED = 3 /* columns for a ^C and the cursor */ };

static struct session *session_of_tick(struct loop_wait *tick)
{
    return (struct session *)((char *)tick - offsetof(struct session, tick));
}

bool waiting_can_redraw(const struct session *session)
{
    const char *term = getenv("TERM");
    return session->err.terminal && term != NULL && strcmp(term, "dumb") != 0;
}

static void erase(struct session *session)
{
    unsigned rows = session->waiting_rows;
    session->waiting_rows = 0;
    if (rows == 0 || !waiting_can_redraw(session))
        return;
    fputs("\r\033[K", session->err.file);
    while (--rows > 0)
        fputs("\033[A\033[K", session->err.file);
    fflush(session->err.file);
    session->err.midline = session->out.midline = false;
}

static void before_output(void *owner)
{
    struct waiting_guard *guard = owner;
    erase(guard->session);
    if (guard->inner.before != NULL)
        guard->inner.before(guard->inner.owner);
}

static void after_output(void *owner)
{
    struct waiting_guard *guard = owner;
    if (guard->inner.after != NULL)
        guard->inner.after(guard->inner.owner);
}

static void guard_port(struct session *session, struct waiting_guard *guard, struct port *port)
{
    guard->session = session;
    guard->inner = port->hooks;
    port->hooks = (struct port_hooks){before_output, after_output, guard};
}

/* Whatever is written makes the line go away first. */
void waiting_open(struct session *session)
{
    guard_port(session, &session->waiting_guards[0], &session->out);
    if (session->err.terminal)
        guard_port(session, &session->waiting_guards[1], &session->err);
}

/* A path as another shell takes it, where `special` has what the program takes as its own signs.
 * Nothing of one that would have to be escaped: it may be a stranger's, and the line is there to be
 * copied. */
static void append_path(struct buffer *out, const char *program, const char *special,
                        const char *path, size_t length)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./@+,:%=-";
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (path[i] < ' ' || path[i] > '~' || strchr(special, path[i]) != NULL)
            return;
        quoted = quoted || strchr(plain, path[i]) == NULL;
    }
    if (length == 0 || path[0] == '-')
        return;
    buffer_printf(out, quoted ? "%s'%.*s'" : "%s%.*s", program, (int)length, path);
}

/* How somebody else at this computer becomes the client that an accept waits for; nothing for what
 * is no accept and for an address of another kind. */
static void append_invitation(const struct task *task, struct buffer *out)
{
    struct net_view view;
    const struct socket *s = task->what.socket;
    if (s == NULL || !s->listening)
        return;
    socket_look(s, &view);
    size_t length;
    const char *path = net_address_path(&view.local, &length);
    int port = net_address_port(&view.local);
    if (port > 0) {
        buffer_puts(out, "telnet ");
        if (net_address_is_any(&view.local))
            buffer_puts(out, s->family == AF_INET6 ? "::1" : "127.0.0.1");
        else
            net_address_append_host(out, &view.local);
        buffer_printf(out, " %d", port);
    } else if (length > 0 && path[0] != '\0') {
        append_path(out, "nc -U ", "'", path, strnlen(path, length));
    } else if (length > 0) {
        append_path(out, "socat - ABSTRACT-CONNECT:", ",:!\\\"'([{", path + 1, length - 1);
    }
}

/* "accept(3)" */
static void append_call(const struct task *task, struct buffer *line)
{
    buffer_puts(line, task->what.call);
    if (task->what.socket != NULL)
        buffer_printf(line, "(%d)", task->what.socket->fd);
}

static void describe(const struct task *task, double seconds, struct buffer *line)
{
    buffer_puts(line, "  ... ");
    append_call(task, line);
    buffer_puts(line, " waits for ");
    task_append_wait(line, task);
    buffer_printf(line, " (%.0f s, Ctrl-C stops)", seconds);
}

/* For a narrow terminal: how to stop it comes first. */
static void describe_briefly(const struct task *task, struct buffer *line)
{
    buffer_clear(line);
    buffer_puts(line, "  ... Ctrl-C stops ");
    append_call(task, line);
    buffer_puts(line, ": ");
    task_append_wait(line, task);
}

/* Cuts the line to what fits one row. */
static void cut(struct buffer *line, size_t room)
{
    while (line->length > 0 && text_columns(line->data, line->length) > room)
        line->length--;
    line->length = text_valid_length(buffer_text(line), line->length);
}

/* How many rows the lines of a text make; 0 where one of them has no room. */
static unsigned count_rows(const struct buffer *text, size_t room)
{
    unsigned rows = 0;
    for (const char *line = buffer_text(text);; line++) {
        const size_t length = strcspn(line, "\n");
        if (text_columns(line, length) > room)
            return 0;
        rows++;
        line += length;
        if (*line == '\0')
            return rows;
    }
}

/* Folds the line into rows that have room for it and for the terminal's ^C, and returns how many
 * they are: a row that wraps could not be erased. */
static unsigned fit(struct buffer *line, size_t columns)
{
    enum { HANG = 6 };
    const size_t room = columns - ECHOED;
    struct buffer folded = BUFFER_EMPTY;
    fold_append_part(&folded, buffer_text(line), line->length, 0, room, HANG);
    unsigned rows = line->failed || folded.failed ? 0 : count_rows(&folded, room);
    if (rows > 0) {
        buffer_clear(line);
        buffer_append(line, buffer_text(&folded), folded.length);
    } else {
        cut(line, room);
    }
    buffer_free(&folded);
    return rows > 0 ? rows : 1;
}

/* A row of its own, or none where it does not fit whole: half an invitation would mislead. */
static void describe_invitation(const struct task *task, size_t columns, struct buffer *line)
{
    struct buffer invitation = BUFFER_EMPTY;
    append_invitation(task, &invitation);
    if (invitation.length > 0)
        buffer_printf(line, "      in another terminal: %s", buffer_text(&invitation));
    if (text_columns(buffer_text(line), line->length) + ECHOED > columns)
        buffer_clear(line);
    if (line->failed || invitation.failed)
        buffer_clear(line);
    buffer_free(&invitation);
}

static void show(struct session *session, const struct task *task, double seconds)
{
    struct buffer line = BUFFER_EMPTY, invitation = BUFFER_EMPTY;
    unsigned rows = 1;
    describe(task, seconds, &line);
    bool redraws = waiting_can_redraw(session);
    size_t columns = (size_t)port_columns(&session->err);
    if (redraws) {
        if (text_columns(buffer_text(&line), line.length) + ECHOED > columns)
            describe_briefly(task, &line);
        rows = fit(&line, columns);
        erase(session);
    }
    describe_invitation(task, columns, &invitation);
    if (invitation.length > 0)
        buffer_printf(&line, "\n%s", buffer_text(&invitation));
    port_fresh_line(&session->err);
    port_put(&session->err, STYLE_DIM, &line); /* all rows at once: a stop may come between two */
    if (!redraws)
        port_puts(&session->err, "\n");
    session->waiting_rows = rows + (invitation.length > 0); /* before, output would erase them */
    buffer_free(&line);
    buffer_free(&invitation);
}

static void on_tick(struct loop_wait *tick, enum loop_why why)
{
    struct session *session = session_of_tick(tick);
    const struct task *task = session->engine->foreground;
    (void)why;
    if (task == NULL)
        return;
    double waited = task->state == TASK_WAITING ? loop_now() - task->since : 0;
    if (waited < 0.95)
        erase(session);
    else if (session->waiting_rows == 0 || waiting_can_redraw(session))
        show(session, task, waited);
    tick->deadline = loop_now() + 0.25;
    if (task->state == TASK_WAITING && waited < 0.95)
        tick->deadline = task->since + 1;
    loop_wait_start(session->engine->loop, tick);
}

void waiting_begin(struct session *session)
{
    session->tick.fd = -1;
    session->tick.wake = on_tick;
    session->tick.deadline = loop_now() + 1;
    loop_wait_start(session->engine->loop, &session->tick);
}

void waiting_resume(struct session *session)
{
    if (session->waiting_rows > 1)
        session->waiting_rows = 1;
}

void waiting_end(struct session *session)
{
    loop_wait_stop(session->engine->loop, &session->tick);
    erase(session);
}
