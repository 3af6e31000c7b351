/* SPDX-License-Identifier: MIT
 *
 * What the host tells of: lines, ends of statements, time that passed, commands; and what each
 * means where one is.
 */
#include "playing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where one was. */

static void offer(struct player *p)
{
    p->state = PLAYER_OFFERS;
    tell(p, PLAYER_QUESTION, "You have been here before, as far as step %zu of %zu.",
         p->progress.here + 1, p->lesson->step_count);
    tell(p, PLAYER_CHOICE, "1) go on there (Enter does)");
    tell(p, PLAYER_CHOICE, "2) start over");
    tell(p, PLAYER_CHOICE, "3) forget that I was here, and leave the lesson");
    course_ask(p, NULL);
}

static bool answer_offer(struct player *p, const char *line)
{
    /* Not constant, as texts of a lesson are not. */
    char words[3][12] = {"go on", "start over", "forget"};
    struct lesson_text texts[] = {{words[0], 0}, {words[1], 0}, {words[2], 0}};
    const struct lesson_texts choices = {texts, 3};
    switch (predict_find(p, &choices, line)) {
    case 0:
        replay_to(p, p->progress.here);
        return true;
    case 1:
        course_begin(p, 0);
        return true;
    case 2:
        course_end(p, PLAYER_FORGOTTEN);
        return true;
    default:
        return false;
    }
}

void player_start(struct player *p)
{
    size_t before = progress_count(&p->progress);
    tell(p, PLAYER_TITLE, "%s", p->lesson->title);
    if (p->lesson->about != NULL)
        tell(p, PLAYER_NARRATION, "%s", p->lesson->about);
    if (player_is_attended(p))
        tell(p, PLAYER_NOTE,
             "Enter runs the line or goes on; anything else may be typed too; .help lists the "
             "commands, .leave leaves");
    if (before > 0 && player_is_attended(p) && p->progress.here < p->lesson->step_count)
        offer(p);
    else
        course_begin(p, 0);
}

/* What was typed. */

bool player_answer(struct player *p, const char *line)
{
    if (p->state == PLAYER_OFFERS)
        return answer_offer(p, line);
    if (p->state != PLAYER_ASKS || !player_asks_question(p))
        return false;
    size_t choice = predict_find(p, &player_step(p)->choices, line);
    if (choice == player_step(p)->choices.count)
        return false;
    predict_choose(p, choice);
    course_go_on(p);
    return true;
}

static bool is_next(const struct player *p, const char *code)
{
    const struct lesson_text *next = course_statement(p);
    return next != NULL && condition_same_code(code, next->text);
}

/* The student may edit what the player suggests, or have taken another line from the history. */
static bool is_statement(const struct player *p, const char *code, bool suggested)
{
    const struct lesson_text *next = course_statement(p);
    return is_next(p, code) || (next != NULL && suggested && condition_resembles(code, next->text));
}

void player_entered(struct player *p, const char *code, bool suggested)
{
    bool own = p->state == PLAYER_ASKS && is_statement(p, code, suggested);
    buffer_clear(&p->entry);
    buffer_puts(&p->entry, code);
    if (p->state == PLAYER_OFFERS)
        return; /* what is tried before the lesson begins is no part of it */
    p->strayed |= !is_next(p, code);
    p->state = own ? PLAYER_OWN : PLAYER_ENTRY;
}

void player_enter(struct player *p)
{
    if (p->state == PLAYER_OFFERS) {
        replay_to(p, p->progress.here);
    } else if (player_asks_question(p)) {
        tell_question(p);
        course_ask(p, NULL);
    } else if (course_is_exercise(p)) {
        judge_enter(p);
    } else if (course_statement(p) != NULL) {
        p->laid_out = true;
        course_ask(p, NULL);
    } else {
        p->unread = false;
        course_go_on(p);
    }
}

void player_refused(struct player *p)
{
    if (p->state == PLAYER_ASKS && player_asks_question(p))
        tell_way_to_answer(p);
}

/* How a statement ended. */

bool player_is_meant(const struct lesson_step *step, const struct player_outcome *outcome)
{
    if (!outcome->failed || step->failure == NULL)
        return false;
    return (outcome->error != NULL && strcmp(outcome->error, step->failure) == 0) ||
           (outcome->message != NULL && strstr(outcome->message, step->failure) != NULL);
}

static void hand_over(struct player *p)
{
    p->manner = PLAYER_KEYS;
    tell(p, PLAYER_NOTE, "from here on Enter goes on");
    course_ask(p, NULL);
}

/* A statement of the lesson did not do what it should: it stays the next one. */
static void stay(struct player *p, const struct player_outcome *outcome)
{
    if (p->manner == PLAYER_STRAIGHT) {
        course_end(p, PLAYER_FAILED);
        return;
    }
    if (outcome->failed && !p->told_mend) {
        p->told_mend = true;
        tell(p, PLAYER_NOTE,
             "the lesson did not expect that: mend what is in the way and press Enter again, or "
             ".skip goes on");
    }
    if (p->manner == PLAYER_AUTO)
        hand_over(p);
    else
        course_ask(p, NULL);
}

static void run_own(struct player *p)
{
    const struct lesson_text *next = &player_step(p)->statements.items[p->cursor];
    p->state = PLAYER_OWN;
    p->unread = false;
    buffer_clear(&p->entry);
    buffer_puts(&p->entry, next->text);
    p->host.run(p->host.owner, PLAYER_SHOW, next->text, next->line);
}

/* The step's own code goes on after an error, but first it is tried where it was meant for: what
 * the student did in this step is undone. */
static bool skips_anew(struct player *p)
{
    if (!p->skipping || !p->strayed)
        return false;
    tell(p, PLAYER_NOTE, "what was typed in this step is in the way: it is undone");
    p->skips_on = true;
    replay_to(p, p->here);
    return true;
}

