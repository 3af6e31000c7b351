/* SPDX-License-Identifier: MIT
 *
 * How far apart two names are for somebody who types: the measure behind "did you mean". Knows
 * nothing of what the names stand for, so that globals, methods and topics can all be held to it.
 */
#include "help/help.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static bool same_letter(char a, char b, bool fold)
{
    return a == b || (fold && strncasecmp(&a, &b, 1) == 0);
}

/* Optimal string alignment: Damerau-Levenshtein where no part is edited twice. `row` keeps the last
 * three rows of its table, which is all that a swap looks back on. */
static unsigned count_slips(const char *a, const char *b, bool fold)
{
    unsigned row[3][HELP_NAME_MAX + 1];
    const size_t height = strlen(a), width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        row[0][j] = (unsigned)j;
    for (size_t i = 1; i <= height; i++) {
        unsigned *now = row[i % 3];
        const unsigned *above = row[(i + 2) % 3];
        const unsigned *higher = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= width; j++) {
            const bool same = same_letter(a[i - 1], b[j - 1], fold);
            now[j] = least(above[j - 1] + !same, least(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2], fold) &&
                same_letter(a[i - 2], b[j - 1], fold))
                now[j] = least(now[j], higher[j - 2] + 1);
        }
    }
    return row[height % 3][width];
}

unsigned help_distance(const char *a, const char *b)
{
    if (strlen(a) > HELP_NAME_MAX || strlen(b) > HELP_NAME_MAX)
        return UINT_MAX;
    const unsigned slips = count_slips(a, b, true);
    return 2 * slips + (count_slips(a, b, false) != slips);
}

/* One slip in a short word, two in a middling one, three in the likes of EADDRNOTAVAIL; a name of
 * one or two letters is a name of its own, and only its case can be wrong. */
unsigned help_tolerance(const char *name)
{
    const size_t length = strlen(name);
    if (length < 3)
        return 1;
    if (length < 6)
        return 3;
    return length < 12 ? 5 : 7;
}

const struct help_topic *help_nearest(const char *name)
{
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    const struct help_topic *nearest = NULL;
    unsigned best = help_tolerance(name);
    for (size_t i = 0; i < count; i++) {
        const unsigned distance = help_distance(name, topics[i].name);
        if (distance < best || (distance == best && nearest == NULL)) {
            nearest = &topics[i];
            best = distance;
        }
    }
    return nearest;
}
