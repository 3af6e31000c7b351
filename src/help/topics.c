/* SPDX-License-Identifier: MIT
 *
 * The one table of help texts, assembled from a file for each group, and the way from a name to its
 * entry. Knows neither what the names stand for nor how a page looks.
 */
#include "help/help.h"

#include <string.h>
#include <strings.h>

/* Within a group the order is that of the overview. */
static const struct help_topic topics[] = {
#include "topics/calls.inc"

#include "topics/transfer.inc"

#include "topics/lookup.inc"

#include "topics/tasks.inc"

#include "topics/data.inc"

#include "topics/pictures.inc"

#include "topics/shell.inc"

#include "topics/dots.inc"

#include "topics/constants.inc"

#include "topics/options.inc"

#include "topics/flags.inc"

#include "topics/errors_connection.inc"

#include "topics/errors_use.inc"

#include "topics/errors_lookup.inc"

#include "topics/subjects.inc"
};

const struct help_topic *help_topics(size_t *count)
{
    *count = sizeof topics / sizeof topics[0];
    return topics;
}

/* What stands behind the last dot or colon. */
static const char *last_part(const char *name)
{
    const char *part = name;
    for (const char *c = name; *c != '\0' && *c != '('; c++)
        if ((*c == '.' || *c == ':') && c[1] != '\0')
            part = c + 1;
    return part;
}

typedef bool names_match(const char *topic, const char *name);

static bool is_exact(const char *topic, const char *name)
{
    return strcmp(topic, name) == 0;
}

static bool is_same_letters(const char *topic, const char *name)
{
    return strcasecmp(topic, name) == 0;
}

static bool is_same_part(const char *topic, const char *name)
{
    const char *theirs = last_part(topic);
    const char *ours = last_part(name);
    const size_t length = strcspn(ours, "( ");
    return strlen(theirs) == length && strncasecmp(theirs, ours, length) == 0;
}

const struct help_topic *help_find(const char *name)
{
    names_match *const ways[] = {is_exact, is_same_letters, is_same_part};
    for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++)
        for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
            if (ways[way](topics[i].name, name))
                return &topics[i];
    return NULL;
}

bool help_is_method(const struct help_topic *topic)
{
    const char *first = topic->signature != NULL ? strchr(topic->signature, '(') : NULL;
    if (first == NULL)
        return false;
    first += strspn(first, "([");
    return first[0] == 's' && strchr(" ,])", first[1]) != NULL;
}
