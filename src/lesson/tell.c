/* SPDX-License-Identifier: MIT
 *
 * What there is to read: steps, questions, hints, lists. Changes nothing of where one is.
 */
#include "playing.h"

#include <stdio.h>

void tell(struct player *p, enum player_voice voice, const char *format, ...)
{
    struct buffer text = BUFFER_EMPTY;
    va_list values;
    va_start(values, format);
    buffer_vprintf(&text, format, values);
    va_end(values);
    if (text.failed)
        tell_shortage(p, "not enough memory: a text is missing here");
    else
        p->host.tell(p->host.owner, voice, buffer_text(&text));
    buffer_free(&text);
}

void tell_shortage(struct player *p, const char *text)
{
    p->host.tell(p->host.owner, PLAYER_SHORTAGE, text);
}

static void tell_choices(struct player *p, const struct lesson_step *step)
{
    tell(p, PLAYER_QUESTION, "%s", step->question);
    for (size_t i = 0; i < step->choices.count; i++)
        tell(p, PLAYER_CHOICE, "%zu) %s", i + 1, step->choices.items[i].text);
}

void tell_way_to_answer(struct player *p)
{
    size_t count = player_step(p)->choices.count;
    if (!player_is_attended(p))
        return;
    if (count == 2)
        tell(p, PLAYER_WAY, "type 1 or 2 to answer");
    else
        tell(p, PLAYER_WAY, "type a number from 1 to %zu to answer", count);
}

void tell_question(struct player *p)
{
    tell_choices(p, player_step(p));
    tell_way_to_answer(p);
}

void tell_step(struct player *p, size_t index, bool again)
{
    const struct lesson_step *step = &p->lesson->steps[index];
    if (!again)
        tell(p, PLAYER_HEADING, "%zu/%zu  %s", index + 1, p->lesson->step_count, step->title);
    if (step->narration != NULL)
        tell(p, PLAYER_NARRATION, "%s", step->narration);
    else if (again)
        tell(p, PLAYER_NARRATION, "%s", step->title);
}

/* Where there is no exercise in hand. */
static void refuse_hint(struct player *p)
{
    if (p->state != PLAYER_OFFERS && player_asks_question(p)) {
        tell(p, PLAYER_NOTE, "hints are for exercises; here a guess is as good");
        tell_way_to_answer(p);
    } else {
        tell(p, PLAYER_NOTE, "hints are for exercises; here Enter goes on");
    }
    player_ask(p, NULL);
}

void player_hint(struct player *p)
{
    const struct lesson_step *step = player_step(p);
    size_t count = step->hints.count;
    if (p->state == PLAYER_OFFERS || step->goal == NULL || player_asks_question(p)) {
        refuse_hint(p);
        return;
    }
    if (count == 0)
        tell(p, PLAYER_NOTE, "this exercise has no hint; .skip shows its answer");
    else
        tell(p, PLAYER_HINT, "%s", step->hints.items[p->hints < count ? p->hints : count - 1].text);
    if (count > 0 && p->hints >= count)
        tell(p, PLAYER_NOTE, "that was the last hint; .skip shows the answer");
    if (p->hints < count)
        p->hints++;
    player_ask(p, NULL);
}

static const char *word_of(const struct player *p, size_t step)
{
    if (step == p->here && p->state != PLAYER_OFFERS)
        return "here";
    switch (p->progress.steps[step].state) {
    case PROGRESS_DONE:
        return "done";
    case PROGRESS_SKIPPED:
        return "skipped";
    default:
        return "";
    }
}

void player_steps(struct player *p)
{
    for (size_t i = 0; i < p->lesson->step_count; i++)
        tell(p, PLAYER_LIST, "%3zu  %-7s  %s", i + 1, word_of(p, i), p->lesson->steps[i].title);
    player_ask(p, NULL);
}

/* A prediction that was made is told with how it came out. */
static void tell_old_step(struct player *p, size_t index)
{
    const struct lesson_step *step = &p->lesson->steps[index];
    bool over =
        p->progress.steps[index].state != PROGRESS_OPEN || (index == p->here && p->revealed);
    tell_step(p, index, false);
    if (step->question == NULL)
        return;
    tell_choices(p, step);
    if (!over)
        return;
    tell(p, PLAYER_ANSWER, "The answer: %s.", step->choices.items[step->answer].text);
    if (step->explanation != NULL)
        tell(p, PLAYER_NARRATION, "%s", step->explanation);
}

void player_read(struct player *p, unsigned number)
{
    if (number == 0 || number > p->lesson->step_count) {
        tell(p, PLAYER_NOTE, ".read wants the number of a step, from 1 to %zu",
             p->lesson->step_count);
    } else {
        tell_old_step(p, number - 1);
    }
    player_ask(p, NULL);
}
