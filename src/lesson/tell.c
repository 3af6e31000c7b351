/* SPDX-License-Identifier: MIT
 *
 * What there is to read: steps and questions. Changes nothing, and asks for nothing.
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

void tell_choices(struct player *p, const struct lesson_step *step)
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

void tell_recalled(struct player *p, size_t index)
{
    const struct lesson_step *step = &p->lesson->steps[index];
    tell(p, PLAYER_RECALLED, "%zu/%zu  %s\n%s", index + 1, p->lesson->step_count, step->title,
         step->narration != NULL ? step->narration : "");
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
