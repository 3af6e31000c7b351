/* SPDX-License-Identifier: MIT
 *
 * From step to step: what is told and asked in which order, and the pace of a lesson that goes on
 * by itself. Knows neither what was typed nor how it ended.
 */
#include "playing.h"

#include <stdio.h>
#include <string.h>

/* The pace of PLAYER_AUTO, in seconds: of who reads aloud. */
#define SECONDS_PER_CHARACTER 0.05
#define SECONDS_LEAST 1.0
#define SECONDS_MOST 20.0

bool course_is_exercise(const struct player *p)
{
    return player_step(p)->goal != NULL && player_is_attended(p) && !p->skipping;
}

/* The statement that Enter runs; NULL where it runs none. */
const struct lesson_text *course_statement(const struct player *p)
{
    const struct lesson_texts *statements = &player_step(p)->statements;
    if (course_is_exercise(p) || player_asks_question(p) || p->cursor >= statements->count)
        return NULL;
    return &statements->items[p->cursor];
}

void course_ask(struct player *p, const char *typed)
{
    const struct lesson_text *next = NULL;
    buffer_clear(&p->prompt);
    if (p->state == PLAYER_OFFERS) {
        buffer_printf(&p->prompt, "%s> ", p->lesson->name);
    } else {
        p->state = PLAYER_ASKS;
        buffer_printf(&p->prompt, "%s %zu/%zu> ", p->lesson->name, p->here + 1,
                      p->lesson->step_count);
        next = course_statement(p);
    }
    if (typed == NULL && next != NULL && (p->manner == PLAYER_KEYS || p->laid_out))
        typed = next->text;
    p->host.ask(p->host.owner, p->prompt.failed ? "not enough memory> " : buffer_text(&p->prompt),
                typed);
}

static double reading_time(const struct player *p)
{
    const struct lesson_step *step = player_step(p);
    const struct lesson_text *next = course_statement(p);
    size_t length = next != NULL ? strlen(next->text) : 0;
    if (p->unread && step->narration != NULL)
        length += strlen(step->narration);
    if (player_asks_question(p))
        length += strlen(step->question) * 2;
    if (p->revealed && step->explanation != NULL)
        length += strlen(step->explanation);
    double seconds = SECONDS_LEAST + SECONDS_PER_CHARACTER * (double)length;
    return seconds > SECONDS_MOST ? SECONDS_MOST : seconds;
}

static void take_pause(struct player *p)
{
    p->state = PLAYER_PAUSES;
    p->host.wait(p->host.owner, p->manner == PLAYER_STRAIGHT ? 0 : reading_time(p));
}

/* Whether nothing of the step is left. */
static bool is_through(const struct player *p)
{
    return !player_asks_question(p) && !course_is_exercise(p) && course_statement(p) == NULL;
}

void course_go_on(struct player *p)
{
    if (is_through(p))
        predict_reveal(p);
    if (!player_is_attended(p))
        take_pause(p);
    else if (is_through(p) && !p->unread)
        course_finish(p, p->skipping ? PROGRESS_SKIPPED : PROGRESS_DONE);
    else
        course_ask(p, NULL);
}

void course_enter(struct player *p, size_t step)
{
    p->here = step;
    p->progress.here = step;
    p->cursor = p->hints = p->choice = 0;
    p->attempts = 0;
    p->chosen = p->revealed = p->laid_out = p->skipping = p->told_hint = p->told_mend = false;
    p->strayed = false;
    p->unread = true;
    p->state = PLAYER_IDLE;
    progress_clear_entries(&p->run);
    p->host.step(p->host.owner, step);
}

void course_begin(struct player *p, size_t step)
{
    course_enter(p, step);
    tell_step(p, step, false);
    if (player_step(p)->question != NULL)
        tell_question(p);
    course_go_on(p);
}

void course_end(struct player *p, enum player_end how)
{
    p->state = PLAYER_IS_OVER;
    p->host.over(p->host.owner, how);
}

void course_finish(struct player *p, enum progress_state state)
{
    struct progress_step *step = &p->progress.steps[p->here];
    predict_reveal(p);
    progress_clear_entries(&step->entries);
    step->entries = p->run;
    p->run = (struct progress_entries){NULL, 0};
    step->state = state;
    p->progress.here = p->here + 1;
    p->host.save(p->host.owner, &p->progress);
    if (p->here + 1 == p->lesson->step_count)
        course_end(p, PLAYER_FINISHED);
    else
        course_begin(p, p->here + 1);
}
