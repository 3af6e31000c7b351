/* SPDX-License-Identifier: MIT
 *
 * The student of --check: does what a person could do at a lesson's prompt, through the same doors,
 * and remembers what the player said to it.
 */
#include "checking.h"

#include <stdint.h>
#include <string.h>

static struct player *player_of(const struct check *check)
{
    return check->session.play->player;
}

size_t check_here(const struct check *check)
{
    return check->session.play != NULL ? player_here(player_of(check)) : SIZE_MAX;
}

const struct lesson_step *check_step_at(const struct check *check, size_t step)
{
    return &check->session.play->lesson->steps[step];
}

/* Hearing. */

static void replace(struct buffer *buffer, const char *text)
{
    buffer_clear(buffer);
    if (text != NULL)
        buffer_puts(buffer, text);
}

static void on_tell(void *owner, enum player_voice voice, const char *text)
{
    struct check *check = owner;
    if (voice == PLAYER_ANSWER)
        replace(&check->answer, text);
    else if (voice == PLAYER_NOTE)
        replace(&check->note, text);
    else if (voice == PLAYER_SHORTAGE)
        check_that(check, false, check->line, "%s", text);
}

static void on_ask(void *owner)
{
    struct check *check = owner;
    check->asked = true;
}

static void on_run(void *owner, unsigned line)
{
    struct check *check = owner;
    if (line > 0 && !check->surprised)
        check->line = line;
    check_say(check, CHECK_PLACE, check->line, "%s", "");
}

static bool is_surprise(const struct check *check, const struct player_outcome *outcome)
{
    size_t here = check_here(check);
    const struct lesson_step *step = check_step_at(check, here);
    return outcome->failed &&
           !(check->ran == step->statements.count && player_is_meant(step, outcome));
}

static void on_ran(void *owner, enum player_run how, const struct player_outcome *outcome)
{
    struct check *check = owner;
    check->stopped |= outcome->stopped;
    if (how == PLAYER_JUDGE) {
        check->unclear |= outcome->failed;
        if (outcome->failed)
            replace(&check->message, outcome->message);
        return;
    }
    check->ran += how == PLAYER_SHOW;
    check->failed = outcome->failed;
    if (check->surprised)
        return; /* the first one counts */
    check->surprised = check->skips && is_surprise(check, outcome);
    replace(&check->error, outcome->error);
    replace(&check->message, outcome->message);
    check->asked |= outcome->more;
}

static void on_reset(void *owner)
{
    check_side_begin(owner);
}

static void on_over(void *owner, enum player_end end)
{
    struct check *check = owner;
    (void)end;
    check->over = true;
}

static void on_partner_said(void *owner, const char *line)
{
    check_side_heard(owner, line);
}

static void on_partner_ended(void *owner, int status)
{
    check_side_ended(owner, status);
}

void check_student_init(struct check *check)
{
    check->observer = (struct lesson_observer){.tell = on_tell,
                                               .ask = on_ask,
                                               .run = on_run,
                                               .ran = on_ran,
                                               .reset = on_reset,
                                               .over = on_over,
                                               .partner_said = on_partner_said,
                                               .partner_ended = on_partner_ended,
                                               .owner = check};
    check->session.observer = &check->observer;
}

void check_student_free(struct check *check)
{
    struct buffer *buffers[] = {&check->error, &check->message, &check->answer, &check->note,
                                &check->side_said};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        buffer_free(buffers[i]);
}

/* Doing. */

static void forget(struct check *check)
{
    check->asked = check->stopped = check->failed = check->surprised = check->unclear = false;
    check->ran = 0;
    check->skips = false;
    buffer_clear(&check->error);
    buffer_clear(&check->message);
    buffer_clear(&check->answer);
    buffer_clear(&check->note);
}

void check_settle(struct check *check)
{
    struct session *session = &check->session;
    while (!check->asked && !check->over && !check->surprised && !session->done) {
        engine_turn(session->engine, INFINITY);
        check_side_tend(check);
    }
}

void check_type(struct check *check, const struct lesson_text *code, bool suggested, bool more)
{
    forget(check);
    check->line = code->line;
    lesson_type(&check->session, code->text, suggested, more);
    check_settle(check);
}

bool check_answer(struct check *check, const char *line)
{
    forget(check);
    if (!lesson_answer(&check->session, line))
        return false;
    check_settle(check);
    return true;
}

void check_enter(struct check *check)
{
    forget(check);
    lesson_enter(&check->session);
    check_settle(check);
}

void check_skip(struct check *check)
{
    forget(check);
    check->skips = true;
    (void)lesson_dot_skip(&check->session, "");
    check_settle(check);
}

void check_back(struct check *check)
{
    forget(check);
    (void)lesson_dot_back(&check->session, "");
    check_settle(check);
}

void check_goto(struct check *check, size_t step)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", step + 1);
    forget(check);
    (void)lesson_dot_goto(&check->session, number);
    check_settle(check);
}
