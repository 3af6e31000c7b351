/* SPDX-License-Identifier: MIT
 *
 * The list of help/errnos.h read in both directions: the errors of a call, for its page, and the
 * calls of an error, for that one's. Knows nothing of what either means.
 */
#include "errnos.h"

#include "help/errnos.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define ENTRY(call, names) {call, names},
static const struct {
    const char *call, *names;
} entries[] = {HELP_ERRNOS(ENTRY)};
#undef ENTRY

#define ENTRY_COUNT (sizeof entries / sizeof entries[0])

/* Whether the name stands in the list, as a whole word between separators. */
static bool has_word(const char *list, const char *name, size_t length)
{
    for (const char *c = list; (c = strstr(c, name)) != NULL; c++) {
        bool begins = c == list || strchr(" \n", c[-1]) != NULL;
        if (begins && strchr(" :", c[length]) != NULL) /* the end of the string, too */
            return true;
    }
    return false;
}

static void append_name(struct buffer *out, const char *name, size_t length, size_t start)
{
    if (out->length > start)
        buffer_puts(out, ", ");
    buffer_append(out, name, length);
}

void errnos_append_calls(struct buffer *out, const char *error)
{
    const size_t start = out->length;
    for (size_t i = 0; i < ENTRY_COUNT; i++)
        if (has_word(entries[i].names, error, strlen(error)))
            append_name(out, entries[i].call, strlen(entries[i].call), start);
}

static void append_others(struct buffer *out, const char *names, const char *explained)
{
    const size_t start = out->length;
    while (*names != '\0') {
        char name[32] = "";
        size_t length = strcspn(names, " ");
        if (length < sizeof name) {
            memcpy(name, names, length);
            if (!has_word(explained, name, length))
                append_name(out, name, length, start);
        }
        names += length + strspn(names + length, " ");
    }
}

void errnos_append_others(struct buffer *out, const char *call, const char *explained)
{
    for (size_t i = 0; i < ENTRY_COUNT; i++)
        if (strcmp(entries[i].call, call) == 0)
            append_others(out, entries[i].names, explained);
}
