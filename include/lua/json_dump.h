/* SPDX-License-Identifier: MIT
 *
 * A Lua value written as JSON, for json.dumps. Knows neither the table `json` nor sockets.
 */
#ifndef LUA_JSON_DUMP_H
#define LUA_JSON_DUMP_H

#include "base/buffer.h"

#include <lua.h>

/* Appends the value on top of the stack, which stays there, to an empty buffer. Raises where the
 * value cannot be written or memory runs out; the buffer's content is lost then. `null` and `array`
 * are the absolute or pseudo indices of json.null and of the metatable that marks a list. */
void json_dump_append(lua_State *L, struct buffer *out, int indent, int null, int array);

#endif
