/* SPDX-License-Identifier: MIT
 *
 * The functions as a Lua module, for an interpreter that is not the shell. This room takes the
 * shell's place as the engine's host; it knows no terminal.
 */
#ifndef MODULE_MODULE_H
#define MODULE_MODULE_H

#include <lua.h>

/* What require "sockrepl" calls. Leaves the table of functions, described at library_push(). */
extern int luaopen_sockrepl(lua_State *L);

#endif
