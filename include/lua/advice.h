/* SPDX-License-Identifier: MIT
 *
 * What to say to a message of Lua's own, and the nearest right name for a misspelt one. Changes
 * nothing and calls nothing of the student's.
 */
#ifndef LUA_ADVICE_H
#define LUA_ADVICE_H

#include "base/buffer.h"

#include <lua.h>

/* The global whose name is nearest to one that nothing has; NULL where none is near. It is a key of
 * the table of globals. */
const char *advice_nearest_global(lua_State *L, const char *name);

/* Appends a hint for a message of Lua's own, such as "attempt to call a nil value (global
 * 'conect')": the name that was perhaps meant; or for an argument that is nil. */
void advice_append(lua_State *L, const char *message, struct buffer *out);

#endif
