/* SPDX-License-Identifier: MIT
 *
 * Writes a Lua value as JSON while walking it, without a second copy as a tree of jansson's: only
 * so can a refusal name the way to the culprit. jansson writes the strings and the numbers. Knows
 * the buffer it writes to, but not who owns it: each function may raise.
 */
#include "lua/json_dump.h"

#include "base/text.h"

#include <ctype.h>
#include <jansson.h>
#include <lauxlib.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JSON_DUMP_PATH_HEAD = 8, JSON_DUMP_PATH_TAIL = 4, JSON_DUMP_KEY_SHOWN = 40 };

/* One step on the way from the argument to the value at hand, each on the C stack of its level. */
struct json_dump_step {
    const struct json_dump_step *outer; /* NULL for the argument itself */
    const char *key;                    /* NULL for a place in a list */
    size_t key_length;
    lua_Integer index;
    const void *table; /* identity of the value where it is a table */
    int depth;         /* 1 for the argument */
};

struct json_dump {
    lua_State *L;
    struct buffer *out;
    int indent;      /* 0: all on one line */
    int null, array; /* where in the stack json.null and the lists' metatable are */
};

static bool json_dump_is_identifier(const char *key, size_t length)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789";
    if (length == 0 || length > JSON_DUMP_KEY_SHOWN || (key[0] >= '0' && key[0] <= '9'))
        return false;
    return strspn(key, letters) == length; /* a zero byte inside ends the span */
}

static void json_dump_append_step(struct buffer *out, const struct json_dump_step *at)
{
    if (at->outer == NULL) {
        buffer_puts(out, "value");
    } else if (at->key == NULL) {
        buffer_printf(out, "[" LUA_INTEGER_FMT "]", at->index);
    } else if (json_dump_is_identifier(at->key, at->key_length)) {
        buffer_printf(out, ".%s", at->key);
    } else {
        buffer_putc(out, '[');
        text_append_quoted(out, at->key, at->key_length, JSON_DUMP_KEY_SHOWN);
        buffer_putc(out, ']');
    }
}

/* value.clients[2].name, the middle of a very long way left out. */
static void json_dump_append_path(struct buffer *out, const struct json_dump_step *at, int depth)
{
    if (at == NULL)
        return;
    json_dump_append_path(out, at->outer, depth);
    bool far = depth > JSON_DUMP_PATH_HEAD + JSON_DUMP_PATH_TAIL;
    if (!far || at->depth <= JSON_DUMP_PATH_HEAD || at->depth > depth - JSON_DUMP_PATH_TAIL)
        json_dump_append_step(out, at);
    else if (at->depth == JSON_DUMP_PATH_HEAD + 1)
        buffer_puts(out, "...");
}

/* The text written so far is lost anyway: its buffer takes the path. */
static int json_dump_refuse(struct json_dump *d, const struct json_dump_step *at, const char *why)
{
    buffer_clear(d->out);
    json_dump_append_path(d->out, at, at->depth);
    if (d->out->failed)
        return luaL_error(d->L, "not enough memory");
    return luaL_error(d->L, "bad argument #1 to 'json.dumps' (%s: %s)", buffer_text(d->out), why);
}

static int json_dump_append_chunk(const char *chunk, size_t size, void *out)
{
    buffer_append(out, chunk, size);
    return 0;
}

/* Writes a string or a number by jansson and drops it; nothing in here can raise. */
static void json_dump_append_scalar(struct json_dump *d, json_t *scalar, size_t flags)
{
    flags |= JSON_ENCODE_ANY | JSON_ENSURE_ASCII;
    if (scalar == NULL || json_dump_callback(scalar, json_dump_append_chunk, d->out, flags) != 0)
        d->out->failed = true;
    json_decref(scalar);
}

static void json_dump_string(struct json_dump *d, const char *text, size_t length)
{
    json_dump_append_scalar(d, json_stringn(text, length), 0);
}

