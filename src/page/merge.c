/* SPDX-License-Identifier: MIT
 *
 * Joined first by what the two clocks said, then, where the calls prove that a clock was wrong,
 * once more.
 */
#include "page/merge.h"

#include "clock.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* So much later than its cause an effect is put where a clock was wrong. */
#define INSTANT 1e-6

static bool is_merged(const struct journal *journal)
{
    for (size_t i = 0; i < journal_count(journal); i++)
        if (journal_at(journal, i)->origin > 0)
            return true;
    return false;
}

static bool is_same(const struct journal *a, const struct journal *b)
{
    size_t count = journal_count(a);
    return count == journal_count(b) && count > 0 && journal_epoch(a) == journal_epoch(b) &&
           journal_at(a, 0)->time == journal_at(b, 0)->time &&
           journal_at(a, count - 1)->time == journal_at(b, count - 1)->time;
}

static double time_at(const struct journal *journal, size_t index)
{
    return index < journal_count(journal) ? journal_at(journal, index)->time : HUGE_VAL;
}

static int add(struct journal *both, const struct journal_entry *entry, unsigned origin,
               double offset)
{
    struct journal_entry copy = *entry;
    copy.origin = origin;
    copy.time += offset;
    if (copy.kind == JOURNAL_CALL) {
        copy.record.start += offset;
        copy.record.end += offset;
    }
    return journal_add(both, &copy);
}

/* An empty journal for both. */
static int begin(const struct journal *first, const struct journal *second, struct journal **both)
{
    int error = journal_new(4 * JOURNAL_BUDGET, journal_name(first, 0), both);
    if (error != 0)
        return error;
    journal_set_name(*both, 1, journal_name(second, 0));
    journal_set_epoch(*both, journal_epoch(first));
    journal_set_lost(*both, journal_lost(first) + journal_lost(second),
                     journal_lost_calls(first) + journal_lost_calls(second));
    return 0;
}

static int fill(struct journal *both, const struct journal *first, const struct journal *second,
                double offset)
{
    size_t a = 0, b = 0;
    int error = 0;
    while (error == 0 && (a < journal_count(first) || b < journal_count(second))) {
        if (time_at(first, a) <= time_at(second, b) + offset)
            error = add(both, journal_at(first, a++), 0, 0);
        else
            error = add(both, journal_at(second, b++), 1, offset);
    }
    return error;
}

static double shift_within(const struct clock_bounds *bounds)
{
    if (bounds->least > bounds->most)
        return (bounds->least + bounds->most) / 2;
    if (bounds->least > 0)
        return fmin(bounds->least + INSTANT, bounds->most);
    if (bounds->most < 0)
        return fmax(bounds->most - INSTANT, bounds->least);
    return 0;
}

static int say_shift(struct journal *both, double time, double shift,
                     const struct clock_bounds *bounds)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_printf(&text,
                  "The clocks of the two shells differed: by their clocks alone, something would "
                  "have been received before it was sent. The times of %s were moved %s by %.6f "
                  "s, the least that mends it.",
                  journal_name(both, 1), shift > 0 ? "forward" : "back", fabs(shift));
    if (bounds->least > bounds->most)
        buffer_puts(&text, " The clocks also ran apart meanwhile, so that no shift mends all.");
    int error =
        text.failed ? ENOMEM : journal_add_text(both, JOURNAL_SHOWN, time, buffer_text(&text));
    buffer_free(&text);
    return error;
}

static int join_shifted(const struct journal *first, const struct journal *second, double offset,
                        const struct clock_bounds *bounds, struct journal **both)
{
    double shift = shift_within(bounds);
    int error = begin(first, second, both);
    if (error != 0)
        return error;
    error = say_shift(*both, fmin(time_at(first, 0), time_at(second, 0) + offset + shift), shift,
                      bounds);
    return error != 0 ? error : fill(*both, first, second, offset + shift);
}

/* Where the clocks prove wrong at all, lines that follow from each other are put into that order as
 * well, if that can be. */
static int find_bounds(const struct journal *both, struct clock_bounds *bounds)
{
    struct clock_bounds neat;
    int error = clock_compare(both, false, bounds);
    if (error != 0 || shift_within(bounds) == 0)
        return error;
    error = clock_compare(both, true, &neat);
    if (error == 0 && neat.least <= neat.most)
        *bounds = neat;
    return error;
}

static int join(const struct journal *first, const struct journal *second, struct journal **both)
{
    double offset = journal_epoch(second) - journal_epoch(first);
    struct clock_bounds bounds;
    int error = begin(first, second, both);
    if (error != 0)
        return error;
    error = fill(*both, first, second, offset);
    if (error == 0)
        error = find_bounds(*both, &bounds);
    if (error != 0 || shift_within(&bounds) == 0)
        return error;
    journal_free(*both);
    *both = NULL;
    return join_shifted(first, second, offset, &bounds, both);
}

/* Why the two cannot be joined; NULL where they can. */
static const char *find_obstacle(const struct journal *first, const struct journal *second)
{
    if (is_merged(first) || is_merged(second))
        return "one of the two is of two shells already";
    return is_same(first, second) ? "both are of the same shell and session" : NULL;
}

int merge_journals(const struct journal *first, const struct journal *second, struct journal **both,
                   struct buffer *why)
{
    const char *obstacle = find_obstacle(first, second);
    *both = NULL;
    if (obstacle != NULL) {
        buffer_puts(why, obstacle);
        return why->failed ? ENOMEM : EINVAL;
    }
    int error = join(first, second, both);
    if (error != 0) {
        journal_free(*both);
        *both = NULL;
    }
    return error;
}
