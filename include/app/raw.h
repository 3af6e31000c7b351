/* SPDX-License-Identifier: MIT
 *
 * Ways to values that run no code of the student's: fields are read raw, and a metatable's
 * `__index` is followed where it is a table. Knows nothing of completion. All of it may raise for
 * want of memory.
 */
#ifndef APP_RAW_H
#define APP_RAW_H

#include <lua.h>

#include <stdbool.h>
#include <stddef.h>

enum { RAW_CHAIN = 16 }; /* tables that are followed by __index: they may go in a circle */

/* Replaces the value at the top by what answers for fields that it lacks. Returns false, and leaves
 * any value, where that is no table. */
bool raw_follow_index(lua_State *L);

/* Pushes the value of a path such as `socket.bind` or `s:send`, without a link at its end; nil
 * where it leads nowhere. */
void raw_push_path(lua_State *L, const char *path, size_t length);

#endif
