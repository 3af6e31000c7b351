/* SPDX-License-Identifier: MIT
 *
 * The prompt comes back: with the text that fits where one is, and what is proposed on it. Knows
 * nothing of what becomes of the line.
 */
#include "app/lesson.h"
#include "app/session.h"

#include <string.h>

/* There is nothing that the shell could wait for any more. */
static void give_up(struct session *session, int error)
{
    report_note(session, "cannot read from the terminal: %s", strerror(error));
    session->done = true;
    session->status = 1;
    engine_leave(session->engine);
}

static const char *style_prompt(const struct session *session, const char *text,
                                struct buffer *styled)
{
    /* Readline must be told what takes no room on the screen. */
    if (!session->out.colour)
        return text;
    buffer_printf(styled, "\001%s\002%s\001%s\002", port_style_begin(&session->out, STYLE_BOLD),
                  text, port_style_end(&session->out, STYLE_BOLD));
    return styled->failed ? text : buffer_text(styled);
}

void entry_ask_with(struct session *session, const char *line)
{
    struct buffer styled = BUFFER_EMPTY;
    const char *text = "sock> ", *suggestion = NULL;
    if (session->play != NULL)
        text = lesson_prompt(session, &suggestion);
    if (session->pending.length > 0)
        text = "  ..> ";
    session->notes.defer_stop = 1;
    text = style_prompt(session, text, &styled);
    session->proposes = line != NULL;
    int error;
    if (line == NULL && suggestion != NULL && session->pending.length == 0)
        error = prompt_suggest(session->prompt, text, suggestion);
    else if (line != NULL &&
             session->play != NULL) /* where the first letter replaces what is there */
        error = prompt_suggest(session->prompt, text, line);
    else
        error = prompt_show(session->prompt, text, line);
    buffer_free(&styled);
    if (error != 0)
        give_up(session, error);
}

void entry_ask(struct session *session)
{
    struct buffer proposed = session->proposed;
    session->proposed = BUFFER_EMPTY;
    if (proposed.failed)
        report_note(session, "not enough memory to put the line on the prompt");
    entry_ask_with(session,
                   proposed.length > 0 && !proposed.failed ? buffer_text(&proposed) : NULL);
    buffer_free(&proposed);
}

void entry_remember(struct session *session, const char *text)
{
    int error = prompt_remember(session->prompt, text);
    if (error == 0 || session->told_of_history)
        return;
    session->told_of_history = true;
    report_note(session, "the history is not kept: %s", strerror(error));
}

void entry_forget_unfinished(struct session *session)
{
    buffer_clear(&session->pending);
    buffer_clear(&session->queue);
}

void entry_recover(struct session *session)
{
    entry_forget_unfinished(session);
    session->quiet = session->engine->aside = false;
    if (session->engine->foreground == NULL && !session->done)
        entry_ask(session);
}
