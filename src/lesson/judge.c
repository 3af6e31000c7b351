/* SPDX-License-Identifier: MIT
 *
 * Exercises: whether the goal is met, and what to say where it is not. What the student typed is
 * never run again; the goal is a condition over what came of it.
 */
#include "playing.h"

#include <stddef.h>
#include <string.h>

/* TCP's state is not final the moment a call returns: PLAYER_TRIES looks, a second in all. */
#define PAUSE_SECONDS 0.05

enum { ATTEMPTS_BEFORE_HINT = 3 };

static void look(struct player *p)
{
    const struct lesson_step *step = player_step(p);
    p->state = PLAYER_JUDGES;
    p->tries++;
    p->host.run(p->host.owner, PLAYER_JUDGE, step->goal, step->goal_line);
}

/* Of a solution in several statements the last one completes it: who has typed another is on the
 * way, and is not to be told what is missing. */
static bool is_attempt(const struct player *p)
{
    const struct lesson_step *step = player_step(p);
    const char *code = buffer_text(&p->entry);
    size_t count = step->statements.count;
    if (count > 0 && condition_resembles(code, step->statements.items[count - 1].text))
        return true;
    for (size_t i = 0; i < step->passes.count; i++)
        if (condition_resembles(code, step->passes.items[i].code) &&
            !condition_is_part(code, step->passes.items[i].code))
            return true;
    return false;
}

static void join(struct buffer *out, const char *code)
{
    buffer_puts(out, code);
    buffer_putc(out, '\n');
}

static void compare_with(struct player *p, const char *solution, const char *done)
{
    bool early;
    p->repeats |= condition_repeats(buffer_text(&p->entry), solution, done, &early);
    p->early |= early;
}

/* Of three sends that solve it together each is right, though the first two do not solve it: who
 * has sent less often than a solution hears no more than how it stands, and who goes on in smaller
 * pieces nothing that sounds like a mistake. */
static void compare_with_solutions(struct player *p)
{
    const struct lesson_step *step = player_step(p);
    struct buffer own = BUFFER_EMPTY, done = BUFFER_EMPTY;
    p->repeats = p->early = false;
    for (size_t i = 0; i < step->statements.count; i++)
        join(&own, step->statements.items[i].text);
    for (size_t i = 0; i < p->run.count; i++)
        if (!p->run.items[i].failed)
            join(&done, p->run.items[i].code);
    if (!own.failed && !done.failed && !p->entry_failed) {
        compare_with(p, buffer_text(&own), buffer_text(&done));
        for (size_t i = 0; i < step->passes.count; i++)
            compare_with(p, step->passes.items[i].code, buffer_text(&done));
    }
    buffer_free(&own);
    buffer_free(&done);
}

static const char *find_listed(const struct player *p)
{
    const struct lesson_answers *fails = &player_step(p)->fails;
    for (size_t i = 0; i < fails->count; i++)
        if (condition_same_code(buffer_text(&p->entry), fails->items[i].code))
            return fails->items[i].reply;
    return NULL;
}

void judge_enter(struct player *p)
{
    p->entered = true;
    p->tries = 0;
    look(p);
}

void judge_again(struct player *p)
{
    look(p);
}

static void met(struct player *p)
{
    const struct lesson_step *step = player_step(p);
    tell(p, PLAYER_ANSWER, "Done: %s", step->wish != NULL ? step->wish : step->goal);
    course_finish(p, PROGRESS_DONE);
}

static void ask_after_attempt(struct player *p)
{
    if (p->attempts >= ATTEMPTS_BEFORE_HINT && !p->told_hint && p->hints == 0 &&
        player_step(p)->hints.count > 0) {
        p->told_hint = true;
        tell(p, PLAYER_NOTE, ".hint gives a hint");
    }
    course_ask(p, NULL);
}

/* A listed mistake does not pass, whatever else it did: listen(s)(5) listens, and then fails. */
void judge_entry(struct player *p)
{
    const char *listed = find_listed(p);
    p->attempt = is_attempt(p);
    compare_with_solutions(p);
    p->entered = false;
    p->tries = 0;
    if (listed == NULL) {
        look(p);
        return;
    }
    p->attempts++;
    tell(p, PLAYER_ANSWER, "%s", listed);
    ask_after_attempt(p);
}

