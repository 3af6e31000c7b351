/* SPDX-License-Identifier: MIT
 *
 * Text and bytes: the string methods encode and decode.
 */
#ifndef LUA_CODEC_H
#define LUA_CODEC_H

#include "lua/engine.h"

/* Adds encode and decode to the table at the top of the stack. */
void codec_open(lua_State *L, struct engine *e);

#endif
