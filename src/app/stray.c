/* SPDX-License-Identifier: MIT
 *
 * What was typed and is no Lua, or names nothing: words of C's and of other command lines, and
 * names that nobody set. Lua answers them with a syntax error or with nil, which tells a student
 * little.
 */
#include "app/context.h"
#include "app/session.h"
#include "help/help.h"
#include "lua/advice.h"

#include <ctype.h>
#include <string.h>

static size_t name_length(const char *text)
{
    size_t length = 0;
    if (isalpha((unsigned char)text[0]) || text[0] == '_')
        while (isalnum((unsigned char)text[length]) || text[length] == '_')
            length++;
    return length;
}

static bool copy(const char *text, size_t length, char name[HELP_NAME_MAX + 1])
{
    if (length == 0 || length > HELP_NAME_MAX)
        return false;
    memcpy(name, text, length);
    name[length] = '\0';
    return true;
}

/* The word that says whose language it is: the first one, unless it is a variable's name. */
static bool find_word(const char *text, char word[HELP_NAME_MAX + 1])
{
    text += strspn(text, " \t\n");
    size_t length = name_length(text);
    if (strstr(text, "struct sockaddr") != NULL && strncmp(text, "struct", length) != 0)
        return copy("sockaddr", strlen("sockaddr"), word);
    if (text[0] == '#')
        length = 1 + name_length(text + 1);
    else if (text[0] == '/')
        length = 2;
    else if (strchr("=,.:", text[length + strspn(text + length, " \t")]) != NULL)
        return false;
    return copy(text, length, word);
}

void stray_tell_of_syntax(struct session *session, const char *text)
{
    char word[HELP_NAME_MAX + 1];
    const char *here = find_word(text, word) ? help_elsewhere(word) : NULL;
    if (here != NULL)
        report_note(session, "%s: %s", word, here);
}

void stray_tell_of_file(struct session *session, const char *name)
{
    size_t length = strlen(name);
    if (length > 3 && strcmp(name + length - 3, ".py") == 0)
        report_note(session, "a file in Python, by its name: sockrepl --from-python FILE prints it "
                             "as Lua");
}

void stray_note_name(struct session *session, const char *text, size_t length)
{
    lua_State *L = session->L;
    session->stray[0] = '\0';
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    if (!context_is_name(text, length) || !copy(text, length, session->stray))
        return;
    lua_pushglobaltable(L);
    lua_pushstring(L, session->stray);
    bool given = lua_rawget(L, -2) != LUA_TNIL;
    if (given || strcmp(session->stray, "_") == 0)
        session->stray[0] = '\0';
    lua_pop(L, 2);
}

void stray_tell_of_name(struct session *session)
{
    const char *name = session->stray, *here = help_elsewhere(name), *nearest = NULL;
    if (name[0] == '\0' || session->quiet)
        return;
    if (here == NULL)
        nearest = advice_nearest_global(session->L, name);
    if (here != NULL)
        report_note(session, "no value has the name '%s': %s", name, here);
    else if (nearest != NULL)
        report_note(session, "no value has the name '%s'; did you mean '%s'?", name, nearest);
    else
        report_note(session, "no value has the name '%s'", name);
}
