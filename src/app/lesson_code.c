/* SPDX-License-Identifier: MIT
 *
 * The code of a lesson as the session's foreground: how it starts, and how the player hears of its
 * end. Where memory does not suffice to start it, that is its end. Knows nothing of what the code
 * is for.
 */
#include "app/lesson.h"
#include "lua/evaluate.h"

#include <lauxlib.h>
#include <string.h>

/* Of each rest that a replay's tasks are given. */
#define REST_SECONDS 0.02

static void tell_observer(const struct lesson_play *play, const struct player_outcome *outcome)
{
    const struct lesson_observer *observer = play->session->observer;
    if (observer != NULL)
        observer->ran(observer->owner, play->runs ? play->how : PLAYER_SHOW, outcome);
}

/* Of what a replay enters into the record: how it ended, as the record has what was typed. */
static void record_end(struct session *session, const struct player_outcome *outcome)
{
    struct buffer text = BUFFER_EMPTY;
    if (outcome->stopped)
        record_text(session, JOURNAL_SHOWN, RECORD_INTERRUPTED);
    if (outcome->stopped || !outcome->failed)
        return;
    buffer_printf(&text, "error: %s", outcome->message != NULL ? outcome->message : "");
    record_buffer(session, JOURNAL_SHOWN, &text);
    buffer_free(&text);
}

/* Of a statement. */
static void hear_outcome(struct session *session, const void *outcome)
{
    struct lesson_play *play = session->play;
    session->engine->aside = false;
    tell_observer(play, outcome);
    if (play->runs && play->how == PLAYER_RECALL)
        record_end(session, outcome);
    play->runs = play->told = play->follows = play->starved = false;
    session->quiet = false;
    player_ran(play->player, outcome);
    lesson_settle(session);
}

static void hear_time(struct session *session, const void *nothing)
{
    static const struct player_outcome starved = {.failed = true, .message = "not enough memory"};
    struct lesson_play *play = session->play;
    (void)nothing;
    if (play->starved) {
        hear_outcome(session, &starved);
        return;
    }
    if (play->rests > 0) {
        play->rests--;
        lesson_start_timer(play, REST_SECONDS);
        return;
    }
    player_waited(play->player);
    lesson_settle(session);
}

static void on_time(struct loop_wait *timer, enum loop_why why)
{
    const struct lesson_play *play =
        (struct lesson_play *)((char *)timer - offsetof(struct lesson_play, timer));
    (void)why;
    guard_run(play->session, hear_time, NULL);
}

void lesson_start_timer(struct lesson_play *play, double seconds)
{
    struct loop *loop = play->session->engine->loop;
    loop_wait_stop(loop, &play->timer);
    play->timer.fd = -1;
    play->timer.wake = on_time;
    play->timer.deadline = loop_now() + seconds;
    int error = loop_wait_start(loop, &play->timer);
    if (error != 0)
        luaL_error(play->session->L, "cannot wait: %s", strerror(error));
}

static int raise_message(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    return lua_error(L);
}

/* Pushes the code's chunk. What does not compile, as a line of a progress file that somebody has
 * edited, fails when it runs. */
static void push_chunk(lua_State *L, const char *code)
{
    enum evaluate_outcome outcome = evaluate_compile(L, code, strlen(code));
    if (outcome == EVALUATE_READY)
        return;
    if (outcome == EVALUATE_INCOMPLETE)
        lua_pushliteral(L, "a statement without its end");
    lua_pushcclosure(L, raise_message, 1);
}

static void start(struct session *session, const void *code)
{
    push_chunk(session->L, code);
    if (session->play->how != PLAYER_JUDGE) {
        entry_start(session);
        return;
    }
    session->engine->aside = true;
    engine_start(session->engine, session->L, 0);
}

/* What memory did not suffice to start has failed: of that the player hears from the loop. */
void lesson_start_code(struct lesson_play *play, const char *code)
{
    struct session *session = play->session;
    play->runs = true;
    if (guard_try(session, start, code) == LUA_OK)
        return;
    lua_pop(session->L, 1);
    report_shortage(session, "not enough memory to run that");
    play->starved = true;
    lesson_start_timer(play, 0);
}

void lesson_type(struct session *session, const char *code, bool suggested, bool more)
{
    struct lesson_play *play = session->play;
    session->observer->run(session->observer->owner, 0);
    play->told = true;
    play->follows = more;
    record_text(session, JOURNAL_TYPED, code);
    player_entered(play->player, code, suggested);
    push_chunk(session->L, code);
    entry_start(session);
}

void lesson_ended(struct session *session, const struct task *task, bool more)
{
    struct lesson_play *play = session->play;
    struct lesson_outcome report = {.outcome.more =
                                        more || (play->follows && task->state == TASK_DONE)};
    if (!play->runs && !play->told) { /* a script, by .run */
        if (!more)
            entry_ask(session);
        return;
    }
    lesson_outcome_read(task, &report);
    if (report.starved)
        report_shortage(session, "not enough memory to tell the lesson how that ended");
    int status = guard_try(session, hear_outcome, &report.outcome);
    lesson_outcome_free(&report);
    if (status != LUA_OK)
        lua_error(session->L);
}
