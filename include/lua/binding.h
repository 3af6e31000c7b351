/* SPDX-License-Identifier: MIT
 *
 * What every function of the shell's is bound to Lua with: its registration, the types of its
 * objects, and texts that no error loses. Knows nothing of what the functions do.
 *
 * Every function is registered by binding_register(), with the engine as its first upvalue, its
 * own name as the second, so that it knows its name however it was called, and as the third the
 * sandbox whose function it is, NULL for an ordinary one.
 */
#ifndef LUA_BINDING_H
#define LUA_BINDING_H

#include "base/buffer.h"
#include "lua/engine.h"

#include <lauxlib.h>

/* Types stand in the registry under names that no other library has; a message leaves this out. */
#define TYPE_PREFIX "sockrepl."

/* Pushes the metatable of a new type, TYPE_PREFIX and its name, which scripts cannot get at. */
void binding_new_type(lua_State *L, const char *type, const luaL_Reg *meta);

/* Adds the functions to the table at the top of the stack. */
void binding_register(lua_State *L, struct engine *e, const luaL_Reg *functions);

/* Pushes the one function, with the upvalues that binding_register() gives. */
void binding_push_function(lua_State *L, struct engine *e, const char *name,
                           lua_CFunction function);

/* Calls the function of Lua's own that is this upvalue of the one that runs, with its arguments,
 * and returns its results. Messages read as if it had been called directly. It cannot yield. */
int binding_call_guarded(lua_State *L, int upvalue);

/* The name under which the function that runs was registered. */
const char *binding_function(lua_State *L);

/* The name of a function of the shell's at an index; NULL where it is another function. */
const char *binding_name_of(lua_State *L, int index);

/* Pushes an empty text that is freed with its userdata, whatever is raised meanwhile. */
struct buffer *binding_buffer(lua_State *L);

/* What it holds; raises where it had no memory for all of it. */
const char *binding_whole(lua_State *L, const struct buffer *text);

/* Pushes the text as a string and returns 1; raises where there was no memory for it. */
int binding_push_buffer(lua_State *L, struct buffer *text);

#endif
