/* SPDX-License-Identifier: MIT
 *
 * The functions of Lua's own library through which a stop must pass or a wait must be carried:
 * pcall, xpcall, coroutine.resume, wrap, yield, running and isyieldable; as in Lua's manual but for
 * that.
 */
#ifndef LUA_COROUTINE_H
#define LUA_COROUTINE_H

#include "lua/engine.h"

/* Adds pcall and xpcall to the table at the top of the stack. */
void coroutine_open_protected(lua_State *L, struct engine *e);

/* Puts them into the table of globals at the top of the stack and into its `coroutine`. */
void coroutine_open(lua_State *L, struct engine *e);

#endif
