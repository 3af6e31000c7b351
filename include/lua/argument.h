/* SPDX-License-Identifier: MIT
 *
 * Arguments of the functions, checked to the letter: what is wrong is an ordinary Lua argument
 * error that names the function, the parameter, what was expected and what came. Nothing is
 * truncated, wrapped or guessed.
 *
 * Every function is registered by argument_register(), with the engine as its first upvalue, its
 * own name as the second, so that it knows its name however it was called, and as the third the
 * sandbox whose function it is, NULL for an ordinary one.
 */
#ifndef LUA_ARGUMENT_H
#define LUA_ARGUMENT_H

#include "lua/engine.h"
#include "net/name.h"

#include <lauxlib.h>

/* Data in one piece may not be larger: 1 GiB. */
#define ARGUMENT_LARGEST_SIZE 0x40000000

/* Types stand in the registry under names that no other library has; a message leaves this out. */
#define TYPE_PREFIX "sockrepl."

/* Pushes the metatable of a new type, TYPE_PREFIX and its name, which scripts cannot get at. */
void argument_new_type(lua_State *L, const char *type, const luaL_Reg *meta);

/* Adds the functions to the table at the top of the stack. */
void argument_register(lua_State *L, struct engine *e, const luaL_Reg *functions);

/* Pushes the one function, with the upvalues that argument_register() gives. */
void argument_push_function(lua_State *L, struct engine *e, const char *name,
                            lua_CFunction function);

/* Calls the function of Lua's own that is this upvalue of the one that runs, with its arguments,
 * and returns its results. Messages read as if it had been called directly. It cannot yield. */
int argument_call_guarded(lua_State *L, int upvalue);

/* The name under which the function that runs was registered. */
const char *argument_function(lua_State *L);

/* The name of a function of the shell's at an index; NULL where it is another function. */
const char *argument_name_of(lua_State *L, int index);

/* Raises `bad argument #2 to 'bind' (port: <message>)`; without a name where that is NULL. A
 * method's arguments count without its socket, as Lua's own messages do. */
int argument_error(lua_State *L, int index, const char *name, const char *format, ...);

/* Raises: `<expected> expected, got <what came>`. */
int argument_expected(lua_State *L, int index, const char *name, const char *expected);

/* Raises where there are more than `last` arguments. */
void argument_end(lua_State *L, int last);

/* An integer, or a float that is one, in a range. */
lua_Integer argument_integer(lua_State *L, int index, const char *name, lua_Integer least,
                             lua_Integer most);

/* Raises for a key of the table that is neither 1 to `length` nor one of the names (ended by NULL,
 * or NULL for none). */
void argument_refuse_keys(lua_State *L, int index, const char *name, lua_Integer length,
                          const char *const *names, const char *expected);

/* Bytes; numbers are not taken for text. */
const char *argument_bytes(lua_State *L, int index, const char *name, size_t *length);

/* Text without a zero byte inside. */
const char *argument_text(lua_State *L, int index, const char *name);

/* Seconds: not negative, not NaN, at most ten years. */
double argument_seconds(lua_State *L, int index, const char *name);

/* A constant of one of two kinds (give one kind twice for one) or a plain integer. */
int argument_constant(lua_State *L, int index, const char *name, enum net_kind kind,
                      enum net_kind other);
int argument_opt_constant(lua_State *L, int index, const char *name, enum net_kind kind, int value);

/* Pushes an empty text that is freed with its userdata, whatever is raised meanwhile. */
struct buffer *argument_buffer(lua_State *L);

/* What it holds; raises where it had no memory for all of it. */
const char *argument_whole(lua_State *L, const struct buffer *text);

/* Pushes the text as a string and returns 1; raises where there was no memory for it. */
int argument_push_buffer(lua_State *L, struct buffer *text);

/* Pushes a text of what came as the argument, "nothing" where none did. */
const char *argument_came(lua_State *L, int index);

/* Appends what a value is in a message: `80`, `"80x"`, `SOCK_STREAM`, `nil`, `a table`. */
void argument_describe(lua_State *L, int index, struct buffer *out);

#endif
