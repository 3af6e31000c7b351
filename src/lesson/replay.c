/* SPDX-License-Identifier: MIT
 *
 * Going back, and going on another day. A kernel cannot be rewound: what the lesson opened is
 * closed, and the steps before are run again, quietly, as the student ran them.
 */
#include "playing.h"

void replay_keep_entry(struct player *p, bool failed)
{
    if (p->entry.failed || !progress_add_entry(&p->run, buffer_text(&p->entry), failed))
        tell_shortage(p, "not enough memory: this line is not kept, and will be missing where the "
                         "step is repeated");
}

static const struct progress_entries *entries_of(const struct player *p, size_t step)
{
    return &p->progress.steps[step].entries;
}

/* A step that was never taken is replayed by its own code. False where there is no memory for it.
 */
static bool take_own_code(struct player *p, size_t index)
{
    struct progress_step *step = &p->progress.steps[index];
    const struct lesson_step *lesson_step = &p->lesson->steps[index];
    const struct lesson_texts *own = &lesson_step->statements;
    if (step->state != PROGRESS_OPEN)
        return true;
    progress_clear_entries(&step->entries);
    for (size_t i = 0; i < own->count; i++) {
        bool fails = i + 1 == own->count && lesson_step->failure != NULL;
        if (!progress_add_entry(&step->entries, own->items[i].text, fails))
            return false;
    }
    step->state = PROGRESS_SKIPPED;
    return true;
}

/* What was taken on another day, or never, is not in the record of this session. */
static bool is_recalled(const struct player *p)
{
    return p->replay_step >= p->here;
}

/* What tasks do because of the replay belongs to it: the step begins when they wait again. */
static void settle(struct player *p)
{
    p->state = PLAYER_SETTLES;
    p->host.settle(p->host.owner);
}

static void replay_next(struct player *p)
{
    while (p->replay_step < p->replay_target) {
        if (!take_own_code(p, p->replay_step)) {
            tell_shortage(p, "not enough memory to repeat this step, which begins here");
            course_begin(p, p->replay_step);
            return;
        }
        if (p->replay_entry == 0 && is_recalled(p))
            tell_recalled(p, p->replay_step);
        const struct progress_entries *entries = entries_of(p, p->replay_step);
        if (p->replay_entry < entries->count) {
            p->host.run(p->host.owner, is_recalled(p) ? PLAYER_RECALL : PLAYER_REPLAY,
                        entries->items[p->replay_entry].code, 0);
            return;
        }
        p->replay_step++;
        p->replay_entry = 0;
    }
    settle(p);
}

void replay_to(struct player *p, size_t target)
{
    p->state = PLAYER_REPLAYS;
    p->replay_step = p->replay_entry = 0;
    p->replay_target = target;
    p->host.reset(p->host.owner);
    if (target == 1)
        tell(p, PLAYER_NOTE, "step 1 is being repeated");
    else if (target > 1)
        tell(p, PLAYER_NOTE, "steps 1 to %zu are being repeated", target);
    replay_next(p);
}

void replay_ran(struct player *p, const struct player_outcome *outcome)
{
    const struct progress_entry *entry = &entries_of(p, p->replay_step)->items[p->replay_entry];
    if (outcome->stopped || (outcome->failed && !entry->failed)) {
        if (outcome->stopped)
            tell(p, PLAYER_NOTE, "stopped in step %zu, which begins here", p->replay_step + 1);
        else
            tell(p, PLAYER_NOTE, "step %zu, which begins here, could not be repeated: %s",
                 p->replay_step + 1, outcome->message);
        settle(p);
        return;
    }
    p->replay_entry++;
    replay_next(p);
}

void player_again(struct player *p)
{
    if (p->state == PLAYER_OFFERS || (p->run.count == 0 && p->cursor == 0))
        course_begin(p, p->state == PLAYER_OFFERS ? 0 : p->here);
    else
        replay_to(p, p->here);
}

void player_back(struct player *p)
{
    if (p->here > 0 && p->state != PLAYER_OFFERS) {
        replay_to(p, p->here - 1);
        return;
    }
    tell(p, PLAYER_NOTE, "this is the first step");
    course_ask(p, NULL);
}

/* An exercise on the way that was never taken stands in the way where it must not be skipped. */
static bool stands_in_way(const struct player *p, size_t step)
{
    return p->progress.steps[step].state == PROGRESS_OPEN && p->lesson->steps[step].goal != NULL &&
           p->lesson->skip != LESSON_SKIP_FREE;
}

void player_goto(struct player *p, unsigned number)
{
    if (number == 0 || number > p->lesson->step_count) {
        tell(p, PLAYER_NOTE, ".goto wants the number of a step, from 1 to %zu",
             p->lesson->step_count);
        course_ask(p, NULL);
        return;
    }
    for (size_t i = 0; i + 1 < number; i++) {
        if (!stands_in_way(p, i))
            continue;
        tell(p, PLAYER_NOTE, "step %zu, an exercise, comes first: this lesson wants it done",
             i + 1);
        course_ask(p, NULL);
        return;
    }
    replay_to(p, number - 1);
}
