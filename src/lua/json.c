/* SPDX-License-Identifier: MIT
 *
 * The table `json`. What jansson or a buffer allocates hangs on a scratch userdata that is made
 * first and closed when the call ends in whatever way, so an error that Lua raises loses nothing.
 * Knows nothing of sockets.
 */
#include "lua/json.h"

#include "base/buffer.h"
#include "lua/json_dump.h"

#include <jansson.h>
#include <lauxlib.h>
#include <limits.h>

enum { JSON_INDENT_MAX = 31 };

/* Upvalues that all functions of the table share: json.null, and two metatables. */
enum { JSON_UP_NULL = 1, JSON_UP_ARRAY, JSON_UP_SCRATCH, JSON_UP_COUNT = JSON_UP_SCRATCH };

/* Owns what Lua's collector does not know of. */
struct json_scratch {
    json_t *root;       /* what json.loads has parsed */
    struct buffer text; /* what json.dumps has written so far */
};

static int json_scratch_release(lua_State *L)
{
    struct json_scratch *scratch = lua_touserdata(L, 1);
    json_decref(scratch->root);
    scratch->root = NULL;
    buffer_free(&scratch->text);
    return 0;
}

/* [+1] The scratch is released when the calling C function returns or raises. */
static struct json_scratch *json_push_scratch(lua_State *L)
{
    struct json_scratch *scratch = lua_newuserdatauv(L, sizeof *scratch, 0);
    scratch->root = NULL;
    scratch->text = BUFFER_EMPTY;
    lua_pushvalue(L, lua_upvalueindex(JSON_UP_SCRATCH));
    lua_setmetatable(L, -2);
    lua_toclose(L, -1);
    return scratch;
}

static void json_check_surplus(lua_State *L, const char *function, int most)
{
    int given = lua_gettop(L);
    if (given > most)
        luaL_error(L, "bad argument #%d to 'json.%s' (at most %d expected, got %d)", most + 1,
                   function, most, given);
}

static int json_check_indent(lua_State *L)
{
    if (lua_isnoneornil(L, 2))
        return 0;
    if (!lua_isinteger(L, 2) || lua_tointeger(L, 2) < 1 || lua_tointeger(L, 2) > JSON_INDENT_MAX)
        luaL_error(L,
                   "bad argument #2 to 'json.dumps' (indent: an integer from 1 to %d expected, got "
                   "%s)",
                   JSON_INDENT_MAX, luaL_tolstring(L, 2, NULL));
    return (int)lua_tointeger(L, 2);
}

static int json_dumps_value(lua_State *L)
{
    json_check_surplus(L, "dumps", 2);
    if (lua_isnone(L, 1))
        return luaL_error(L, "bad argument #1 to 'json.dumps' (value: expected, got no value)");
    int indent = json_check_indent(L);
    struct buffer *out = &json_push_scratch(L)->text;
    lua_pushvalue(L, 1);
    json_dump_append(L, out, indent, lua_upvalueindex(JSON_UP_NULL),
                     lua_upvalueindex(JSON_UP_ARRAY));
    lua_pushlstring(L, buffer_text(out), out->length);
    return 1;
}

/* --- loads: from text to a value --- */

static void json_push_value(lua_State *L, json_t *value);

static void json_push_list(lua_State *L, json_t *list)
{
    size_t count = json_array_size(list);
    lua_createtable(L, (int)(count < INT_MAX ? count : INT_MAX), 0);
    lua_pushvalue(L, lua_upvalueindex(JSON_UP_ARRAY));
    lua_setmetatable(L, -2);
    for (size_t i = 0; i < count; i++) {
        json_push_value(L, json_array_get(list, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void json_push_object(lua_State *L, json_t *object)
{
    size_t count = json_object_size(object);
    lua_createtable(L, 0, (int)(count < INT_MAX ? count : INT_MAX));
    for (void *i = json_object_iter(object); i != NULL; i = json_object_iter_next(object, i)) {
        lua_pushstring(L, json_object_iter_key(i));
        json_push_value(L, json_object_iter_value(i));
        lua_rawset(L, -3);
    }
}

/* [+1] The depth is bounded by jansson's parser. */
static void json_push_value(lua_State *L, json_t *value)
{
    luaL_checkstack(L, LUA_MINSTACK, "json.loads");
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        json_push_object(L, value);
        break;
    case JSON_ARRAY:
        json_push_list(L, value);
        break;
    case JSON_STRING:
        lua_pushlstring(L, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        lua_pushinteger(L, json_integer_value(value));
        break;
    case JSON_REAL:
        lua_pushnumber(L, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        lua_pushboolean(L, json_is_true(value));
        break;
    case JSON_NULL:
        lua_pushvalue(L, lua_upvalueindex(JSON_UP_NULL));
        break;
    }
}

static int json_refuse_text(lua_State *L, const json_error_t *error)
{
    const char *why = error->text;
    if (why[0] == '\0' || json_error_code(error) == json_error_out_of_memory)
        return luaL_error(L, "json.loads: not enough memory");
    if (json_error_code(error) == json_error_stack_overflow)
        why = lua_pushfstring(L, "nested deeper than %d levels", JSON_PARSER_MAX_DEPTH);
    return luaL_error(L, "bad argument #1 to 'json.loads' (text: line %d, column %d: %s)",
                      error->line, error->column, why);
}

static int json_loads_text(lua_State *L)
{
    json_check_surplus(L, "loads", 1);
    if (lua_type(L, 1) != LUA_TSTRING)
        return luaL_error(L, "bad argument #1 to 'json.loads' (text: a string expected, got %s)",
                          luaL_typename(L, 1));
    struct json_scratch *scratch = json_push_scratch(L);
    size_t length;
    const char *text = lua_tolstring(L, 1, &length);
    json_error_t error;
    scratch->root = json_loadb(text, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (scratch->root == NULL)
        return json_refuse_text(L, &error);
    json_push_value(L, scratch->root);
    return 1;
}

/* --- the table --- */

static int json_array_mark(lua_State *L)
{
    json_check_surplus(L, "array", 1);
    if (lua_type(L, 1) != LUA_TTABLE)
        return luaL_error(L, "bad argument #1 to 'json.array' (t: a table expected, got %s)",
                          luaL_typename(L, 1));
    if (lua_getmetatable(L, 1) && !lua_rawequal(L, -1, lua_upvalueindex(JSON_UP_ARRAY)))
        return luaL_error(L,
                          "bad argument #1 to 'json.array' (t: has a metatable of its own, which "
                          "the mark would replace)");
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(JSON_UP_ARRAY));
    lua_setmetatable(L, 1);
    return 1;
}

static int json_null_tostring(lua_State *L)
{
    lua_pushliteral(L, "json.null");
    return 1;
}

static const luaL_Reg json_functions[] = {
    {"dumps", json_dumps_value},
    {"loads", json_loads_text},
    {"array", json_array_mark},
    {NULL, NULL},
};

static const luaL_Reg json_null_methods[] = {{"__tostring", json_null_tostring}, {NULL, NULL}};

static const luaL_Reg json_scratch_methods[] = {
    {"__gc", json_scratch_release},
    {"__close", json_scratch_release},
    {NULL, NULL},
};

int json_open(lua_State *L)
{
    luaL_newlibtable(L, json_functions);
    lua_newuserdatauv(L, 0, 0);
    luaL_newlib(L, json_null_methods);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "null");
    lua_newtable(L);
    luaL_newlib(L, json_scratch_methods);
    luaL_setfuncs(L, json_functions, JSON_UP_COUNT);
    return 1;
}
