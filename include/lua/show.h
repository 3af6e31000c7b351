/* SPDX-License-Identifier: MIT
 *
 * Values as the prompt shows them: strings quoted, tables laid out, sockets as what they are, and
 * never a bare address in memory. Runs no code of the student's but __tostring and __name.
 */
#ifndef LUA_SHOW_H
#define LUA_SHOW_H

#include "base/buffer.h"

#include <lua.h>

/* Appends the value at the index, in at most `width` columns a line where that can be. May raise.
 */
void show_append(lua_State *L, int index, struct buffer *out, size_t width);

/* __concat of what tutorials join to text: "Got connection from " .. addr, "failed: " .. err. */
int show_concat(lua_State *L);

#endif
