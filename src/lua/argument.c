/* SPDX-License-Identifier: MIT
 *
 * Checking of arguments, and the messages for wrong ones.
 */
#include "lua/argument.h"
#include "base/text.h"
#include "lua/constant.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

static const double ten_years = 10 * 366 * 86400.0;

/* Raises with the text that `format` makes. */
int argument_error(lua_State *L, int index, const char *name, const char *format, ...)
{
    struct buffer *text = binding_buffer(L);
    va_list values;
    if (name != NULL)
        buffer_printf(text, "%s: ", name);
    va_start(values, format);
    buffer_vprintf(text, format, values);
    va_end(values);
    binding_push_buffer(L, text);
    lua_Debug frame;
    if (lua_getstack(L, 0, &frame) && lua_getinfo(L, "n", &frame) &&
        strcmp(frame.namewhat, "method") == 0)
        index--;
    const char *function = binding_function(L);
    if (index == 0)
        return luaL_error(L, "calling '%s' on a bad value (%s)", function, lua_tostring(L, -1));
    return luaL_error(L, "bad argument #%d to '%s' (%s)", index, function, lua_tostring(L, -1));
}

static void describe_number(lua_State *L, int index, struct buffer *out)
{
    lua_pushvalue(L, index);
    buffer_puts(out, lua_tostring(L, -1));
    lua_pop(L, 1);
}

/* s = socket, without its parentheses. */
static bool is_socket_table(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_pushglobaltable(L);
    lua_pushliteral(L, "socket");
    lua_rawget(L, -2);
    bool same = lua_rawequal(L, index, -1);
    lua_pop(L, 2);
    return same;
}

/* Appends what a value is in a message: `80`, `"80x"`, `SOCK_STREAM`, `nil`, `a table`. */
static void describe(lua_State *L, int index, struct buffer *out)
{
    size_t length;
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        describe_number(L, index, out);
        return;
    case LUA_TBOOLEAN:
        buffer_puts(out, lua_toboolean(L, index) ? "true" : "false");
        return;
    case LUA_TSTRING: {
        const char *bytes = lua_tolstring(L, index, &length);
        text_append_quoted(out, bytes, length, 40);
        return;
    }
    case LUA_TUSERDATA:
        if (constant_append(L, index, out))
            return;
        if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) {
            const char *name = lua_tostring(L, -1);
            buffer_printf(out, "%s %s", strchr("aeiou", name[0]) != NULL ? "an" : "a", name);
            lua_pop(L, 1);
            return;
        }
        break;
    case LUA_TTABLE:
        if (is_socket_table(L, index)) {
            buffer_puts(out, "the table socket");
            return;
        }
        break;
    default:
        break;
    }
    buffer_puts(out, lua_isnil(L, index) ? "nil" : "a ");
    if (!lua_isnil(L, index))
        buffer_puts(out, luaL_typename(L, index));
}

const char *argument_came(lua_State *L, int index)
{
    bool none = lua_isnone(L, index); /* before the buffer takes that place */
    struct buffer *came = binding_buffer(L);
    if (none)
        buffer_puts(came, "nothing");
    else
        describe(L, index, came);
    return binding_whole(L, came);
}

int argument_expected(lua_State *L, int index, const char *name, const char *expected)
{
    return argument_error(L, index, name, "%s expected, got %s", expected, argument_came(L, index));
}

void argument_end(lua_State *L, int last)
{
    if (lua_gettop(L) <= last)
        return;
    argument_error(L, last + 1, NULL, "no further argument expected, got %s",
                   argument_came(L, last + 1));
}

lua_Integer argument_integer(lua_State *L, int index, const char *name, lua_Integer least,
                             lua_Integer most)
{
    int is_integer = 0;
    lua_Integer value = 0;
    if (lua_type(L, index) == LUA_TNUMBER)
        value = lua_tointegerx(L, index, &is_integer);
    if (is_integer && value >= least && value <= most)
        return value;
    char expected[80];
    snprintf(expected, sizeof expected, "an integer from %lld to %lld", (long long)least,
             (long long)most);
    return argument_expected(L, index, name, expected);
}

static bool is_among(const char *const *names, const char *key)
{
    for (; names != NULL && *names != NULL; names++)
        if (strcmp(*names, key) == 0)
            return true;
    return false;
}

void argument_refuse_keys(lua_State *L, int index, const char *name, lua_Integer length,
                          const char *const *names, const char *expected)
{
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= length)
            continue;
        if (lua_type(L, -2) == LUA_TSTRING && is_among(names, lua_tostring(L, -2)))
            continue;
        argument_error(L, index, name, "%s expected, got the key %s in it", expected,
                       argument_came(L, lua_gettop(L) - 1));
    }
}

const char *argument_bytes(lua_State *L, int index, const char *name, size_t *length)
{
    if (lua_type(L, index) != LUA_TSTRING)
        argument_expected(L, index, name, "a string");
    return lua_tolstring(L, index, length);
}

const char *argument_text(lua_State *L, int index, const char *name)
{
    size_t length;
    const char *text = argument_bytes(L, index, name, &length);
    if (strlen(text) != length)
        argument_expected(L, index, name, "text without a zero byte");
    return text;
}

double argument_seconds(lua_State *L, int index, const char *name)
{
    double seconds = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : -1;
    if (!(seconds >= 0 && seconds <= ten_years))
        argument_expected(L, index, name, "a number of seconds from 0 to ten years");
    return seconds;
}

int argument_constant(lua_State *L, int index, const char *name, enum net_kind kind,
                      enum net_kind other)
{
    const struct constant *c = constant_to(L, index, engine_of(L));
    if (c != NULL) {
        if (c->kind == kind || c->kind == other)
            return (int)c->value;
        struct buffer *text = binding_buffer(L);
        constant_append(L, index, text);
        return argument_error(L, index, name, "%s expected; %s is %s, which is %s",
                              net_kind_title(kind), binding_whole(L, text), net_kind_title(c->kind),
                              net_kind_place(c->kind));
    }
    int is_integer = 0;
    lua_Integer value = 0;
    if (lua_type(L, index) == LUA_TNUMBER)
        value = lua_tointegerx(L, index, &is_integer);
    lua_Integer most = net_kind_is_flags(kind) ? UINT32_MAX : INT32_MAX;
    if (!is_integer || value < INT32_MIN || value > most)
        argument_expected(L, index, name, net_kind_title(kind));
    return (int)value;
}

int argument_opt_constant(lua_State *L, int index, const char *name, enum net_kind kind, int value)
{
    return lua_isnoneornil(L, index) ? value : argument_constant(L, index, name, kind, kind);
}
