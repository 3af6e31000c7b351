/* SPDX-License-Identifier: MIT
 *
 * Values as text. A table that fits one line stands on one; else each entry has its own, and what
 * is too deep, too long or was met before is cut and said to be.
 */
#include "lua/show.h"
#include "base/text.h"
#include "lua/binding.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 6
#define MOST_ENTRIES 50
#define LONGEST_STRING 1000
#define LONGEST_TEXT 20000
#define LONGEST_CHARACTER 4 /* bytes of UTF-8 */

struct show {
    struct buffer *out;
    size_t width;
    size_t limit; /* of the text's length: what comes after is left out */
    int parents;  /* stack index of the table of tables that are being shown */
};

static void show_value(lua_State *L, struct show *show, int index, int depth);

static bool is_name(const char *text, size_t length)
{
    if (length == 0 || isdigit((unsigned char)text[0]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '_')
            return false;
    return true;
}

static void show_key(lua_State *L, struct show *show, int index, int depth)
{
    size_t length = 0;
    const char *text = lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, &length) : "";
    if (is_name(text, length)) {
        buffer_append(show->out, text, length);
    } else {
        buffer_putc(show->out, '[');
        show_value(L, show, index, depth);
        buffer_putc(show->out, ']');
    }
    buffer_puts(show->out, " = ");
}

static void begin_entry(struct show *show, int depth, bool lines, bool first)
{
    if (lines) {
        buffer_puts(show->out, first ? "\n" : ",\n");
        buffer_fill(show->out, ' ', (size_t)(depth + 1) * 2);
        return;
    }
    buffer_puts(show->out, first ? "" : ", ");
}

static bool has_room(const struct show *show, int count)
{
    return count < MOST_ENTRIES && show->out->length <= show->limit;
}

/* A key, which may have zero bytes in it. */
struct name {
    const char *text;
    size_t length;
};

static int compare_names(const void *a, const void *b)
{
    const struct name *one = a, *other = b;
    size_t both = one->length < other->length ? one->length : other->length;
    int order = memcmp(one->text, other->text, both);
    return order != 0 ? order : (one->length > other->length) - (one->length < other->length);
}

/* Sorts the strings of a list, which keeps them until all of them stand in the sorted one that
 * takes its place: a finalizer may take them out of the table meanwhile whose keys they are. */
static void sort_names(lua_State *L, int list, lua_Integer count)
{
    struct name *names = lua_newuserdatauv(L, (size_t)(count + 1) * sizeof *names, 0);
    for (lua_Integer i = 0; i < count; i++) {
        lua_rawgeti(L, list, i + 1);
        names[i].text = lua_tolstring(L, -1, &names[i].length);
        lua_pop(L, 1);
    }
    qsort(names, (size_t)count, sizeof *names, compare_names);
    lua_createtable(L, (int)count, 0);
    for (lua_Integer i = 0; i < count; i++) {
        lua_pushlstring(L, names[i].text, names[i].length);
        lua_rawseti(L, -2, i + 1);
    }
    lua_replace(L, list);
    lua_pop(L, 1);
}

/* Pushes a list of the keys beyond the list's own, and returns its index: names come first and in
 * order, so that a table looks the same each time. */
static int push_keys(lua_State *L, int table, lua_Integer length)
{
    lua_Integer names = 0, others = 0;
    lua_newtable(L);
    lua_newtable(L);
    int keys = lua_gettop(L) - 1, rest = keys + 1;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        if (lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= length)
            continue;
        bool is_text = lua_type(L, -2) == LUA_TSTRING;
        lua_pushvalue(L, -2);
        lua_rawseti(L, is_text ? keys : rest, is_text ? ++names : ++others);
    }
    sort_names(L, keys, names);
    for (lua_Integer i = 1; i <= others; i++) {
        lua_rawgeti(L, rest, i);
        lua_rawseti(L, keys, names + i);
    }
    lua_settop(L, keys);
    return keys;
}

/* Writes the entries, on lines of their own or on one. */
static void show_entries(lua_State *L, struct show *show, int table, int depth, bool lines)
{
    lua_Integer length = (lua_Integer)lua_rawlen(L, table);
    int count = 0;
    for (lua_Integer i = 1; i <= length && has_room(show, count); i++, count++) {
        begin_entry(show, depth, lines, count == 0);
        lua_rawgeti(L, table, i);
        show_value(L, show, lua_gettop(L), depth + 1);
        lua_pop(L, 1);
    }
    long more = (long)(length - count);
    int keys = push_keys(L, table, length);
    lua_Integer key_count = (lua_Integer)lua_rawlen(L, keys);
    for (lua_Integer i = 1; i <= key_count; i++) {
        if (!has_room(show, count)) {
            more += (long)(key_count - i + 1);
            break;
        }
        begin_entry(show, depth, lines, count++ == 0);
        lua_rawgeti(L, keys, i);
        lua_pushvalue(L, -1);
        lua_rawget(L, table);
        show_key(L, show, lua_gettop(L) - 1, depth + 1);
        show_value(L, show, lua_gettop(L), depth + 1);
        lua_settop(L, keys);
    }
    lua_settop(L, keys - 1);
    if (more > 0) {
        begin_entry(show, depth, lines, false);
        buffer_printf(show->out, "... %ld more", more);
    }
}