static void json_dump_check_utf8(struct json_dump *d, const struct json_dump_step *at,
                                 const char *text, size_t length, const char *what)
{
    size_t valid = text_valid_length(text, length);
    if (valid == length)
        return;
    char byte[8];
    snprintf(byte, sizeof byte, "%02x", (unsigned)(unsigned char)text[valid]);
    json_dump_refuse(
        d, at,
        lua_pushfstring(d->L,
                        "%s that is not UTF-8 (byte 0x%s at position %I) and cannot be written "
                        "as JSON",
                        what, byte, (LUAI_UACINT)valid + 1));
}

/* The fewest significant digits, of those a double may need, that read back as the same number. */
static size_t json_dump_precision(double number)
{
    char text[64];
    for (int digits = 15; digits < 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            return (size_t)digits;
    }
    return 17;
}

static void json_dump_number(struct json_dump *d, const struct json_dump_step *at)
{
    if (lua_isinteger(d->L, -1)) {
        json_dump_append_scalar(d, json_integer(lua_tointeger(d->L, -1)), 0);
        return;
    }
    double number = lua_tonumber(d->L, -1);
    if (isnan(number))
        json_dump_refuse(d, at, "NaN cannot be written as JSON");
    if (isinf(number))
        json_dump_refuse(d, at, "infinity cannot be written as JSON");
    json_dump_append_scalar(d, json_real(number), JSON_REAL_PRECISION(json_dump_precision(number)));
}

static void json_dump_newline(struct json_dump *d, int levels)
{
    buffer_putc(d->out, '\n');
    buffer_fill(d->out, ' ', (size_t)d->indent * (size_t)levels);
}

/* Between the elements of a list or an object; `at` is their table. */
static void json_dump_comma(struct json_dump *d, const struct json_dump_step *at, bool first)
{
    if (!first)
        buffer_puts(d->out, d->indent > 0 ? "," : ", ");
    if (d->indent > 0)
        json_dump_newline(d, at->depth);
}

static void json_dump_close(struct json_dump *d, const struct json_dump_step *at, char bracket)
{
    if (d->indent > 0)
        json_dump_newline(d, at->depth - 1);
    buffer_putc(d->out, bracket);
}

static void json_dump_value(struct json_dump *d, struct json_dump_step *at);

/* The table on top is a list of `count` elements. */
static void json_dump_list(struct json_dump *d, const struct json_dump_step *at, lua_Integer count)
{
    struct json_dump_step element = {.outer = at, .depth = at->depth + 1};
    buffer_putc(d->out, '[');
    for (element.index = 1; element.index <= count; element.index++) {
        json_dump_comma(d, at, element.index == 1);
        lua_rawgeti(d->L, -1, element.index);
        json_dump_value(d, &element);
        lua_pop(d->L, 1);
    }
    json_dump_close(d, at, ']');
}

struct json_dump_key {
    const char *text;
    size_t length;
    lua_Integer place; /* in the list that keeps the keys alive */
};

/* Byte order; of two keys that begin alike the shorter comes first. */
static int json_dump_key_compare(const void *left, const void *right)
{
    const struct json_dump_key *a = left, *b = right;
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    if (order != 0)
        return order;
    return (a->length > b->length) - (a->length < b->length);
}

/* [+2] The sorted keys of the table on top, and a list that keeps their strings alive: a finalizer
 * may take them out of the table meanwhile. Stores how many there are, at most `count`. */
static struct json_dump_key *json_dump_push_keys(lua_State *L, lua_Integer *count)
{
    int table = lua_gettop(L);
    struct json_dump_key *keys = lua_newuserdatauv(L, (size_t)*count * sizeof *keys, 0);
    lua_createtable(L, (int)(*count < INT_MAX ? *count : INT_MAX), 0);
    lua_Integer found = 0;
    for (lua_pushnil(L); found < *count && lua_next(L, table) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            continue;
        struct json_dump_key *key = &keys[found++];
        key->text = lua_tolstring(L, -2, &key->length);
        key->place = found;
        lua_pushvalue(L, -2);
        lua_rawseti(L, table + 2, found);
    }
    lua_settop(L, table + 2);
    qsort(keys, (size_t)found, sizeof *keys, json_dump_key_compare);
    *count = found;
    return keys;
}

