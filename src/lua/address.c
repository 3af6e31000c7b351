/* SPDX-License-Identifier: MIT
 *
 * Address objects.
 */
#include "lua/address.h"
#include "lua/binding.h"
#include "lua/constant.h"
#include "lua/show.h"

#include <string.h>

#define ADDRESS_TYPE TYPE_PREFIX "address"

struct address {
    const void *mark; /* see engine_to() */
    struct net_address a;
};

void address_push(lua_State *L, struct engine *e, const struct net_address *a)
{
    struct address *copy = lua_newuserdatauv(L, sizeof *copy, 0);
    copy->mark = e->address_meta;
    copy->a.length = a->length;
    memcpy(&copy->a.u, &a->u, a->length < sizeof copy->a.u ? a->length : sizeof copy->a.u);
    luaL_setmetatable(L, ADDRESS_TYPE);
}

const struct net_address *address_to(lua_State *L, int index, const struct engine *e)
{
    const struct address *address = engine_to(L, index, sizeof *address, e->address_meta);
    return address == NULL ? NULL : &address->a;
}

static const struct net_address *self(lua_State *L)
{
    const struct address *address = luaL_checkudata(L, 1, ADDRESS_TYPE);
    return &address->a;
}

static int push_host(lua_State *L, const struct net_address *a)
{
    struct buffer *text = binding_buffer(L);
    net_address_append_host(text, a);
    return binding_push_buffer(L, text);
}

static int push_path(lua_State *L, const struct net_address *a)
{
    size_t length;
    const char *path = net_address_path(a, &length);
    lua_pushlstring(L, path, length);
    return 1;
}

const char *address_field(const struct net_address *a, size_t place)
{
    static const char *const internet[] = {"family", "host", "port", NULL};
    static const char *const local[] = {"family", "path", NULL}, *const other[] = {"family", NULL};
    const int family = net_address_family(a);
    const char *const *fields = family == AF_INET || family == AF_INET6 ? internet
                                : family == AF_UNIX                     ? local
                                                                        : other;
    for (; place > 0 && *fields != NULL; place--)
        fields++;
    return *fields;
}

static int push_field(lua_State *L, const struct net_address *a, const char *field)
{
    int family = net_address_family(a);
    bool internet = family == AF_INET || family == AF_INET6;
    if (strcmp(field, "family") == 0) {
        constant_push(L, NET_FAMILY, family);
        return 1;
    }
    if (internet && strcmp(field, "host") == 0)
        return push_host(L, a);
    if (internet && strcmp(field, "port") == 0) {
        lua_pushinteger(L, net_address_port(a));
        return 1;
    }
    if (family == AF_UNIX && strcmp(field, "path") == 0)
        return push_path(L, a);
    return luaL_error(L, "this address has the fields family%s, not '%s'",
                      internet            ? ", host and port"
                      : family == AF_UNIX ? " and path"
                                          : "",
                      field);
}

static int address_index(lua_State *L)
{
    const struct net_address *a = self(L);
    if (lua_type(L, 2) == LUA_TSTRING)
        return push_field(L, a, lua_tostring(L, 2));
    lua_Integer place = lua_isinteger(L, 2) ? lua_tointeger(L, 2) : -1;
    int family = net_address_family(a);
    bool internet = family == AF_INET || family == AF_INET6;
    if (place == 0 && (internet || family == AF_UNIX))
        return luaL_error(L, "an address has no [0], as Lua counts from 1: [1] is the %s",
                          family == AF_UNIX ? "path" : "host, [2] the port");
    if (family == AF_UNIX && place == 1)
        return push_path(L, a);
    if (internet && place == 1)
        return push_host(L, a);
    if (!internet || place != 2)
        return 0;
    lua_pushinteger(L, net_address_port(a));
    return 1;
}

static int address_length(lua_State *L)
{
    int family = net_address_family(self(L));
    lua_pushinteger(L, family == AF_INET || family == AF_INET6 ? 2 : family == AF_UNIX ? 1 : 0);
    return 1;
}

static int address_tostring(lua_State *L)
{
    const struct net_address *a = self(L);
    struct buffer *text = binding_buffer(L);
    net_address_append(text, a);
    return binding_push_buffer(L, text);
}

static int address_equal(lua_State *L)
{
    const struct address *a = luaL_testudata(L, 1, ADDRESS_TYPE);
    const struct address *b = luaL_testudata(L, 2, ADDRESS_TYPE);
    lua_pushboolean(L, a != NULL && b != NULL && net_address_equal(&a->a, &b->a));
    return 1;
}

void address_open(lua_State *L, struct engine *e)
{
    static const luaL_Reg meta[] = {{"__index", address_index},       {"__len", address_length},
                                    {"__tostring", address_tostring}, {"__eq", address_equal},
                                    {"__concat", show_concat},        {NULL, NULL}};
    binding_new_type(L, ADDRESS_TYPE, meta);
    e->address_meta = lua_topointer(L, -1);
    lua_pop(L, 1);
}
