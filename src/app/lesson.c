/* SPDX-License-Identifier: MIT
 *
 * The player's host: code runs as the foreground, as at the prompt, and its end is the player's
 * next event. Nothing here decides how a lesson goes.
 */
#include "app/lesson.h"
#include "base/text.h"
#include "lua/evaluate.h"
#include "lua/judge.h"
#include "lua/socket.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* On loopback what a replay has sent is there already: its tasks need no more than their turns of
 * the loop, of which each rest is at least one. */
enum { RESTS = 5 };

/* Host functions. */

static void host_tell(void *owner, enum player_voice voice, const char *text)
{
    struct lesson_play *play = owner;
    const struct lesson_observer *observer = play->session->observer;
    play->at_bare_prompt = false;
    if (observer != NULL)
        observer->tell(observer->owner, voice, text);
    else
        lesson_tell(play, voice, text);
}

/* For a projector the key that lays out a line leaves no empty prompt above it. */
static void take_row_back(struct lesson_play *play)
{
    struct port *port = &play->session->out;
    if (play->at_bare_prompt && play->suggests && play->manner == PLAYER_PRESENT &&
        port->terminal && waiting_can_redraw(play->session)) {
        fputs("\033[A", port->file);
        fflush(port->file);
    }
    play->at_bare_prompt = false;
}

static void host_ask(void *owner, const char *prompt, const char *typed)
{
    struct lesson_play *play = owner;
    buffer_clear(&play->prompt);
    text_append_safe(&play->prompt, prompt, strlen(prompt), false);
    buffer_clear(&play->typed);
    buffer_puts(&play->typed, typed != NULL ? typed : "");
    play->suggests = typed != NULL && !play->typed.failed;
    if (play->typed.failed)
        report_note(play->session, "not enough memory to put the line on the prompt");
    if (play->suggests && !waiting_can_redraw(play->session))
        lesson_flatten_typed(play);
    const struct lesson_observer *observer = play->session->observer;
    if (observer != NULL) {
        observer->ask(observer->owner);
        return;
    }
    take_row_back(play);
    entry_ask(play->session);
}

static void host_run(void *owner, enum player_run how, const char *code, unsigned line)
{
    struct lesson_play *play = owner;
    const struct lesson_observer *observer = play->session->observer;
    if (observer != NULL)
        observer->run(observer->owner, line);
    play->at_bare_prompt = false;
    play->how = how;
    play->session->quiet = how != PLAYER_SHOW;
    play->session->hushed = how == PLAYER_REPLAY || how == PLAYER_RECALL;
    if (how == PLAYER_SHOW || how == PLAYER_RECALL)
        record_text(play->session, JOURNAL_TYPED, code);
    if (how == PLAYER_SHOW)
        lesson_show_typed(play, code);
    lesson_start_code(play, code);
}

static void host_wait(void *owner, double seconds)
{
    struct lesson_play *play = owner;
    play->rests = 0;
    lesson_start_timer(play, seconds);
}

static void host_settle(void *owner)
{
    struct lesson_play *play = owner;
    play->rests = play->session->engine->task_count > 0 ? RESTS : 0;
    lesson_start_timer(play, 0);
}

static void host_step(void *owner, size_t step)
{
    struct lesson_play *play = owner;
    (void)step;
    play->session->hushed = false;
    judge_mark(play->session->engine);
}

void lesson_close_opened(struct engine *e, unsigned long serial, unsigned task_id)
{
    for (struct task *task = e->tasks; task != NULL; task = task->next)
        if (task->id > task_id)
            task_stop(task, TASK_CANCEL);
    for (struct socket *s = e->sockets, *next; s != NULL; s = next) {
        next = s->next;
        if (s->serial > serial)
            socket_drop(s);
    }
}

/* What was done so far is undone, and what is not will be done again: the lesson's story, as it is
 * drawn and counted, begins anew. */
static void begin_anew(struct lesson_play *play)
{
    const struct journal *journal = play->session->engine->journal;
    record_heading(play); /* of the step that is left */
    record_text(play->session, JOURNAL_SHOWN, RECORD_REPEATED);
    play->valid_number = journal != NULL ? journal_next(journal) : 0;
}

static void host_reset(void *owner)
{
    struct lesson_play *play = owner;
    const struct lesson_observer *observer = play->session->observer;
    lesson_close_opened(play->session->engine, play->first_serial, play->first_task);
    begin_anew(play);
    lesson_confine_anew(play);
    lesson_partner_close(play->session);
    if (observer != NULL)
        observer->reset(observer->owner);
}

static void host_save(void *owner, const struct progress *progress)
{
    struct lesson_play *play = owner;
    if (play->progress_path == NULL)
        return;
    int error = progress_write(play->progress_path, progress);
    if (error == 0)
        return;
    report_note(play->session, "progress is not kept: %s", strerror(error));
    free(play->progress_path);
    play->progress_path = NULL;
}

static void host_over(void *owner, enum player_end end)
{
    struct lesson_play *play = owner;
    play->over = true;
    play->end = end;
}

/* Beginning and end. */

static bool is_for_person(const struct lesson_play *play)
{
    return play->session->observer == NULL &&
           (play->manner == PLAYER_KEYS || play->manner == PLAYER_PRESENT);
}

