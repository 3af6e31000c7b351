/* SPDX-License-Identifier: MIT
 *
 * require "sockrepl" in a stock Lua 5.4. What the shell shows on its terminal goes to standard
 * error here: a task's error, and a line for each call where trace(true) asks for that.
 */
#include "module/module.h"
#include "base/text.h"
#include "lua/argument.h"
#include "lua/library.h"
#include "lua/task.h"
#include "view/line.h"

#include <stdio.h>
#include <string.h>

static void on_recorded(void *owner, const struct net_record *record)
{
    struct buffer line = BUFFER_EMPTY;
    (void)owner;
    line_append(&line, record);
    fprintf(stderr, "  %s\n", buffer_text(&line));
    buffer_free(&line);
}

/* Pushes the error at index 1, as text, with where in the task (index 2) it happened. */
static int describe_failure(lua_State *L)
{
    lua_State *co = lua_tothread(L, 2);
    lua_Debug frame;
    luaL_tolstring(L, 1, NULL);
    if (lua_getstack(co, 0, &frame))
        luaL_traceback(L, co, lua_tostring(L, -1), 0);
    return 1;
}

/* Runs protected: an error's own __tostring may raise. */
static void on_failed(void *owner, struct task *task)
{
    struct engine *e = owner;
    lua_State *L = e->L;
    struct buffer text = BUFFER_EMPTY;
    size_t length = 0;
    if (task->awaited > 0 || !lua_checkstack(L, 4))
        return;
    buffer_printf(&text, "task %u \"", task->id);
    text_append_safe(&text, task->name, strlen(task->name), false);
    buffer_puts(&text, "\": error: ");
    lua_pushcfunction(L, describe_failure);
    lua_pushvalue(task->co, -1);
    lua_xmove(task->co, L, 1);
    lua_pushthread(task->co);
    lua_xmove(task->co, L, 1);
    bool good = lua_pcall(L, 2, 1, 0) == LUA_OK;
    const char *message = good ? lua_tolstring(L, -1, &length) : NULL;
    if (message == NULL)
        buffer_puts(&text, "an error that cannot be shown");
    else
        text_append_safe(&text, message, length, true);
    fprintf(stderr, "%s\n", buffer_text(&text));
    lua_pop(L, 1);
    buffer_free(&text);
}

/* As in the shell, what is shown is also kept for the pictures. */
static int module_trace(lua_State *L)
{
    struct engine *e = engine_of(L);
    luaL_checktype(L, 1, LUA_TBOOLEAN);
    bool on = lua_toboolean(L, 1);
    argument_end(L, 1);
    if (engine_set_recording(e, on) != 0)
        return luaL_error(L, "not enough memory");
    e->host.recorded = on ? on_recorded : NULL;
    return 0;
}

int luaopen_sockrepl(lua_State *L)
{
    static const luaL_Reg functions[] = {{"trace", module_trace}, {NULL, NULL}};
    luaL_checkversion(L);
    struct engine *e = library_push(L, &net_sys_real);
    e->host = (struct engine_host){.failed = on_failed, .owner = e};
    binding_register(L, e, functions);
    return 1;
}
