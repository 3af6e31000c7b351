/* SPDX-License-Identifier: MIT
 *
 * The list of help/errnos.h as a table, for tests that try each call with each of its errors.
 */
#ifndef TESTS_ERRNOS_H
#define TESTS_ERRNOS_H

#include "help/errnos.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define ERRNOS_ENTRY(call, names) {call, names},
static const struct errnos {
    const char *call, *names;
} errnos[] = {HELP_ERRNOS(ERRNOS_ENTRY)};
#undef ERRNOS_ENTRY

enum { ERRNOS_COUNT = sizeof errnos / sizeof errnos[0], ERRNOS_NAME_SIZE = 32 };

/* The names of a call; NULL for a call that has no line. */
static inline const char *errnos_of(const char *call)
{
    for (size_t i = 0; i < ERRNOS_COUNT; i++)
        if (strcmp(errnos[i].call, call) == 0)
            return errnos[i].names;
    return NULL;
}

/* Notes that a call was tried; `tried` has ERRNOS_COUNT places. */
static inline void errnos_note(bool *tried, const char *call)
{
    for (size_t i = 0; i < ERRNOS_COUNT; i++)
        tried[i] |= strcmp(errnos[i].call, call) == 0;
}

/* The first call that was not; NULL where all were. */
static inline const char *errnos_missed(const bool *tried)
{
    for (size_t i = 0; i < ERRNOS_COUNT; i++)
        if (!tried[i])
            return errnos[i].call;
    return NULL;
}

/* Takes the next name off the list. */
static inline bool errnos_next(const char **names, char name[ERRNOS_NAME_SIZE])
{
    size_t length = strcspn(*names, " ");
    if (length == 0 || length >= ERRNOS_NAME_SIZE)
        return false;
    memcpy(name, *names, length);
    name[length] = '\0';
    *names += length + strspn(*names + length, " ");
    return true;
}

#endif