/* The table on top is an object of `count` members. */
static void json_dump_object(struct json_dump *d, const struct json_dump_step *at,
                             lua_Integer count)
{
    int table = lua_gettop(d->L);
    const struct json_dump_key *keys = json_dump_push_keys(d->L, &count);
    struct json_dump_step member = {.outer = at, .depth = at->depth + 1};
    buffer_putc(d->out, '{');
    for (lua_Integer i = 0; i < count; i++) {
        member.key = keys[i].text;
        member.key_length = keys[i].length;
        json_dump_check_utf8(d, &member, keys[i].text, keys[i].length, "a key");
        json_dump_comma(d, at, i == 0);
        json_dump_string(d, keys[i].text, keys[i].length);
        buffer_puts(d->out, ": ");
        lua_rawgeti(d->L, table + 2, keys[i].place);
        lua_rawget(d->L, table);
        json_dump_value(d, &member);
        lua_pop(d->L, 1);
    }
    lua_settop(d->L, table);
    json_dump_close(d, at, '}');
}

/* What stands in a table, as far as it decides between list and object. */
struct json_dump_shape {
    lua_Integer names;       /* keys that are strings */
    lua_Integer indexes;     /* keys that are integers, */
    lua_Integer least, most; /* and the range they span */
    const char *other;       /* the kind of a key that is neither, or NULL */
};

static const char *json_dump_kind(int type)
{
    switch (type) {
    case LUA_TNIL:
        return "nil";
    case LUA_TBOOLEAN:
        return "a boolean";
    case LUA_TNUMBER:
        return "a float";
    case LUA_TTABLE:
        return "a table";
    case LUA_TFUNCTION:
        return "a function";
    case LUA_TTHREAD:
        return "a coroutine";
    default:
        return "a userdata";
    }
}

/* Of the table on top. */
static struct json_dump_shape json_dump_survey(lua_State *L)
{
    struct json_dump_shape shape = {.least = LUA_MAXINTEGER, .most = LUA_MININTEGER};
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING) {
            shape.names++;
        } else if (lua_isinteger(L, -2)) {
            lua_Integer index = lua_tointeger(L, -2);
            shape.indexes++;
            shape.least = index < shape.least ? index : shape.least;
            shape.most = index > shape.most ? index : shape.most;
        } else {
            shape.other = json_dump_kind(lua_type(L, -2));
        }
    }
    return shape;
}

/* Whether the table on top was marked by json.array or json.loads. */
static bool json_dump_is_marked(lua_State *L, int array)
{
    if (!lua_getmetatable(L, -1))
        return false;
    bool marked = lua_rawequal(L, -1, array);
    lua_pop(L, 1);
    return marked;
}

static void json_dump_check_names(struct json_dump *d, const struct json_dump_step *at,
                                  const struct json_dump_shape *shape, bool marked)
{
    if (shape->other != NULL)
        json_dump_refuse(
            d, at,
            lua_pushfstring(d->L,
                            "a table with %s as a key cannot be written as JSON: keys are "
                            "strings, or 1 to n in a list",
                            shape->other));
    if (shape->names > 0 && shape->indexes > 0)
        json_dump_refuse(
            d, at, "a table with both strings and integers as keys cannot be written as JSON");
    if (shape->names > 0 && marked)
        json_dump_refuse(d, at, "a list with a string as a key cannot be written as JSON");
}

/* The table on top has integers alone as keys: they must be 1 to n. */
static void json_dump_check_indexes(struct json_dump *d, const struct json_dump_step *at,
                                    const struct json_dump_shape *shape)
{
    struct json_dump_step place = {.outer = at, .depth = at->depth + 1, .index = shape->least};
    if (shape->indexes == 0)
        return;
    if (shape->least < 1)
        json_dump_refuse(d, &place, "a list that begins before 1 cannot be written as JSON");
    if (shape->most == shape->indexes)
        return;
    for (place.index = 1; lua_rawgeti(d->L, -1, place.index) != LUA_TNIL; place.index++)
        lua_pop(d->L, 1);
    json_dump_refuse(d, &place,
                     "missing in a list that goes on behind it (json.null stands for nothing)");
}