static void own_ran(struct player *p, const struct player_outcome *outcome)
{
    const struct lesson_step *step = player_step(p);
    bool last = p->cursor + 1 == step->statements.count;
    bool meant = last && player_is_meant(step, outcome);
    p->unread = false;
    if ((outcome->stopped || (outcome->failed && !meant)) && !p->skipping) {
        stay(p, outcome);
        return;
    }
    if (outcome->failed && !meant && skips_anew(p))
        return;
    if (last && step->failure != NULL && !meant)
        tell(p, PLAYER_ANSWER, "This should have failed with %s, and did not.", step->failure);
    p->cursor++;
    p->laid_out = false;
    if (p->skipping && !last) {
        run_own(p);
        return;
    }
    course_go_on(p);
}

/* A word that is neither an answer nor the name of anything is nil. */
static void entry_ran(struct player *p, const struct player_outcome *outcome)
{
    bool nothing = outcome->shown != NULL && strcmp(outcome->shown, "nil") == 0;
    if ((outcome->failed || nothing) && player_asks_question(p))
        tell_way_to_answer(p);
    course_ask(p, NULL);
}

void player_ran(struct player *p, const struct player_outcome *outcome)
{
    if (p->state == PLAYER_REPLAYS) {
        replay_ran(p, outcome);
        return;
    }
    if (p->state != PLAYER_OWN && p->state != PLAYER_ENTRY) {
        if (p->state == PLAYER_OFFERS)
            course_ask(p, NULL);
        else if (p->state != PLAYER_IS_OVER)
            judge_ran(p, outcome);
        return;
    }
    if (!outcome->stopped)
        replay_keep_entry(p, outcome->failed);
    p->entry_failed = outcome->failed;
    if (outcome->more) { /* what follows may be the next statement */
        p->cursor += p->state == PLAYER_OWN && !outcome->failed;
        p->state = PLAYER_ASKS;
    } else if (p->state == PLAYER_OWN)
        own_ran(p, outcome);
    else if (course_is_exercise(p) && !player_asks_question(p) && !outcome->stopped)
        judge_entry(p);
    else
        entry_ran(p, outcome);
}

static void skip_step(struct player *p)
{
    p->skipping = true;
    if (player_asks_question(p)) {
        p->chosen = true;
        p->choice = player_step(p)->choices.count; /* none */
    }
    if (course_statement(p) != NULL) {
        run_own(p);
        return;
    }
    course_finish(p, PROGRESS_SKIPPED);
}

/* The steps before this one were repeated. */
static void go_on_replayed(struct player *p)
{
    bool skips = p->skips_on && p->replay_step == p->here;
    p->skips_on = false;
    if (!skips) {
        course_begin(p, p->replay_step);
        return;
    }
    course_enter(p, p->replay_step);
    tell_recalled(p, p->replay_step);
    skip_step(p);
}

void player_waited(struct player *p)
{
    if (p->state == PLAYER_POLLS) {
        judge_again(p);
        return;
    }
    if (p->state == PLAYER_SETTLES) {
        go_on_replayed(p);
        return;
    }
    if (p->state != PLAYER_PAUSES)
        return;
    if (player_asks_question(p)) {
        predict_choose(p, player_step(p)->answer);
        course_go_on(p);
    } else if (course_statement(p) != NULL) {
        run_own(p);
    } else {
        course_finish(p, PROGRESS_DONE);
    }
}

void player_interrupted(struct player *p)
{
    if (p->state == PLAYER_PAUSES && p->manner == PLAYER_AUTO)
        hand_over(p);
    else if (p->state == PLAYER_PAUSES)
        course_end(p, PLAYER_FAILED);
    else if (p->state == PLAYER_POLLS)
        course_ask(p, NULL);
    else if (p->state == PLAYER_SETTLES)
        go_on_replayed(p);
}

/* Commands. */

static bool may_skip(struct player *p)
{
    const struct lesson *lesson = p->lesson;
    if (player_step(p)->goal == NULL || lesson->skip == LESSON_SKIP_FREE)
        return true;
    if (lesson->skip == LESSON_SKIP_AFTER && p->attempts >= lesson->skip_after)
        return true;
    if (lesson->skip == LESSON_SKIP_OFF)
        tell(p, PLAYER_NOTE, "this lesson wants its exercises done: they cannot be skipped");
    else
        tell(p, PLAYER_NOTE,
             "this lesson lets an exercise be skipped after %u attempts; so far: %u",
             lesson->skip_after, p->attempts);
    return false;
}

void player_skip(struct player *p)
{
    if (p->state == PLAYER_OFFERS || !may_skip(p))
        course_ask(p, NULL);
    else
        skip_step(p);
}

void player_leave(struct player *p)
{
    course_end(p, PLAYER_LEFT);
}

/* Life. */

int player_new(const struct lesson *lesson, struct progress *progress, enum player_manner manner,
               const struct player_host *host, struct player **player)
{
    struct player *p = calloc(1, sizeof *p);
    *player = p;
    if (p == NULL)
        return ENOMEM;
    p->lesson = lesson;
    p->progress = *progress;
    *progress = (struct progress){0};
    p->manner = manner;
    p->host = *host;
    return 0;
}

void player_free(struct player *p)
{
    if (p == NULL)
        return;
    progress_free(&p->progress);
    progress_clear_entries(&p->run);
    buffer_free(&p->prompt);
    buffer_free(&p->entry);
    buffer_free(&p->part);
    free(p);
}

const struct progress *player_progress(const struct player *p)
{
    return &p->progress;
}

size_t player_here(const struct player *p)
{
    return p->here;
}
