/* SPDX-License-Identifier: MIT
 *
 * The Lua table `json`: what Python's module of that name does for the documents' examples, on the
 * packaged library jansson. Knows nothing of sockets or of the shell.
 *
 *   json.dumps(value [, indent])  text, with the separators and the \u escapes of Python's default,
 *                                 keys in byte order; `indent` columns (1 to 31) for each level
 *   json.loads(text)              the value; JSON's null becomes json.null, a list is marked as one
 *   json.array(t)                 t, marked as a list, so that an empty one is [] rather than {}
 *   json.null                     what null is on either side; like all but nil and false it is
 * true
 *
 * A table with the keys 1 to n is a list, one with strings alone as keys an object; anything else
 * is an error that names the way to the culprit. Integers stay integers, floats floats. A zero byte
 * may stand in a string both ways, but jansson does not read one in an object's key.
 */
#ifndef LUA_JSON_H
#define LUA_JSON_H

#include <lua.h>

/* Pushes the table and returns 1. */
int json_open(lua_State *L);

#endif
