/* SPDX-License-Identifier: MIT
 *
 * Constants as objects: they know their name and what they are for, so that a constant in the wrong
 * place can be told so. One object serves each number of a kind.
 */
#ifndef LUA_CONSTANT_H
#define LUA_CONSTANT_H

#include "lua/engine.h"
#include "net/name.h"
#include "net/option.h"

struct constant {
    const void *mark; /* see engine_to() */
    long value;
    enum net_kind kind;
    enum net_option_type option; /* of an option at its own level: what its values are */
};

/* NULL where the value is no constant. */
const struct constant *constant_to(lua_State *L, int index, const struct engine *e);

/* Pushes the constant of a number, with or without a name. */
void constant_push(lua_State *L, enum net_kind kind, long value);

/* Pushes the constant of a name; false, and nothing pushed, where the system has none. */
bool constant_push_named(lua_State *L, const char *name);

/* Appends `SOCK_STREAM`; false where the value is no constant. */
bool constant_append(lua_State *L, int index, struct buffer *out);

/* constant_to() where no engine is at hand. */
const struct constant *constant_test(lua_State *L, int index);

/* The name of the field at a place among a constant's, from 0 on; NULL behind the last. */
const char *constant_field(size_t place);

void constant_open(lua_State *L, struct engine *e);

#endif
