/* SPDX-License-Identifier: MIT
 *
 * Python that is Lua as well: it compiles, and means something else or nothing. Whether it is meant
 * as Python is told by what its names stand for now; where that leaves a doubt it is Lua. Nothing
 * is translated here.
 */
#include "app/habit_spot.h"
#include "app/raw.h"

#include <lauxlib.h>
#include <stdint.h>
#include <string.h>

/* An entry while its names are looked at one after the other. */
struct entry {
    const char *start, *name;
    size_t length;
};

/* Past the string of one line that begins here. */
static const char *skip_string(const char *at)
{
    char quote = *at++;
    while (*at != '\0' && *at != quote)
        at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
    return at + (*at == quote);
}

/* The next name, or number, outside of strings; false at the end. */
static bool next_name(struct entry *entry)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const char *at = entry->name + entry->length;
    while (*at != '\0' && strspn(at, letters) == 0)
        at = strchr("\"'", *at) != NULL ? skip_string(at) : at + 1;
    entry->name = at;
    entry->length = strspn(at, letters);
    return entry->length > 0;
}

static bool is_field(const struct entry *entry)
{
    return entry->name > entry->start && strchr(".:", entry->name[-1]) != NULL;
}

static bool is_name(const struct entry *entry, const char *name)
{
    return strlen(name) == entry->length && memcmp(entry->name, name, entry->length) == 0;
}

static bool is_callable(lua_State *L, const char *name, size_t length)
{
    int top = lua_gettop(L);
    raw_push_path(L, name, length);
    bool callable = lua_isfunction(L, -1) || luaL_getmetafield(L, -1, "__call") != LUA_TNIL;
    lua_settop(L, top);
    return callable;
}

static int type_of(lua_State *L, const struct entry *entry)
{
    raw_push_path(L, entry->name, entry->length);
    int type = lua_type(L, -1);
    lua_pop(L, 1);
    return type;
}

/* `f"..."`, a call of f in Lua. */
static bool begins_string(const struct entry *entry)
{
    return entry->length == 1 && strchr("fFbBrR", *entry->name) != NULL;
}

static bool is_string(lua_State *L, const struct entry *entry)
{
    const char *behind = entry->name + 1;
    return !is_field(entry) && (*behind == '"' || *behind == '\'') &&
           !is_callable(L, entry->name, 1);
}

/* True, False and None, where nothing has these names. */
static bool is_word(lua_State *L, const struct entry *entry)
{
    const char *behind = entry->name + entry->length;
    if (!is_name(entry, "True") && !is_name(entry, "False") && !is_name(entry, "None"))
        return false;
    behind += strspn(behind, " \t");
    bool assigned = behind[0] == '=' && behind[1] != '=';
    return !is_field(entry) && !assigned && type_of(L, entry) == LUA_TNIL;
}

/* Whether the function would be a text's method in Python: of Lua's own functions those that are
 * called without any argument, which none of them can be. */
static bool is_method(const struct entry *entry)
{
    const char *behind = entry->name + entry->length;
    return is_name(entry, "decode") || is_name(entry, "encode") || strncmp(behind, "()", 2) == 0;
}

/* `text.decode(`: Lua calls the function without the text. */
static bool is_call_of_text(lua_State *L, const struct entry *entry, const struct entry *owner)
{
    if (!is_field(entry) || entry->name[-1] != '.' || entry->name[entry->length] != '(' ||
        !is_method(entry))
        return false;
    if (entry->name - 1 == owner->name + owner->length)
        return !is_field(owner) && type_of(L, owner) == LUA_TSTRING;
    return entry->name - 1 > entry->start && entry->name[-2] == ')' && /* recv(c).decode() */
           (is_name(entry, "decode") || is_name(entry, "encode"));
}

/* Argument 1 is the entry, a light userdata. Runs protected, as names are looked up. */
static int spot(lua_State *L)
{
    const char *text = lua_touserdata(L, 1);
    struct entry entry = {text, text, 0}, before = entry;
    bool strings = false, letters = false, words = false, calls = false;
    for (; next_name(&entry); before = entry) {
        bool letter = begins_string(&entry), string = letter && is_string(L, &entry);
        strings |= string;
        letters |= letter && !string; /* f is a name here: nothing is sure */
        words |= is_word(L, &entry);
        calls |= is_call_of_text(L, &entry, &before);
    }
    bool python = words || (strings && !letters);
    lua_pushinteger(L, python ? HABIT_PYTHON : calls ? HABIT_CALL : HABIT_LUA);
    return 1;
}

enum habit_spot habit_spot(lua_State *L, const char *text)
{
    /* Comments and long strings would have to be told from code. */
    if (strstr(text, "--") != NULL || strstr(text, "[[") != NULL || strstr(text, "[=") != NULL)
        return HABIT_LUA;
    lua_pushcfunction(L, spot);
    lua_pushlightuserdata(L, (void *)(uintptr_t)text);
    bool good = lua_pcall(L, 1, 1, 0) == LUA_OK;
    enum habit_spot spotted = good ? (enum habit_spot)lua_tointeger(L, -1) : HABIT_LUA;
    lua_pop(L, 1);
    return spotted;
}
