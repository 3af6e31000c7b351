/* SPDX-License-Identifier: MIT
 *
 * Text and bytes: the string methods encode and decode.
 */
#ifndef LUA_CODEC_H
#define LUA_CODEC_H

#include "lua/engine.h"

/* Adds encode and decode to the table at the top of the stack. */
void codec_open(lua_State *L, struct engine *e);

/* Puts what can be interrupted in the place of Lua's own functions, in the table of strings'
 * methods at the top of the stack. */
void codec_mend(lua_State *L, struct engine *e);

#endif
