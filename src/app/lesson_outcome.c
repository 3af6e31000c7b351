/* SPDX-License-Identifier: MIT
 *
 * How a statement ended, put into words for the player, which knows no Lua.
 */
#include "app/lesson.h"
#include "base/text.h"
#include "lua/error.h"
#include "lua/show.h"

#include <lauxlib.h>

void lesson_outcome_free(struct lesson_outcome *report)
{
    buffer_free(&report->error);
    buffer_free(&report->message);
    buffer_free(&report->shown);
}

/* Argument 1 is the report, argument 2 the error or the value. Runs protected: a __tostring may
 * raise. */
static int describe(lua_State *L)
{
    struct lesson_outcome *report = lua_touserdata(L, 1);
    const struct net_fault *fault = error_to(L, 2);
    if (!report->outcome.failed) {
        show_append(L, 2, &report->shown, 60);
        return 0;
    }
    if (fault != NULL) {
        net_fault_append_name(&report->error, fault);
        error_append_line(&report->message, fault);
        return 0;
    }
    size_t length;
    const char *text = luaL_tolstring(L, 2, &length);
    const char *shown = report_append_prompt_place(text, &report->message);
    text_append_safe(&report->message, shown, length - (size_t)(shown - text), false);
    return 0;
}

/* Describes the value at the top of a task's stack, and leaves it there. */
static void describe_top(lua_State *L, lua_State *co, struct lesson_outcome *report)
{
    lua_pushvalue(co, -1);
    lua_xmove(co, L, 1);
    lua_pushcfunction(L, describe);
    lua_pushlightuserdata(L, report);
    lua_rotate(L, -3, 2); /* the value comes last */
    int status = lua_pcall(L, 2, 0, 0);
    report->starved = status == LUA_ERRMEM || report->error.failed || report->message.failed ||
                      report->shown.failed;
    if (status != LUA_OK)
        lua_pop(L, 1);
}

static void describe_error(lua_State *L, lua_State *co, struct lesson_outcome *report)
{
    report->outcome.failed = true;
    describe_top(L, co, report);
    report->outcome.error = report->error.length > 0 ? buffer_text(&report->error) : NULL;
    report->outcome.message = report->starved ? "not enough memory" : buffer_text(&report->message);
}

void lesson_outcome_read_error(lua_State *L, struct lesson_outcome *report)
{
    describe_error(L, L, report);
}

void lesson_outcome_read(const struct task *task, struct lesson_outcome *report)
{
    lua_State *L = task->engine->L, *co = task->co;
    struct player_outcome *outcome = &report->outcome;
    outcome->stopped = task->state == TASK_STOPPED;
    if (task->state == TASK_FAILED) {
        describe_error(L, co, report);
        return;
    }
    if (outcome->stopped || task->results == 0)
        return;
    lua_pushvalue(co, -task->results);
    outcome->truth = lua_toboolean(co, -1);
    describe_top(L, co, report);
    lua_pop(co, 1);
    outcome->shown = report->starved ? NULL : buffer_text(&report->shown);
}
