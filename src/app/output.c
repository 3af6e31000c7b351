/* SPDX-License-Identifier: MIT
 *
 * print and io.write: to a terminal they go through the ports, so that nothing which a peer sent
 * steers it and no line that is being typed is smashed; to a file they write bytes unchanged.
 */
#include "app/session.h"
#include "base/fold.h"
#include "lua/binding.h"
#include "lua/sandbox.h"
#include "lua/show.h"

#include <errno.h>
#include <lauxlib.h>
#include <lualib.h>
#include <signal.h>
#include <string.h>

/* `sockrepl script | head -1`: whoever read has enough. The program ends as any filter does. */
void output_check(struct session *session)
{
    if (!session->out.broken || session->out.error != EPIPE)
        return;
    signals_stop();
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

/* Whether Lua would write the value as a bare address, `table: 0x55d0...`. */
static bool is_bare(lua_State *L, int index)
{
    const int type = lua_type(L, index);
    if (type != LUA_TTABLE && type != LUA_TFUNCTION && type != LUA_TTHREAD)
        return false;
    if (luaL_getmetafield(L, index, "__tostring") == LUA_TNIL)
        return true;
    lua_pop(L, 1);
    return false;
}

/* Pushes the text of a value that is bare. */
static void push_shown(lua_State *L, const struct session *session, int index)
{
    const size_t width = (size_t)port_columns(&session->out);
    struct buffer *shown = binding_buffer(L), *folded = binding_buffer(L);
    show_append(L, index, shown, width);
    if (session->out.terminal)
        fold_append(folded, buffer_text(shown), shown->length, width);
    folded->failed |= shown->failed;
    binding_push_buffer(L, session->out.terminal ? folded : shown);
}

/* Replaces the argument by its text: as Lua has it, but to who sits at a prompt an address says
 * nothing. */
static void to_text(lua_State *L, const struct session *session, int index)
{
    const int top = lua_gettop(L);
    if ((session->asking || session->play != NULL) && is_bare(L, index))
        push_shown(L, session, index);
    else
        luaL_tolstring(L, index, NULL);
    lua_replace(L, index);
    lua_settop(L, top);
}

static int output_print(lua_State *L)
{
    struct session *session = session_of(L);
    int count = lua_gettop(L);
    luaL_Buffer text;
    if (session->quiet || session->hushed)
        return 0;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    for (int i = 1; i <= count; i++)
        to_text(L, session, i);
    luaL_buffinit(L, &text);
    for (int i = 1; i <= count; i++) {
        if (i > 1)
            luaL_addchar(&text, '\t');
        lua_pushvalue(L, i);
        luaL_addvalue(&text);
    }
    luaL_addchar(&text, '\n');
    luaL_pushresult(&text);
    size_t length;
    const char *bytes = lua_tolstring(L, -1, &length);
    sandbox_spend_output(L, session->engine, length);
    port_bytes(&session->out, bytes, length);
    output_check(session);
    return 0;
}

/* The port behind a file of Lua's; NULL where it is another file. */
static struct port *port_of(struct session *session, FILE *file)
{
    return file == stdout ? &session->out : file == stderr ? &session->err : NULL;
}

/* Writes the arguments from `first` on; leaves the rest to Lua's own function where they are not
 * all text. */
static bool write_texts(lua_State *L, struct session *session, FILE *file, int first)
{
    struct port *port = port_of(session, file);
    if (port == NULL)
        return false;
    for (int i = first; i <= lua_gettop(L); i++)
        if (!lua_isstring(L, i))
            return false;
    if (session->quiet || session->hushed)
        return true;
    port_begin(port);
    for (int i = first; i <= lua_gettop(L); i++) {
        size_t length;
        lua_pushvalue(L, i); /* a number becomes text in the copy */
        const char *bytes = lua_tolstring(L, -1, &length);
        port_bytes(port, bytes, length);
        lua_pop(L, 1);
    }
    port_end(port);
    output_check(session);
    return true;
}

static FILE *file_at(lua_State *L, int index)
{
    const luaL_Stream *stream = luaL_testudata(L, index, LUA_FILEHANDLE);
    return stream != NULL && stream->closef != NULL ? stream->f : NULL;
}

/* Lua's own function, called from here, would not know its name: "bad argument #1 to '?'". */
static void check_texts(lua_State *L, int first)
{
    for (int i = first; i <= lua_gettop(L); i++)
        luaL_checklstring(L, i, NULL);
}

static int call_original(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* A write gives the file back, for one more behind it: `io.write("x"):write("y")`. That is no value
 * which somebody asked for, and the prompt need not show it. */
static int return_file(lua_State *L, int results)
{
    struct session *session = session_of(L);
    const struct task *task = session->engine->current;
    if (results == 1 && task != NULL && task->id == 0)
        session->written = lua_touserdata(L, -1);
    return results;
}

/* file:write(...) */
static int output_file_write(lua_State *L)
{
    FILE *file = file_at(L, 1);
    if (file != NULL)
        check_texts(L, 2);
    if (file == NULL || !write_texts(L, session_of(L), file, 2))
        return return_file(L, call_original(L));
    lua_settop(L, 1);
    return return_file(L, 1);
}

/* io.write(...), to io.output() */
static int output_io_write(lua_State *L)
{
    check_texts(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, "_IO_output");
    FILE *file = file_at(L, -1);
    lua_insert(L, 1);
    bool written = file != NULL && write_texts(L, session_of(L), file, 2);
    if (written) {
        lua_settop(L, 1);
        return return_file(L, 1);
    }
    lua_remove(L, 1);
    return return_file(L, call_original(L));
}

/* Replaces the function `name` of the table at the top by one that has it as its second upvalue. */
static void wrap(struct session *session, const char *name, lua_CFunction function)
{
    lua_State *L = session->L;
    lua_pushlightuserdata(L, session);
    lua_getfield(L, -2, name);
    lua_pushcclosure(L, function, 2);
    lua_setfield(L, -2, name);
}

/* io.write(...) in a lesson: text alone, to standard output, and no file comes back. */
static int output_lent_write(lua_State *L)
{
    struct session *session = session_of(L);
    size_t total = 0;
    for (int i = 1; i <= lua_gettop(L); i++) {
        size_t length;
        luaL_checklstring(L, i, &length);
        total += length;
    }
    sandbox_spend_output(L, session->engine, total);
    lua_pushnil(L);
    lua_insert(L, 1); /* stands where the file would */
    write_texts(L, session, stdout, 2);
    return 0;
}

static void lend(struct session *session, lua_State *L, const char *name, lua_CFunction function)
{
    lua_pushlightuserdata(L, session);
    lua_pushstring(L, name);
    lua_pushlightuserdata(L, session->engine->registering);
    lua_pushcclosure(L, function, 3);
    lua_setfield(L, -2, name);
}

void output_lend(struct session *session, lua_State *L)
{
    lend(session, L, "print", output_print);
    lua_createtable(L, 0, 1);
    lend(session, L, "write", output_lent_write);
    lua_setfield(L, -2, "io");
}

void output_open(struct session *session)
{
    lua_State *L = session->L;
    lua_pushglobaltable(L);
    wrap(session, "print", output_print);
    lua_getfield(L, -1, "io");
    wrap(session, "write", output_io_write);
    luaL_getmetatable(L, LUA_FILEHANDLE);
    lua_getfield(L, -1, "__index");
    wrap(session, "write", output_file_write);
    lua_settop(L, -5);
}