static void json_dump_check_cycle(struct json_dump *d, const struct json_dump_step *at)
{
    for (const struct json_dump_step *outer = at->outer; outer != NULL; outer = outer->outer)
        if (outer->table == at->table)
            json_dump_refuse(d, at, "a table that contains itself cannot be written as JSON");
}

static void json_dump_table(struct json_dump *d, struct json_dump_step *at)
{
    at->table = lua_topointer(d->L, -1);
    json_dump_check_cycle(d, at);
    struct json_dump_shape shape = json_dump_survey(d->L);
    bool marked = json_dump_is_marked(d->L, d->array);
    json_dump_check_names(d, at, &shape, marked);
    if (shape.names > 0) {
        json_dump_object(d, at, shape.names);
        return;
    }
    json_dump_check_indexes(d, at, &shape);
    if (shape.indexes > 0)
        json_dump_list(d, at, shape.indexes);
    else
        buffer_puts(d->out, marked ? "[]" : "{}");
}

/* [+1] The kind of the value on top: of the shell's own by name, "a socket". */
static const char *json_dump_push_kind(lua_State *L)
{
    int named = luaL_getmetafield(L, -1, "__name");
    const char *name = named == LUA_TSTRING ? lua_tostring(L, -1) : "";
    if (islower((unsigned char)name[0]))
        lua_pushfstring(L, "%s %s", strchr("aeiou", name[0]) != NULL ? "an" : "a", name);
    else
        lua_pushstring(L, json_dump_kind(lua_type(L, named != LUA_TNIL ? -2 : -1)));
    if (named != LUA_TNIL)
        lua_remove(L, -2);
    return lua_tostring(L, -1);
}

static void json_dump_other(struct json_dump *d, const struct json_dump_step *at)
{
    if (lua_rawequal(d->L, -1, d->null)) {
        buffer_puts(d->out, "null");
        return;
    }
    const char *nothing = lua_isnil(d->L, -1) ? " (json.null stands for nothing)" : "";
    const char *kind = json_dump_push_kind(d->L);
    json_dump_refuse(d, at, lua_pushfstring(d->L, "%s cannot be written as JSON%s", kind, nothing));
}

static int json_dump_nothing(lua_State *L)
{
    (void)L;
    return 0;
}

/* One table that holds a string a million times takes long: whoever wants to interrupt has set a
 * hook, which a call runs. */
static void json_dump_give_way(lua_State *L)
{
    if (lua_gethook(L) == NULL)
        return;
    lua_pushcfunction(L, json_dump_nothing);
    lua_call(L, 0, 0);
}

/* The value on top of the stack, which stays there. */
static void json_dump_value(struct json_dump *d, struct json_dump_step *at)
{
    size_t length;
    const char *text;
    luaL_checkstack(d->L, LUA_MINSTACK, "json.dumps");
    json_dump_give_way(d->L);
    if (d->out->failed)
        luaL_error(d->L, "json.dumps: not enough memory");
    if (at->depth > JSON_PARSER_MAX_DEPTH)
        json_dump_refuse(
            d, at, lua_pushfstring(d->L, "nested deeper than %d levels", JSON_PARSER_MAX_DEPTH));
    switch (lua_type(d->L, -1)) {
    case LUA_TBOOLEAN:
        buffer_puts(d->out, lua_toboolean(d->L, -1) ? "true" : "false");
        break;
    case LUA_TNUMBER:
        json_dump_number(d, at);
        break;
    case LUA_TSTRING:
        text = lua_tolstring(d->L, -1, &length);
        json_dump_check_utf8(d, at, text, length, "a string");
        json_dump_string(d, text, length);
        break;
    case LUA_TTABLE:
        json_dump_table(d, at);
        break;
    default:
        json_dump_other(d, at);
    }
}

void json_dump_append(lua_State *L, struct buffer *out, int indent, int null, int array)
{
    struct json_dump d = {.L = L, .out = out, .indent = indent, .null = null, .array = array};
    json_dump_value(&d, &(struct json_dump_step){.depth = 1});
    if (out->failed)
        luaL_error(L, "json.dumps: not enough memory");
}
