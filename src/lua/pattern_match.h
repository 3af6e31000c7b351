/* SPDX-License-Identifier: MIT
 *
 * The matcher under the functions of pattern.c.
 */
#ifndef LUA_PATTERN_MATCH_H
#define LUA_PATTERN_MATCH_H

#include <lua.h>
#include <stddef.h>

/* Lengths of a capture that is not closed yet, and of one that is a place. */
enum { CAPTURE_OPEN = -1, CAPTURE_PLACE = -2, CAPTURE_MOST = 32 };

struct match {
    lua_State *L;
    const char *text, *text_end;
    const char *pattern_end;
    int depth;      /* of the recursion that is left */
    unsigned steps; /* since somebody was let in */
    int level;      /* captures so far */
    struct {
        const char *begin;
        ptrdiff_t length;
    } captures[CAPTURE_MOST];
};

/* Where the match of the pattern from `s` on ends; NULL where there is none. Raises for a pattern
 * that is malformed, and what a hook raises. */
const char *match_try(struct match *m, const char *s, const char *p);

/* Every so many steps: whoever wants to interrupt has set a hook, which a call runs. */
void match_step(struct match *m);

#endif
