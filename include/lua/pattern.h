/* SPDX-License-Identifier: MIT
 *
 * string.find, match, gmatch and gsub, as in Lua's manual, but for one thing: a pattern that tries
 * for ever, as ("-a"):rep(30) does, can be interrupted. Knows nothing of the shell.
 */
#ifndef LUA_PATTERN_H
#define LUA_PATTERN_H

#include <lua.h>

/* Puts them into the table at the top of the stack. */
void pattern_open(lua_State *L);

#endif
