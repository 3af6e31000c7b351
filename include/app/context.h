/* SPDX-License-Identifier: MIT
 *
 * Which call, and which of its arguments, a place in a Lua text stands in. Pure text: half-typed
 * code does not compile, so it is read by its brackets, commas and blocks. Knows no names but
 * Lua's keywords, and runs nothing.
 */
#ifndef APP_CONTEXT_H
#define APP_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { CONTEXT_ARGUMENTS = 6 }; /* of which it is known where they begin */

enum context_place {
    CONTEXT_CODE,
    CONTEXT_QUOTED, /* within quotes */
    CONTEXT_PROSE   /* within a comment or a long string */
};

struct context {
    enum context_place place;
    /* The innermost call, as written before its bracket: `socket.bind`, `s:send`; length 0: none. A
     * name that follows a bracket begins with its link: `:send` of `socket():send`. */
    size_t callee, callee_length;
    unsigned argument; /* from 1 */
    unsigned nested;   /* further brackets between the call and the place: tables, groups */
    size_t begins[CONTEXT_ARGUMENTS];
};

/* Reads the text up to `end`. */
void context_read(const char *text, size_t end, struct context *context);

/* The text of an argument that a comma has ended, without the blanks around it; NULL where it is
 * not known. `argument` counts from 1. */
const char *context_argument(const char *text, const struct context *context, unsigned argument,
                             size_t *length);

/* Lua's keywords, sorted; the last one is NULL. */
const char *const *context_keywords(void);

/* Whether the text is a name as Lua has them, and no keyword. */
bool context_is_name(const char *text, size_t length);

#endif
