/* SPDX-License-Identifier: MIT
 *
 * Hints for messages of Lua's own, which know neither what a student is likely to have meant nor
 * which words other languages have: they are told apart by their text.
 */
#include "lua/advice.h"
#include "help/help.h"

#include <string.h>

#define EQUALS "= gives a name its value; == compares."
#define OTHER_SELECT                                                                               \
    "This select() is Lua's own. The call for sockets is socket.select(readers, writers, "         \
    "timeout), or poll(sockets)."

const char *advice_nearest_global(lua_State *L, const char *name)
{
    const char *nearest = NULL;
    unsigned least = help_tolerance(name) + 1;
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            continue;
        unsigned distance = help_distance(name, lua_tostring(L, -2));
        if (distance > 0 && distance < least) {
            least = distance;
            nearest = lua_tostring(L, -2); /* a key of the table of globals */
        }
    }
    lua_pop(L, 1);
    return nearest;
}

/* Copies the name that the message has behind the mark; false where it has none. */
static bool find_name(const char *message, const char *mark, char name[HELP_NAME_MAX + 1])
{
    const char *begin = strstr(message, mark);
    if (begin == NULL)
        return false;
    begin += strlen(mark);
    const size_t length = strcspn(begin, "'");
    if (length == 0 || length > HELP_NAME_MAX)
        return false;
    memcpy(name, begin, length);
    name[length] = '\0';
    return true;
}

/* `connect(s, 127.0.0.1, 80)`: to Lua's eyes a number with too many points. */
static bool is_bare_address(const char *message)
{
    static const char begin[] = "malformed number near '";
    const char *at = strstr(message, begin);
    if (at == NULL)
        return false;
    at += sizeof begin - 1;
    const char *one = strchr(at, '.'), *other = one != NULL ? strchr(one + 1, '.') : NULL;
    return strspn(at, "0123456789.") == strcspn(at, "'") && other != NULL && other > one + 1;
}

/* send(s, data, 5, 0): in C there are lengths and buffers among the arguments. */
static bool append_signature(const char *message, struct buffer *out)
{
    char name[HELP_NAME_MAX + 1];
    if (strstr(message, "(no further argument expected") == NULL ||
        !find_name(message, "to '", name))
        return false;
    const struct help_topic *topic = help_find(name);
    if (topic == NULL || topic->signature == NULL)
        return false;
    buffer_printf(out, "It is called as %s.", topic->signature);
    return true;
}

/* Of messages that name nothing: what they mean here. All that fit are said. */
static void append_other_hint(const char *message, struct buffer *out)
{
    static const struct {
        const char *one, *other; /* both stand in the message */
        const char *hint;
    } hints[] = {
        {"'then' expected near '='", "", EQUALS},
        {"'do' expected near '='", "", EQUALS},
        {"near '!'", "", "~= asks for difference, and not is Lua's word for the other !."},
        {"syntax error near '+'", "", "x = x + 1 adds one."},
        {"unexpected symbol near '&'", "",
         "and is Lua's word for &&; of a variable there is no address."},
        {"unexpected symbol near '|'", "", "or is Lua's word for ||."},
        {"unfinished string", "", "A closing quote is missing."},
        {"function arguments expected", "", "A call needs brackets, as in s:close()."},
        {"to 'select' (number expected, got ", "", OTHER_SELECT},
        {"index a function value (global 'select')", "", OTHER_SELECT},
        {"call a table value (for iterator", "",
         "A list is walked over by ipairs: for _, x in ipairs(list) do print(x) end"},
        {"attempt to add a 'string'", "", "Texts are joined by .., and + adds numbers."},
        {"unexpected symbol near '::'", "", "An address is a text, and wants quotes: \"::1\"."},
        {"to 'spawn' (function: a function expected", "",
         "spawn(f, x) runs f(x) in the background; spawn(f(x)) runs it first, and gets its "
         "result."},
        {"got the table socket", "",
         "socket() makes a socket: s = socket(), and then s:bind(...) and the others."},
        {"bad argument", "got nil",
         "nil is what a name has that nobody set: it may be misspelt, or a text that wants "
         "quotes."},
    };
    if (append_signature(message, out))
        return;
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
        if (strstr(message, hints[i].one) != NULL && strstr(message, hints[i].other) != NULL)
            buffer_printf(out, "%s%s", out->length > 0 ? " " : "", hints[i].hint);
    if (is_bare_address(message))
        buffer_puts(out, "An address is a text, and wants quotes: \"127.0.0.1\".");
    static const char nameless[] = "attempt to index a nil value";
    const char *end = strstr(message, nameless);
    if (end != NULL && end[sizeof nameless - 1] == '\0')
        buffer_puts(out,
                    "nil is what a name has that nobody set; ipairs() and a dot want a table.");
}

/* Compares the name with the functions of the table at the top; the nearest is a key of it. */
static void compare_fields(lua_State *L, const char *name, const char **nearest, unsigned *least)
{
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_isfunction(L, -1))
            continue;
        const unsigned distance = help_distance(name, lua_tostring(L, -2));
        if (distance < *least) {
            *least = distance;
            *nearest = lua_tostring(L, -2);
        }
    }
}

/* The message does not say whose field it is: of all libraries the one with the nearest has it. */
static void append_nearest_field(lua_State *L, const char *name, struct buffer *out)
{
    static const char *const libraries[] = {"string",    "table", "math", "io", "os",
                                            "coroutine", "utf8",  "json", NULL};
    const char *nearest = NULL, *library = NULL;
    unsigned least = help_tolerance(name) + 1;
    lua_pushglobaltable(L);
    for (const char *const *l = libraries; *l != NULL; l++) {
        const unsigned before = least;
        lua_pushstring(L, *l);
        if (lua_rawget(L, -2) == LUA_TTABLE)
            compare_fields(L, name, &nearest, &least);
        if (least < before)
            library = *l;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    if (nearest != NULL)
        buffer_printf(out, "There is no '%s'; did you mean '%s.%s'?", name, library, nearest);
}

void advice_append(lua_State *L, const char *message, struct buffer *out)
{
    char name[HELP_NAME_MAX + 1];
    if (find_name(message, "a nil value (global '", name)) {
        const char *here = help_elsewhere(name), *nearest = advice_nearest_global(L, name);
        if (here != NULL)
            buffer_printf(out, "There is no '%s' here: %s.", name, here);
        else if (nearest != NULL)
            buffer_printf(out, "There is no '%s'; did you mean '%s'?", name, nearest);
    } else if (find_name(message, "attempt to call a nil value (field '", name) ||
               find_name(message, "attempt to call a nil value (method '", name)) {
        if (help_elsewhere_field(name) != NULL)
            buffer_printf(out, "There is no '%s' here: %s.", name, help_elsewhere_field(name));
        else
            append_nearest_field(L, name, out);
    } else {
        append_other_hint(message, out);
    }
}
