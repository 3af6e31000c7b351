/* SPDX-License-Identifier: MIT
 *
 * What is typed: whose line it is, and how lines become statements; and what follows once a
 * statement has ended.
 */
#include "app/dots.h"
#include "app/lesson.h"
#include "app/session.h"
#include "lua/evaluate.h"

#include <string.h>

static void record_beginning(struct session *session, const char *text, size_t length)
{
    struct buffer typed = BUFFER_EMPTY;
    buffer_append(&typed, text, length);
    record_buffer(session, JOURNAL_TYPED, &typed);
    buffer_free(&typed);
}

/* The same for what was typed. */
static void start_typed(struct session *session, const char *text, size_t length)
{
    record_beginning(session, text, length);
    if (session->play != NULL)
        lesson_entered(session, text, length);
    stray_note_name(session, text, length);
    entry_start(session);
}

/* What was typed is recorded before what is said of it. */
static void refuse(struct session *session, const char *text, size_t length)
{
    record_beginning(session, text, length);
    report_message(session, session->L, "error: ");
    lua_pop(session->L, 1);
    stray_tell_of_syntax(session, text);
    entry_forget_unfinished(session);
    if (session->play != NULL)
        lesson_refused(session);
}

/* Once a session: `local x = 1` is gone on the next line. */
static void tell_of_local(struct session *session, const char *text)
{
    if (session->told_of_local || strncmp(text, "local ", 6) != 0)
        return;
    session->told_of_local = true;
    report_note(session, "a local variable ends with its entry; without `local` it stays");
}

/* Of an entry that memory did not suffice for, nothing may run. */
static bool drop_incomplete(struct session *session, const struct buffer *text)
{
    if (!text->failed)
        return false;
    entry_forget_unfinished(session);
    report_note(session, "not enough memory: the entry was dropped");
    return true;
}

/* Runs the pasted lines that can be run, one statement after the other: the shortest beginning that
 * compiles comes first. */
static bool run_queue(struct session *session)
{
    struct buffer *queue = &session->queue;
    size_t end = 0;
    while (end < queue->length) {
        const char *newline = memchr(queue->data + end, '\n', queue->length - end);
        end = newline == NULL ? queue->length : (size_t)(newline - queue->data) + 1;
        enum evaluate_outcome outcome = evaluate_compile(session->L, queue->data, end);
        if (outcome == EVALUATE_WRONG || outcome == EVALUATE_NO_MEMORY) {
            refuse(session, queue->data, queue->length);
            return false;
        }
        if (outcome == EVALUATE_READY) {
            start_typed(session, queue->data, end);
            queue->length -= end;
            memmove(queue->data, queue->data + end, queue->length + 1);
            return true;
        }
    }
    buffer_append(&session->pending, queue->data, queue->length);
    buffer_clear(queue);
    drop_incomplete(session, &session->pending);
    return false;
}

static bool has_lines(const struct buffer *text)
{
    const char *newline = memchr(buffer_text(text), '\n', text->length);
    return newline != NULL && newline[1] != '\0';
}

/* Runs the pending text if it is a statement; returns whether something runs now. */
static bool run_pending(struct session *session)
{
    struct buffer *pending = &session->pending;
    enum evaluate_outcome outcome =
        evaluate_compile(session->L, buffer_text(pending), pending->length);
    if (outcome == EVALUATE_INCOMPLETE)
        return false;
    entry_remember(session, buffer_text(pending));
    if (outcome == EVALUATE_WRONG && has_lines(pending)) {
        lua_pop(session->L, 1);
        buffer_append(&session->queue, pending->data, pending->length);
        buffer_clear(pending);
        return !drop_incomplete(session, &session->queue) && run_queue(session);
    }
    if (outcome != EVALUATE_READY) {
        refuse(session, buffer_text(pending), pending->length);
        return false;
    }
    tell_of_local(session, buffer_text(pending));
    start_typed(session, buffer_text(pending), pending->length);
    buffer_clear(pending);
    return true;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

void entry_take(struct session *session, const char *text)
{
    if (text == NULL && session->pending.length > 0) {
        entry_forget_unfinished(session); /* one more on the empty line leaves */
        report_note(session, "the unfinished statement was dropped");
        entry_ask(session);
        return;
    }
    if (text == NULL) {
        session->done = true;
        engine_leave(session->engine);
        return;
    }
    if (session->pending.length == 0 && is_blank(text)) {
        if (session->play != NULL)
            lesson_enter(session);
        else
            entry_ask(session);
        return;
    }
    if (dots_take(session, text))
        return;
    if (session->play != NULL && session->pending.length == 0 && lesson_answer(session, text))
        return;
    if (words_take(session, text)) {
        entry_remember(session, text);
        if (!session->done)
            entry_ask(session);
        return;
    }
    if (habit_take(session, text))
        return;
    if (session->pending.length > 0)
        buffer_putc(&session->pending, '\n');
    buffer_puts(&session->pending, text);
    if (drop_incomplete(session, &session->pending) || !run_pending(session))
        entry_ask(session);
}

/* What a replay or a judge runs was never typed. */
static void tell_of_stop(struct session *session, const struct task *task)
{
    if (!session->quiet)
        record_text(session, JOURNAL_SHOWN, RECORD_INTERRUPTED);
    report_echo(session);
    session->echoed = false;
    report_note(session, task->in_connect ? "interrupted; the connect goes on in the kernel: the "
                                            "socket is best closed"
                                          : "interrupted");
}

void entry_ended(struct session *session, const struct task *task)
{
    session->stray[0] = '\0';
    if (session->done)
        return;
    if (task->state == TASK_STOPPED)
        tell_of_stop(session, task);
    lua_gc(session->L, LUA_GCCOLLECT); /* so that a socket nobody refers to is closed now */
    if (!session->quiet)
        record_sockets(session);
    if (task->state != TASK_DONE)
        entry_forget_unfinished(session);
    if (task->state == TASK_FAILED && !session->quiet)
        habit_mend(session, task->co);
    bool more = task->state == TASK_DONE && session->queue.length > 0;
    bool plays = session->play != NULL; /* whose player asks for the next line, or nobody does */
    if (plays)
        lesson_ended(session, task, more);
    if (more ? !run_queue(session) : !plays)
        entry_ask(session);
}

void entry_interrupted(struct session *session)
{
    if (session->prompt == NULL || !prompt_is_shown(session->prompt)) {
        if (session->play != NULL)
            lesson_interrupted(session);
        return;
    }
    prompt_interrupt(session->prompt);
    entry_forget_unfinished(session);
    entry_ask(session);
}