/* Whether the table that begins there stands whole on its line, with the key in front of it and
 * room for a comma. */
static bool fits(const struct show *show, size_t begin)
{
    const char *text = buffer_text(show->out), *line = text + begin;
    if (strcmp(line, "{}") == 0)
        return true; /* no line is shorter */
    if (show->out->length > show->limit || strchr(line, '\n') != NULL)
        return false;
    while (line > text && line[-1] != '\n')
        line--;
    return text_columns(line, show->out->length - (size_t)(line - text)) < show->width;
}

static void show_table(lua_State *L, struct show *show, int table, int depth)
{
    lua_pushvalue(L, table);
    bool inside_itself = lua_rawget(L, show->parents) != LUA_TNIL;
    lua_pop(L, 1);
    if (inside_itself || depth >= DEEPEST) {
        buffer_puts(show->out, inside_itself ? "{ ... itself }" : "{ ... }");
        return;
    }
    lua_pushvalue(L, table);
    lua_pushboolean(L, 1);
    lua_rawset(L, show->parents);
    size_t begin = show->out->length, limit = show->limit;
    if (begin + show->width * LONGEST_CHARACTER < limit)
        show->limit = begin + show->width * LONGEST_CHARACTER; /* more than a line is thrown away */
    buffer_putc(show->out, '{');
    show_entries(L, show, table, depth, false);
    buffer_putc(show->out, '}');
    bool whole = fits(show, begin);
    show->limit = limit;
    if (!whole && !show->out->failed) {
        show->out->length = begin;
        buffer_putc(show->out, '{');
        show_entries(L, show, table, depth, true);
        buffer_putc(show->out, '\n');
        buffer_fill(show->out, ' ', (size_t)depth * 2);
        buffer_putc(show->out, '}');
    }
    lua_pushvalue(L, table);
    lua_pushnil(L);
    lua_rawset(L, show->parents);
}

static void show_function(lua_State *L, struct show *show, int index)
{
    lua_Debug where;
    const char *name = binding_name_of(L, index);
    if (name != NULL) {
        buffer_printf(show->out, "function %s", name);
        return;
    }
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &where);
    if (where.linedefined >= 0)
        buffer_printf(show->out, "function at %s:%d", where.short_src, where.linedefined);
    else
        buffer_puts(show->out, "function (built in)");
}

/* What __tostring says, or the bare kind; an address in memory tells nobody anything. */
static void show_object(lua_State *L, struct show *show, int index)
{
    size_t length;
    if (luaL_testudata(L, index, LUA_FILEHANDLE) != NULL) {
        buffer_puts(show->out, "file");
        return;
    }
    if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pop(L, 1);
        const char *text = luaL_tolstring(L, index, &length);
        text_append_safe(show->out, text, length, true);
        lua_pop(L, 1);
        return;
    }
    if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) {
        const char *name = lua_tolstring(L, -1, &length);
        text_append_safe(show->out, name, length, false);
    } else {
        buffer_puts(show->out, luaL_typename(L, index));
    }
}

static void show_value(lua_State *L, struct show *show, int index, int depth)
{
    size_t length;
    int top = lua_gettop(L);
    luaL_checkstack(L, 10, "value too deep to show");
    switch (lua_type(L, index)) {
    case LUA_TSTRING: {
        const char *bytes = lua_tolstring(L, index, &length);
        text_append_quoted(show->out, bytes, length, depth == 0 ? LONGEST_STRING : 60);
        break;
    }
    case LUA_TTABLE:
        if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL)
            show_object(L, show, index);
        else
            show_table(L, show, index, depth);
        break;
    case LUA_TFUNCTION:
        show_function(L, show, index);
        break;
    case LUA_TTHREAD:
        buffer_puts(show->out, "coroutine");
        break;
    case LUA_TUSERDATA:
    case LUA_TLIGHTUSERDATA:
        show_object(L, show, index);
        break;
    default:
        buffer_puts(show->out, luaL_tolstring(L, index, NULL));
        break;
    }
    lua_settop(L, top);
}

void show_append(lua_State *L, int index, struct buffer *out, size_t width)
{
    struct show show = {.out = out, .width = width, .limit = out->length + LONGEST_TEXT};
    index = lua_absindex(L, index);
    lua_newtable(L);
    show.parents = lua_gettop(L);
    show_value(L, &show, index, 0);
    lua_pop(L, 1);
}

int show_concat(lua_State *L)
{
    luaL_tolstring(L, 1, NULL);
    luaL_tolstring(L, 2, NULL);
    lua_concat(L, 2);
    return 1;
}
