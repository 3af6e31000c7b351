/* SPDX-License-Identifier: MIT
 *
 * All functions in their places: as globals, as methods of a socket, and in the callable table
 * `socket`; and what a global name that does not exist is answered with.
 */
#ifndef LUA_LIBRARY_H
#define LUA_LIBRARY_H

#include "lua/engine.h"

/* Makes the engine and opens everything in a state whose standard libraries are open. The state
 * keeps the engine. */
struct engine *library_open(lua_State *L, const struct net_sys *sys, struct signal_notes *notes);

/* The same for an interpreter that is not the shell: takes no signal and no global name. Pushes
 * what require "sockrepl" gives, there as in the shell: the functions, select and the constants;
 * encode and decode, which are methods of strings in the shell; pcall and xpcall, which let the end
 * of a cancelled task pass; and globals(), which puts all of them, as in the shell, among the
 * globals. */
struct engine *library_push(lua_State *L, const struct net_sys *sys);

/* Puts all functions into the globals, whose standard libraries are open; they belong to the
 * sandbox e->registering where that is one. */
void library_fill(lua_State *L, struct engine *e);

#endif
