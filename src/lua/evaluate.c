/* SPDX-License-Identifier: MIT
 *
 * Compiling of what was typed at the prompt, and of files. Bytecode is refused: a broken one can
 * do anything to the program.
 */
#include "lua/evaluate.h"

#include <lauxlib.h>
#include <string.h>

/* As what code typed at the prompt names itself in a message. */
#define CHUNK_NAME "=prompt"

/* Whether a short string that is open at the end of the text goes on in the next line. */
static bool continues_string(const char *text, size_t length)
{
    if (length >= 2 && memcmp(text + length - 2, "\\z", 2) == 0)
        return true;
    return length >= 1 && text[length - 1] == '\\';
}

/* Lua's parser met the end of the text where it wanted more. A quote that was not closed is no such
 * case, as no further line could close it; nor is a method without its brackets, a common slip. */
static bool wants_more(lua_State *L, const char *text, size_t length)
{
    static const char mark[] = "<eof>", quote[] = "unfinished string near <eof>";
    size_t message_length;
    const char *message = lua_tolstring(L, -1, &message_length);
    size_t tail = sizeof mark - 1;
    if (message_length < tail || strcmp(message + message_length - tail, mark) != 0)
        return false;
    if (strstr(message, "function arguments expected") != NULL)
        return false; /* s:close */
    return strstr(message, quote) == NULL || continues_string(text, length);
}

/* Text to compile, behind a word that makes a statement of it. */
struct source {
    const char *before, *text;
    size_t length;
};

/* lua_load's reader: neither the word nor the text is copied, so that nothing can be raised. */
static const char *read_source(lua_State *L, void *owner, size_t *size)
{
    struct source *source = owner;
    const char *piece = source->before != NULL ? source->before : source->text;
    (void)L;
    *size = source->before != NULL ? strlen(source->before) : source->length;
    if (source->before == NULL)
        source->length = 0;
    source->before = NULL;
    return *size > 0 ? piece : NULL;
}

static int load(lua_State *L, const char *before, const char *text, size_t length)
{
    struct source source = {before, text, length};
    return lua_load(L, read_source, &source, CHUNK_NAME, "t");
}

enum evaluate_outcome evaluate_expression(lua_State *L, const char *text, size_t length)
{
    int status = load(L, "return ", text, length);
    return status == LUA_OK       ? EVALUATE_READY
           : status == LUA_ERRMEM ? EVALUATE_NO_MEMORY
                                  : EVALUATE_WRONG;
}

enum evaluate_outcome evaluate_compile(lua_State *L, const char *text, size_t length)
{
    enum evaluate_outcome outcome = evaluate_expression(L, text, length);
    if (outcome != EVALUATE_WRONG)
        return outcome;
    lua_pop(L, 1);
    int status = load(L, NULL, text, length);
    if (status == LUA_OK)
        return EVALUATE_READY;
    if (status == LUA_ERRMEM)
        return EVALUATE_NO_MEMORY;
    if (!wants_more(L, text, length))
        return EVALUATE_WRONG;
    lua_pop(L, 1);
    return EVALUATE_INCOMPLETE;
}

int evaluate_load_file(lua_State *L, const char *path)
{
    static const char bytecode[] = "attempt to load a binary chunk";
    int status = luaL_loadfilex(L, path, "t");
    if (status != LUA_ERRSYNTAX || strncmp(lua_tostring(L, -1), bytecode, sizeof bytecode - 1) != 0)
        return status;
    lua_pop(L, 1);
    lua_pushfstring(L, "%s: this is Lua compiled by luac; only its source can be run here",
                    path != NULL ? path : "standard input");
    return status;
}