static void tell_missing(struct player *p, const char *condition, bool starved)
{
    const char *wish = player_step(p)->wish;
    if (!p->early && wish != NULL)
        tell(p, PLAYER_ANSWER, "%s: %s.", p->repeats ? "Not yet" : "Expected", wish);
    else if (!p->early)
        tell(p, PLAYER_ANSWER, "Not yet: %s", condition);
    if (starved)
        tell_shortage(p, "not enough memory to say more");
    ask_after_attempt(p);
}

/* What is there in place of what should be. */
static void tell_present(struct player *p, const char *code, const char *shown)
{
    const char *wish = player_step(p)->wish;
    if (wish == NULL)
        wish = buffer_text(&p->part);
    if (p->early)
        tell(p, PLAYER_ANSWER, "So far %s is %s.", code, shown);
    else if (p->repeats)
        tell(p, PLAYER_ANSWER, "Not yet: %s. So far %s is %s.", wish, code, shown);
    else
        tell(p, PLAYER_ANSWER, "Expected: %s. But %s is %s.", wish, code, shown);
    ask_after_attempt(p);
}

/* Looks for the first part of the goal that does not hold. */
static void explain_next(struct player *p)
{
    const struct lesson_step *step = player_step(p);
    if (!condition_next_part(step->goal, &p->part_at, &p->part)) {
        tell_missing(p, step->goal, p->part.failed);
        return;
    }
    p->state = PLAYER_EXPLAINS;
    p->host.run(p->host.owner, PLAYER_JUDGE, buffer_text(&p->part), step->goal_line);
}

static void not_met(struct player *p)
{
    p->attempts += !p->early;
    if (p->entry_failed) { /* the error has said what happened */
        ask_after_attempt(p);
        return;
    }
    p->part_at = 0;
    explain_next(p);
}

static void judged(struct player *p, const struct player_outcome *outcome)
{
    bool unrelated = !p->entered && !p->attempt;
    if (outcome->failed) {
        tell(p, PLAYER_NOTE, "%s.lua:%u: the condition of this exercise failed itself: %s",
             p->lesson->name, player_step(p)->goal_line, outcome->message);
        course_ask(p, NULL);
    } else if (outcome->truth) {
        met(p);
    } else if (outcome->stopped || unrelated) {
        course_ask(p, NULL);
    } else if (p->entered) {
        tell_step(p, p->here, true);
        course_ask(p, NULL);
    } else if (p->tries < PLAYER_TRIES && !p->entry_failed) {
        p->state = PLAYER_POLLS;
        p->host.wait(p->host.owner, PAUSE_SECONDS);
    } else {
        not_met(p);
    }
}

/* What to call the part in hand where it is no comparison; NULL where the goal's words say all. */
static const char *name_part(const struct player *p)
{
    const struct lesson_step *step = player_step(p);
    const char *part = buffer_text(&p->part);
    if (step->wish == NULL)
        return "that";
    return strcmp(part, step->goal) != 0 ? part : NULL;
}

static void explained(struct player *p, const struct player_outcome *outcome)
{
    if (!outcome->failed && !outcome->stopped && outcome->truth) {
        explain_next(p);
        return;
    }
    struct buffer left = BUFFER_EMPTY;
    buffer_puts(&left, buffer_text(&p->part));
    if (left.failed) {
        tell_missing(p, buffer_text(&p->part), true);
    } else if (!outcome->failed && condition_left_side(&left)) {
        p->state = PLAYER_MEASURES;
        p->host.run(p->host.owner, PLAYER_JUDGE, buffer_text(&left), player_step(p)->goal_line);
    } else if (!outcome->failed && outcome->shown != NULL && name_part(p) != NULL) {
        tell_present(p, name_part(p), outcome->shown);
    } else {
        tell_missing(p, buffer_text(&p->part), false);
    }
    buffer_free(&left);
}

static void measured(struct player *p, const struct player_outcome *outcome)
{
    struct buffer left = BUFFER_EMPTY;
    buffer_puts(&left, buffer_text(&p->part));
    (void)condition_left_side(&left);
    if (outcome->failed || outcome->shown == NULL || left.failed)
        tell_missing(p, buffer_text(&p->part), left.failed);
    else
        tell_present(p, buffer_text(&left), outcome->shown);
    buffer_free(&left);
}

void judge_ran(struct player *p, const struct player_outcome *outcome)
{
    if (p->state == PLAYER_EXPLAINS)
        explained(p, outcome);
    else if (p->state == PLAYER_MEASURES)
        measured(p, outcome);
    else
        judged(p, outcome);
}
