/* SPDX-License-Identifier: MIT
 *
 * Constants: one userdata for each number of a kind, made when first asked for.
 */
#include "lua/constant.h"
#include "lua/binding.h"

#include <ctype.h>
#include <string.h>

#define CONSTANT_TYPE TYPE_PREFIX "constant"

static const char cache_key = 0;

const struct constant *constant_to(lua_State *L, int index, const struct engine *e)
{
    return engine_to(L, index, sizeof(struct constant), e->constant_meta);
}

const struct constant *constant_test(lua_State *L, int index)
{
    return luaL_testudata(L, index, CONSTANT_TYPE);
}

/* Kinds hold numbers of 32 bits, so that kind and number fit one key. */
static lua_Integer key_of(enum net_kind kind, long value)
{
    return ((lua_Integer)kind << 32) | (lua_Integer)(uint32_t)value;
}

/* What an option's values are is asked for once, so that setsockopt need not search. */
static enum net_option_type option_type(enum net_kind kind, long value)
{
    static const int levels[NET_KIND_COUNT] = {
        [NET_SOCKET_OPTION] = SOL_SOCKET, [NET_TCP_OPTION] = IPPROTO_TCP,
        [NET_UDP_OPTION] = IPPROTO_UDP,   [NET_IP_OPTION] = IPPROTO_IP,
        [NET_IPV6_OPTION] = IPPROTO_IPV6,
    };
    bool is_option = kind >= NET_SOCKET_OPTION && kind <= NET_IPV6_OPTION;
    return is_option ? net_option_type(levels[kind], (int)value) : NET_VALUE_INT;
}

void constant_push(lua_State *L, enum net_kind kind, long value)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &cache_key);
    if (lua_rawgeti(L, -1, key_of(kind, value)) == LUA_TNIL) {
        lua_pop(L, 1);
        struct constant *c = lua_newuserdatauv(L, sizeof *c, 0);
        c->mark = engine_find(L)->constant_meta;
        c->value = value;
        c->kind = kind;
        c->option = option_type(kind, value);
        luaL_setmetatable(L, CONSTANT_TYPE);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, key_of(kind, value));
    }
    lua_remove(L, -2);
}

bool constant_push_named(lua_State *L, const char *name)
{
    const struct net_name *entry = net_name_find(name);
    if (entry == NULL)
        return false;
    constant_push(L, entry->kind, entry->value);
    return true;
}

bool constant_append(lua_State *L, int index, struct buffer *out)
{
    const struct constant *c = constant_test(L, index);
    if (c == NULL)
        return false;
    net_name_append(out, c->kind, c->value);
    return true;
}

/* Appends `SOCK_STREAM (1)`. */
static void describe(const struct constant *c, struct buffer *out)
{
    size_t begin = out->length;
    net_name_append(out, c->kind, c->value);
    if (!isdigit((unsigned char)buffer_text(out)[begin])) /* a number without a name is enough */
        buffer_printf(out, " (%ld)", c->value);
}

static const struct constant *self(lua_State *L)
{
    return luaL_checkudata(L, 1, CONSTANT_TYPE);
}

static int constant_tostring(lua_State *L)
{
    const struct constant *c = self(L);
    struct buffer *text = binding_buffer(L);
    describe(c, text);
    return binding_push_buffer(L, text);
}

const char *constant_field(size_t place)
{
    static const char *const fields[] = {"name", "value", "kind"};
    return place < sizeof fields / sizeof fields[0] ? fields[place] : NULL;
}

static int constant_index(lua_State *L)
{
    const struct constant *c = self(L);
    const char *field = luaL_checkstring(L, 2);
    if (strcmp(field, "value") == 0) {
        lua_pushinteger(L, c->value);
        return 1;
    }
    if (strcmp(field, "kind") == 0) {
        lua_pushstring(L, net_kind_title(c->kind));
        return 1;
    }
    if (strcmp(field, "name") != 0)
        return luaL_error(L, "a constant has the fields name, value and kind, not '%s'", field);
    struct buffer *text = binding_buffer(L);
    net_name_append(text, c->kind, c->value);
    return binding_push_buffer(L, text);
}

/* An operand of | or &: a constant's number, or an integer; `kind` is set by a constant. */
static lua_Integer operand(lua_State *L, int index, int *kind)
{
    const struct constant *c = constant_test(L, index);
    if (c == NULL) {
        int is_integer;
        lua_Integer value = lua_tointegerx(L, index, &is_integer);
        if (!is_integer || lua_type(L, index) != LUA_TNUMBER)
            luaL_error(L, "a constant combines with constants and integers, not with a %s value",
                       luaL_typename(L, index));
        return value;
    }
    if (*kind >= 0 && *kind != (int)c->kind)
        luaL_error(L, "%s and %s do not go together", net_kind_title((enum net_kind) * kind),
                   net_kind_title(c->kind));
    *kind = (int)c->kind;
    return (uint32_t)c->value;
}

static int constant_bor(lua_State *L)
{
    int kind = -1;
    lua_Integer value = operand(L, 1, &kind);
    value |= operand(L, 2, &kind);
    if (value < 0 || value > UINT32_MAX)
        return luaL_error(L, "a constant has 32 bits: %I is too large", value);
    constant_push(L, (enum net_kind)kind, (long)(int32_t)(uint32_t)value);
    return 1;
}

static int constant_band(lua_State *L)
{
    int kind = -1;
    lua_Integer value = operand(L, 1, &kind);
    lua_pushinteger(L, value & operand(L, 2, &kind));
    return 1;
}

static int constant_bnot(lua_State *L)
{
    lua_pushinteger(L, ~(lua_Integer)self(L)->value);
    return 1;
}

void constant_open(lua_State *L, struct engine *e)
{
    static const luaL_Reg meta[] = {{"__tostring", constant_tostring}, {"__index", constant_index},
                                    {"__bor", constant_bor},           {"__band", constant_band},
                                    {"__bnot", constant_bnot},         {NULL, NULL}};
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &cache_key);
    binding_new_type(L, CONSTANT_TYPE, meta);
    e->constant_meta = lua_topointer(L, -1);
    lua_pop(L, 1);
}
