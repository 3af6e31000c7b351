/* SPDX-License-Identifier: MIT
 *
 * init.lua in the XDG configuration directory: what a user wants at every prompt. An error in it is
 * told and costs nothing.
 */
#include "app/session.h"
#include "lua/binding.h"
#include "lua/evaluate.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <unistd.h>

/* The path; empty where there is no home. */
static void append_path(struct buffer *path)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config != NULL && config[0] == '/')
        buffer_printf(path, "%s/sockrepl/init.lua", config);
    else if (home != NULL && home[0] == '/')
        buffer_printf(path, "%s/.config/sockrepl/init.lua", home);
}

static void tell_of_interrupt(struct session *session)
{
    if (!session->interrupted)
        return;
    if (session->err.terminal)
        port_puts(&session->err, "\n"); /* the terminal itself wrote ^C */
    report_note(session, "init.lua was interrupted");
}

void init_run(struct session *session)
{
    lua_State *L = session->L;
    struct buffer *path = binding_buffer(L);
    append_path(path);
    if (path->failed)
        luaL_error(L, "not enough memory");
    if (path->length > 0 && access(path->data, F_OK) == 0) {
        if (evaluate_load_file(L, path->data) == LUA_OK) {
            session_run(session, 0);
            tell_of_interrupt(session);
        } else {
            report_message(session, L, "error: ");
            lua_pop(L, 1);
        }
        session->failed = session->interrupted = false;
    }
    buffer_free(path);
    lua_pop(L, 1);
}
