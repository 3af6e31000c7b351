/* SPDX-License-Identifier: MIT
 *
 * The error object: what a failed call raises. It keeps the fault as it was; the hint is written
 * when somebody reads it.
 */
#ifndef LUA_ERROR_H
#define LUA_ERROR_H

#include "lua/engine.h"
#include "net/fault.h"

/* Raises the fault. */
int error_raise(lua_State *L, struct engine *e, const struct net_fault *fault);

/* Raises ECANCELED for a task that was cancelled. */
int error_raise_cancelled(lua_State *L, struct engine *e, const char *name);

/* The fault of an error object at an index, NULL where the value is none. */
const struct net_fault *error_to(lua_State *L, int index);

/* Appends an error's own line, "connect: Connection refused (ECONNREFUSED)". */
void error_append_line(struct buffer *out, const struct net_fault *fault);

/* Appends the hint of the error object at an index, on one line. */
void error_append_hint(lua_State *L, int index, struct buffer *out);

/* The name of the field at a place among an error object's, from 0 on; NULL behind the last. */
const char *error_field(size_t place);

void error_open(lua_State *L);

#endif
