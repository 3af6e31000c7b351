/* SPDX-License-Identifier: MIT
 *
 * What a lesson may reach, as it may come from a stranger: its code runs in a sandbox, and it talks
 * to other computers only where its header says so and the student agreed.
 */
#include "app/lesson.h"
#include "lua/sandbox.h"
#include "lua/socket.h"
#include "view/journal.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* sandbox_policy's `fill`: what the session has for a lesson goes into the globals at the top. */
static void lend(lua_State *L, void *owner)
{
    output_lend(owner, L);
    words_lend(L);
}

static int enter_sandbox(struct lesson_play *play)
{
    const struct sandbox_policy policy = {
        .network = play->network, .fill = lend, .owner = play->session};
    return sandbox_enter(play->session->L, play->session->engine, &policy);
}

/* What an earlier lesson left open was there to play with; now it would hold the ports that this
 * one wants, or be in the way of its own replay. */
static void close_earlier(struct session *session)
{
    struct engine *e = session->engine;
    unsigned count = 0;
    for (struct task *task = e->tasks; task != NULL; task = task->next)
        if (task->sandbox != NULL)
            task_stop(task, TASK_CANCEL);
    for (struct socket *s = e->sockets, *next; s != NULL; s = next) {
        next = s->next;
        if (s->sandbox == NULL)
            continue;
        socket_drop(s);
        count++;
    }
    if (count > 0)
        report_note(session, "closed: %u socket%s that an earlier lesson had left open", count,
                    count == 1 ? "" : "s");
}

int lesson_confine(struct lesson_play *play)
{
    struct engine *e = play->session->engine;
    close_earlier(play->session);
    play->first_serial = e->last_serial;
    play->first_task = e->last_id;
    play->first_number = e->journal != NULL ? journal_next(e->journal) : 0;
    play->valid_number = play->first_number;
    play->first_lost = e->journal != NULL ? journal_lost(e->journal) : 0;
    int error = enter_sandbox(play);
    play->confined = error == 0;
    return error;
}

void lesson_confine_anew(struct lesson_play *play)
{
    int error = play->confined ? enter_sandbox(play) : 0;
    if (error != 0)
        report_note(play->session, "%s: what the lesson defined is still there", strerror(error));
}

void lesson_release(struct lesson_play *play)
{
    if (play->confined && sandbox_leave(play->session->L, play->session->engine) != 0)
        report_note(play->session, "not enough memory: the lesson's variables are gone");
    play->confined = false;
}

bool lesson_wants_network(const struct lesson_play *play)
{
    return (play->lesson->needs & LESSON_NEEDS_NETWORK) != 0;
}

void lesson_ask_network(struct lesson_play *play)
{
    report_note(play->session, "this lesson wants to reach other computers; without that it plays "
                               "too, on this one alone");
    play->asks_network = true;
    buffer_clear(&play->prompt);
    buffer_puts(&play->prompt, "allow that? y/n> ");
    play->suggests = false;
    entry_ask(play->session);
}

void lesson_hear_network(struct lesson_play *play, const char *answer)
{
    play->asks_network = false;
    play->network = strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
    report_note(play->session, play->network ? "it may" : "it may not");
}