/* The progress made before, or none; what cannot be used is put aside, and that is told. */
static int load_progress(struct lesson_play *play, struct progress *progress)
{
    const struct lesson *lesson = play->lesson;
    struct buffer why = BUFFER_EMPTY;
    int error = ENOENT;
    if (is_for_person(play))
        error = progress_path(lesson->name, &play->progress_path);
    if (play->progress_path != NULL)
        error = progress_read(play->progress_path, progress, &why);
    if (error == 0 && !progress_fits(progress, lesson->hash, lesson->step_count, &why)) {
        progress_free(progress);
        error = EINVAL;
    }
    if (error == EINVAL) {
        int aside = progress_put_aside(play->progress_path);
        report_note(play->session, "%s.lua: the progress file %s; %s", lesson->name,
                    buffer_text(&why),
                    aside == 0 ? "it is kept with .old behind its name, and the lesson begins anew"
                               : "it stays as it is, and progress is not kept");
        if (aside != 0) {
            free(play->progress_path);
            play->progress_path = NULL;
        }
    }
    buffer_free(&why);
    if (error == ENOMEM) /* it is there, and must not be written over */
        return error;
    return error == 0 ? 0 : progress_init(progress, lesson->hash, lesson->step_count);
}

static void tell_needs(const struct lesson_play *play)
{
    const struct lesson *lesson = play->lesson;
    if ((lesson->needs & LESSON_NEEDS_TWO_TERMINALS) != 0 && lesson->partner != NULL)
        report_note(play->session, "the other side, %s, is for a second terminal", lesson->partner);
}

static int start_confined(struct lesson_play *play)
{
    struct session *session = play->session;
    int error = lesson_confine(play);
    if (error != 0) {
        lesson_discard(play);
        return error;
    }
    player_start(play->player);
    lesson_settle(session);
    return 0;
}

/* The question about other computers was answered: now the lesson begins. */
static void hear_network(struct session *session, const char *answer)
{
    lesson_hear_network(session->play, answer);
    int error = start_confined(session->play);
    if (error == 0)
        return;
    report_note(session, "the lesson cannot begin: %s", strerror(error));
    entry_ask(session);
}

int lesson_begin(struct session *session, const char *path, struct lesson *lesson,
                 enum player_manner manner)
{
    struct lesson_play *play = calloc(1, sizeof *play);
    struct progress progress = {0};
    if (play == NULL) {
        lesson_free(lesson);
        return ENOMEM;
    }
    const struct player_host host = {host_tell, host_ask,   host_run,  host_wait, host_settle,
                                     host_step, host_reset, host_save, host_over, play};
    play->session = session;
    play->lesson = lesson;
    play->manner = manner;
    session->play = play;
    play->path = strdup(path);
    int error = play->path == NULL ? ENOMEM : load_progress(play, &progress);
    if (error == 0)
        error = player_new(lesson, &progress, manner, &host, &play->player);
    progress_free(&progress);
    if (error != 0) {
        lesson_discard(play);
        return error;
    }
    tell_needs(play);
    if (!lesson_wants_network(play) || !is_for_person(play))
        return start_confined(play);
    lesson_ask_network(play);
    return 0;
}

static void put_mistakes(struct session *session, const struct buffer *mistakes)
{
    report_fresh_line(session);
    port_bytes(&session->err, buffer_text(mistakes), mistakes->length);
}

static int refuse_file(struct session *session, const char *path, int error)
{
    report_about(session, path, strerror(error));
    return 2;
}

int lesson_open(struct session *session, const char *path, enum player_manner manner)
{
    struct buffer text = BUFFER_EMPTY, mistakes = BUFFER_EMPTY;
    struct lesson *lesson = NULL;
    int error = lesson_read_file(path, &text), status = 0;
    if (error == 0 && !lesson_is_lesson(buffer_text(&text), text.length)) {
        report_note(session, "that file is no lesson; .run runs it");
        status = 1;
    } else if (error != 0) {
        status = refuse_file(session, path, error);
    } else {
        error = lesson_parse_text(session, path, &text, &lesson, &mistakes);
        put_mistakes(session, &mistakes);
        status = error != 0;
        if (error == ENOMEM)
            status = refuse_file(session, path, error);
    }
    buffer_free(&text);
    buffer_free(&mistakes);
    if (lesson == NULL)
        return status;
    lesson_close(session);
    error = lesson_begin(session, path, lesson, manner);
    return error != 0 ? refuse_file(session, path, error) : 0;
}

int lesson_run(struct session *session)
{
    while (session->play != NULL && !session->done)
        engine_turn(session->engine, INFINITY);
    if (session->notes.ended)
        return 128 + session->notes.ended;
    if (session->done)
        return session->status;
    return session->failed ? session->interrupted ? 130 : 1 : 0;
}

/* Events. */

void lesson_enter(struct session *session)
{
    if (session->play->asks_network) {
        hear_network(session, "");
        return;
    }
    session->play->at_bare_prompt = !session->play->suggests;
    player_enter(session->play->player);
    lesson_settle(session);
}

bool lesson_answer(struct session *session, const char *text)
{
    if (session->play->asks_network) {
        hear_network(session, text);
        return true;
    }
    bool answered = player_answer(session->play->player, text);
    lesson_settle(session);
    return answered;
}

void lesson_entered(struct session *session, const char *code, size_t length)
{
    struct buffer copy = BUFFER_EMPTY;
    buffer_append(&copy, code, length);
    while (copy.length > 0 && copy.data[copy.length - 1] == '\n')
        copy.data[--copy.length] = '\0';
    if (copy.failed)
        luaL_error(session->L, "not enough memory");
    session->play->told = true;
    player_entered(session->play->player, buffer_text(&copy),
                   prompt_was_suggested(session->prompt) && !session->proposes);
    buffer_free(&copy);
}

void lesson_refused(struct session *session)
{
    player_refused(session->play->player);
}

void lesson_interrupted(struct session *session)
{
    loop_wait_stop(session->engine->loop, &session->play->timer);
    session->interrupted = true;
    player_interrupted(session->play->player);
    lesson_settle(session);
}
