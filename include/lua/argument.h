/* SPDX-License-Identifier: MIT
 *
 * Arguments of the functions, checked to the letter: what is wrong is an ordinary Lua argument
 * error that names the function, the parameter, what was expected and what came. Nothing is
 * truncated, wrapped or guessed.
 */
#ifndef LUA_ARGUMENT_H
#define LUA_ARGUMENT_H

#include "lua/binding.h"
#include "net/name.h"

/* Data in one piece may not be larger: 1 GiB. */
#define ARGUMENT_LARGEST_SIZE 0x40000000

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

/* Pushes a text of what came as the argument, "nothing" where none did. */
const char *argument_came(lua_State *L, int index);

#endif
