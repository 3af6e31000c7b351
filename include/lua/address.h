/* SPDX-License-Identifier: MIT
 *
 * Addresses as Lua sees them, and the one way in which every function takes one: two arguments, a
 * table, or an address object; names are looked up while everything else goes on.
 */
#ifndef LUA_ADDRESS_H
#define LUA_ADDRESS_H

#include "lua/engine.h"
#include "net/address.h"

/* Pushes an address object; it prints as 127.0.0.1:80 and has .family, .host, .port or .path. */
void address_push(lua_State *L, struct engine *e, const struct net_address *a);

/* NULL where the value is no address object. */
const struct net_address *address_to(lua_State *L, int index, const struct engine *e);

/* The name of the field at a place among an address's, from 0 on; NULL behind the last. */
const char *address_field(const struct net_address *a, size_t place);

/* A call that takes an address. */
struct addressed {
    int index;          /* where the address begins among the arguments */
    int most;           /* arguments once the address is one: more are too many */
    lua_KFunction body; /* continues with an address object at `index` */
};

/* Makes one address object of the argument or arguments at `index` for a socket of the family and
 * type, then calls the body. To be called as `return address_resolve(...)`. */
int address_resolve(lua_State *L, const struct addressed *call, int family, int type);

void address_open(lua_State *L, struct engine *e);

#endif
