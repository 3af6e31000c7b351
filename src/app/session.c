/* SPDX-License-Identifier: MIT
 *
 * The session's life: what is opened in which order, what it hears of the engine and of signals,
 * and how it ends.
 */
#include "app/session.h"
#include "app/complete.h"
#include "app/lesson.h"
#include "lua/error.h"
#include "lua/library.h"
#include "lua/socket.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

static void on_collected(void *owner, const char *text)
{
    const struct session *session = owner;
    if (!session->quiet && !session->hushed)
        report_note(owner, "closed, as nothing refers to it: %s", text);
}

static void on_told(void *owner, const char *text)
{
    const struct session *session = owner;
    if (!session->hushed)
        report_note(owner, "%s", text);
}

static void on_failed(void *owner, struct task *task)
{
    struct session *session = owner;
    if (task->id == 0)
        waiting_end(session);
    if (task->id == 0 ? !session->quiet : task->awaited == 0 && !session->hushed)
        report_error(session, task);
}

static void end_entry(struct session *session, const void *task)
{
    entry_ended(session, task);
}

static void on_ended(void *owner, struct task *task)
{
    struct session *session = owner;
    if (task->id == 0) {
        waiting_end(session);
        session->failed = task->state == TASK_FAILED;
        session->interrupted = task->state == TASK_STOPPED && !session->done;
        bool plays = session->play != NULL;
        if (session->done || !(session->engine->attended || plays))
            engine_leave(session->engine);
        if (session->asking || plays) {
            guard_run(session, end_entry, task);
            return;
        }
    }
    if (task->runaway)
        report_note(session, "task %u \"%s\" gave nobody else a turn: Ctrl-C stopped it", task->id,
                    task->name);
}

static void interrupt_entry(struct session *session, const void *nothing)
{
    (void)nothing;
    entry_interrupted(session);
}

static void on_interrupted(void *owner)
{
    struct session *session = owner;
    if (session->prompt != NULL || session->play != NULL)
        guard_run(session, interrupt_entry, NULL);
}

static void end_by_signal(struct session *session)
{
    session->done = true;
    session->status = 128 + session->notes.ended;
    engine_leave(session->engine);
    if (session->engine->foreground != NULL)
        task_stop(session->engine->foreground, TASK_CANCEL);
}

/* The terminal's signals, while a line is being typed. */
static void tend_terminal(struct session *session)
{
    struct signal_notes *notes = &session->notes;
    if (notes->stopping) {
        notes->stopping = 0;
        prompt_suspend(session->prompt);
        signals_suspend();
        notes->continued = 1; /* also where it was not stopped, as no shell could bring it back */
    }
    if (notes->continued) {
        notes->continued = 0;
        waiting_resume(session);
        prompt_resume(session->prompt);
    }
    if (notes->resized) {
        notes->resized = 0;
        prompt_resize(session->prompt);
    }
}

static void on_noted(void *owner)
{
    struct engine *e = owner; /* the engine owns the notes */
    struct session *session = e->host.owner;
    if (session->notes.ended)
        end_by_signal(session);
    if (session->prompt != NULL)
        tend_terminal(session);
    if (signals_take_interrupt(&session->notes))
        engine_interrupt(e);
}

static void open_ports(struct session *session, enum colour_when colour)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    bool plain = (no != NULL && no[0] != '\0') || (term != NULL && strcmp(term, "dumb") == 0);
    port_init(&session->out, stdout);
    port_init(&session->err, stderr);
    session->out.colour =
        colour == COLOUR_ALWAYS || (colour == COLOUR_AUTO && session->out.terminal && !plain);
    session->err.colour =
        colour == COLOUR_ALWAYS || (colour == COLOUR_AUTO && session->err.terminal && !plain);
}

static void take_entry(struct session *session, const void *text)
{
    entry_take(session, text);
}

static void on_line(void *owner, const char *text)
{
    guard_run(owner, take_entry, text);
}

static void on_display(void *owner, struct display *display)
{
    const struct session *session = owner;
    display->columns = (size_t)port_columns(&session->out);
    display->utf8 = session->out.utf8;
    display->terminal = session->out.terminal;
}

static void open_prompt(struct session *session)
{
    struct prompt_host host = {.line = on_line, .complete = complete_word, .owner = session};
    char *history = prompt_history_path();
    int error = prompt_new(session->engine->loop, &session->out, history, &host, &session->prompt);
    free(history);
    if (error != 0)
        luaL_error(session->L, "cannot read from the terminal: %s", strerror(error));
    if (session->err.terminal)
        prompt_guard(session->prompt, &session->err);
    waiting_open(session);
    prompt_restore_at_crash();
    atexit(prompt_restore_terminal); /* for os.exit() in a task while a line is being typed */
    session->engine->attended = true;
    session->engine->host.collected = on_collected;
}

void session_open(struct session *session, lua_State *L, enum colour_when colour, bool attended)
{
    session->L = L;
    open_ports(session, colour);
    luaL_openlibs(L);
    session->engine = library_open(L, &net_sys_real, &session->notes);
    session->notes.noted = on_noted;
    session->engine->host.owner = session;
    session->engine->host.told = on_told;
    session->engine->host.failed = on_failed;
    session->engine->host.ended = on_ended;
    session->engine->host.interrupted = on_interrupted;
    session->engine->host.display = on_display;
    output_open(session);
    words_open(session);
    if (attended)
        open_prompt(session);
    trace_switch(session, attended);
}

static int exit_status(const struct session *session)
{
    if (session->notes.ended)
        return 128 + session->notes.ended;
    if (session->status != 0 || session->done)
        return session->status;
    return session->interrupted ? 130 : session->failed ? 1 : 0;
}

int session_run(struct session *session, int arguments)
{
    struct engine *e = session->engine;
    engine_start(e, session->L, arguments);
    while (e->foreground != NULL)
        engine_turn(e, INFINITY);
    return exit_status(session);
}

int session_prompt(struct session *session)
{
    session->asking = true;
    if (session->play == NULL)
        entry_ask(session);
    while (!session->done)
        engine_turn(session->engine, INFINITY);
    return session->status;
}

static void tell_what_is_open(struct session *session)
{
    unsigned sockets = 0, tasks = session->engine->task_count;
    for (const struct socket *s = session->engine->sockets; s != NULL; s = s->next)
        sockets++;
    if (sockets > 0 && session->asking)
        report_note(session, "closing %u open socket%s", sockets, sockets == 1 ? "" : "s");
    if (tasks > 0 && session->err.terminal)
        report_note(session, "cancelling %u task%s that still ran", tasks, tasks == 1 ? "" : "s");
}

void session_close(struct session *session)
{
    if (session->engine == NULL)
        return;
    if (session->prompt != NULL)
        prompt_free(
            session->prompt); /* the line that is being typed ends before anything is said */
    session->prompt = NULL;
    lesson_partner_close(session);
    lesson_close(session);
    tell_what_is_open(session);
    session->engine->host.recorded = NULL;
    session->engine->recording = false;
    session->engine->host.collected = NULL;
    engine_end(session->engine);
    buffer_free(&session->pending);
    buffer_free(&session->entered);
    buffer_free(&session->queue);
    buffer_free(&session->proposed);
    if (port_flush(&session->out) != 0)
        output_check(session);
}
