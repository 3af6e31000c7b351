/* SPDX-License-Identifier: MIT
 *
 * Pictures that go to files: export, and diagram with a file's name. A lesson's code may come from
 * a stranger, and writes none.
 */
#include "base/text.h"
#include "lua/argument.h"
#include "lua/picture.h"
#include "lua/sandbox.h"
#include "page/file.h"
#include "page/html.h"
#include "page/json.h"
#include "page/svg.h"

#include <lauxlib.h>
#include <string.h>

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);
    return length > tail && strcmp(name + length - tail, suffix) == 0;
}

/* Writes the file whole, or raises and leaves what was there. */
static void write_file(lua_State *L, const char *path, const struct buffer *text)
{
    struct buffer *shown = binding_buffer(L);
    if (text->failed)
        luaL_error(L, "%s: not enough memory", binding_function(L));
    int error = file_write(path, text->data, text->length);
    if (error == 0)
        return;
    text_append_safe(shown, path, strlen(path), false);
    luaL_error(L, "%s: cannot write %s: %s", binding_function(L), binding_whole(L, shown),
               strerror(error));
}

const char *picture_check_file(lua_State *L, int index, const char *const *suffixes,
                               const char *expected)
{
    const char *path = argument_text(L, index, "file");
    if (sandbox_of(L) != NULL)
        luaL_error(L, "%s: a lesson's code writes no files; after the lesson this works",
                   binding_function(L));
    for (; *suffixes != NULL; suffixes++)
        if (ends_in(path, *suffixes))
            return path;
    argument_expected(L, index, "file", expected);
    return NULL;
}

void picture_write_svg(lua_State *L, const char *path, const struct sequence *sequence)
{
    struct buffer *text = binding_buffer(L);
    svg_append(text, sequence);
    write_file(L, path, text);
}

static int picture_export(lua_State *L)
{
    static const char *const suffixes[] = {".html", ".htm", ".json", NULL};
    const struct engine *e = engine_of(L);
    const char *path =
        picture_check_file(L, 1, suffixes, "a name that ends in .html, or in .json for the record");
    argument_end(L, 1);
    const struct journal *journal = picture_journal(L, e);
    struct buffer *text = binding_buffer(L);
    if (ends_in(path, ".json"))
        json_append_journal(text, journal);
    else
        picture_check(L, html_append(text, journal, NULL));
    write_file(L, path, text);
    lua_pushvalue(L, 1);
    return 1;
}

void picture_open_file(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"export", picture_export}, {NULL, NULL}};
    binding_register(L, e, functions);
}
