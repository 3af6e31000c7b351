/* SPDX-License-Identifier: MIT
 *
 * Where the student looks around: hints, the list of steps, an old step's text. One stays where one
 * is.
 */
#include "playing.h"

/* Where there is no exercise in hand. */
static void refuse_hint(struct player *p)
{
    if (p->state != PLAYER_OFFERS && player_asks_question(p)) {
        tell(p, PLAYER_NOTE, "hints are for exercises; here a guess is as good");
        tell_way_to_answer(p);
    } else {
        tell(p, PLAYER_NOTE, "hints are for exercises; here Enter goes on");
    }
    course_ask(p, NULL);
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
    course_ask(p, NULL);
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
    course_ask(p, NULL);
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
    course_ask(p, NULL);
}
