/* SPDX-License-Identifier: MIT
 *
 * Tasks as students know them: spawn, wait, cancel, tasks, sleep, and what a task says of itself.
 */
#include "lua/task.h"
#include "base/text.h"
#include "lua/argument.h"
#include "lua/error.h"
#include "lua/sandbox.h"
#include "lua/socket.h"
#include "scheduler.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#define TASK_TYPE TYPE_PREFIX "task"

static int task_gc(lua_State *L)
{
    struct task *task = lua_touserdata(L, 1);
    struct engine *e = task->engine;
    if (e->loop == NULL || task_is_over(task))
        return 0;
    if (e->guest && !e->leaving)
        engine_end(e); /* the state is being closed: nobody else tells */
    if (task->state == TASK_WAITING)
        loop_wait_stop(e->loop, &task->wait);
    return 0;
}

struct task *task_new(lua_State *L, struct engine *e, int arguments, unsigned id)
{
    lua_State *co = lua_newthread(L);
    struct task *task = lua_newuserdatauv(L, sizeof *task, 1);
    memset(task, 0, sizeof *task);
    task->engine = e;
    task->co = co;
    task->id = id;
    task->what.fd = -1;
    task->state = TASK_DONE; /* until it is made: there is nothing to end */
    luaL_setmetatable(L, TASK_TYPE);
    lua_rotate(L, -2, 1);
    lua_setiuservalue(L, -2, 1); /* the task keeps its coroutine */
    lua_insert(L, -arguments - 2);
    if (!lua_checkstack(co, arguments + 2))
        luaL_error(L, "too many arguments");
    if (e->guest)
        guest_push_base(co, e);
    else
        *books_mark(co) = COROUTINE_OF_TASK;
    lua_xmove(L, co, arguments + 1);
    books_enter(L, task);
    books_make_ready(e, task);
    return task;
}

bool task_is_over(const struct task *task)
{
    return task->state >= TASK_DONE;
}

void task_stop(struct task *task, enum task_stop stop)
{
    if (task_is_over(task) || task->stop != TASK_GO_ON)
        return;
    task->stop = stop;
    task->in_connect =
        task->state == TASK_WAITING && task->what.socket != NULL && task->what.socket->connecting;
    task_wake(task, LOOP_CLOSED);
}

void engine_wake_joiners(struct engine *e, struct task *task)
{
    if (task->awaited == 0)
        return;
    for (struct task *other = e->tasks, *next; other != NULL; other = next) {
        next = other->next;
        if (other->state == TASK_WAITING && other->what.task == task)
            task_wake(other, LOOP_READY);
    }
    if (e->foreground != NULL && e->foreground->state == TASK_WAITING &&
        e->foreground->what.task == task)
        task_wake(e->foreground, LOOP_READY);
    if (e->trunk->state == TASK_WAITING && e->trunk->what.task == task)
        task_wake(e->trunk, LOOP_READY);
}

/* The address that a wait on a socket is about, and how a sentence leads to it: "on" for a listener
 * and for whoever takes datagrams, "from" and "to" for a peer. NULL where there is none. */
static const char *find_address(const struct wait_for *what, struct net_address *address)
{
    struct net_view view;
    const struct socket *s = what->socket;
    if (what->to != NULL) {
        *address = *what->to;
        return "to";
    }
    net_inspect(s->engine->sys, s->fd, s->family, s->type, s->listening, &view);
    if (view.peer.length != 0 && !s->listening) {
        *address = view.peer;
        return what->events == LOOP_WRITE ? "to" : "from";
    }
    *address = view.local;
    return view.local.length != 0 ? "on" : NULL;
}

static void append_place(struct buffer *out, const struct wait_for *what)
{
    struct net_address address;
    const char *way = what->socket != NULL ? find_address(what, &address) : NULL;
    if (way == NULL)
        return;
    buffer_printf(out, " %s ", way);
    net_address_append(out, &address);
}

static void append_seconds(struct buffer *out, const struct wait_for *what)
{
    double seconds = fmax(0, what->deadline - loop_now());
    buffer_printf(out, seconds < 10 ? "%.1f more seconds" : "%.0f more seconds", seconds);
}

/* Of poll and select, which keep in `size` how many sockets they were given. */
static void append_readiness(struct buffer *out, const struct wait_for *what)
{
    if (what->size > 0)
        buffer_puts(out, "a socket that is ready");
    else if (isinf(what->deadline))
        buffer_puts(out, "nothing: it was given no socket");
    else
        append_seconds(out, what);
}

/* What a call that is not on a socket waits for. */
static void append_other_wait(struct buffer *out, const struct wait_for *what)
{
    if (what->task != NULL)
        buffer_printf(out, "task %u \"%s\" to end", what->task->id, what->task->name);
    else if (strcmp(what->call, "sleep") == 0)
        append_seconds(out, what);
    else if (strcmp(what->call, "poll") == 0 || strcmp(what->call, "select") == 0)
        append_readiness(out, what);
    else
        buffer_puts(out, "the answer to a name lookup");
}

void task_append_wait(struct buffer *out, const struct task *task)
{
    const struct wait_for *what = &task->what;
    if (what->socket == NULL) {
        append_other_wait(out, what);
        return;
    }
    buffer_puts(out, what->socket->listening     ? "a client"
                     : what->to != NULL          ? "an answer"
                     : what->events == LOOP_READ ? "data"
                                                 : "room to send");
    if (what->to != NULL) {
        buffer_puts(out, " from ");
        net_address_append(out, what->to);
    } else {
        append_place(out, what);
    }
}

void task_describe(struct buffer *out, const struct task *task)
{
    static const char *const words[] = {
        [TASK_READY] = "about to run",
        [TASK_RUNNING] = "running",
        [TASK_WAITING] = "",
        [TASK_DONE] = "done",
        [TASK_FAILED] = "ended by an error",
        [TASK_STOPPED] = "cancelled",
    };
    buffer_printf(out, "task %u \"%s\": ", task->id, task->name);
    if (task->state != TASK_WAITING) {
        buffer_puts(out, task->runaway ? "stopped" : words[task->state]);
        return;
    }
    buffer_printf(out, "waits in %s", task->what.call);
    if (task->what.socket != NULL) {
        append_place(out, &task->what);
        return;
    }
    buffer_puts(out, " for ");
    append_other_wait(out, &task->what);
}

/* A name goes to the terminal wherever the task is told of, and a lesson's code chose it. */
static void set_name(struct task *task, const char *name)
{
    struct buffer safe = BUFFER_EMPTY;
    text_append_safe(&safe, name, strlen(name), false);
    snprintf(task->name, sizeof task->name, "%s", safe.failed ? "function" : buffer_text(&safe));
    task->name[text_valid_length(task->name, strlen(task->name))] = '\0';
    buffer_free(&safe);
}

/* The name of the function at the index among the globals, else where it was written. */
static void name_task(lua_State *L, struct task *task, int function)
{
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (!lua_rawequal(L, -1, function) || lua_type(L, -2) != LUA_TSTRING)
            continue;
        set_name(task, lua_tostring(L, -2));
        lua_pop(L, 3);
        return;
    }
    lua_pop(L, 1);
    lua_Debug where;
    lua_pushvalue(L, function);
    lua_getinfo(L, ">S", &where);
    const char *slash = strrchr(where.short_src, '/');
    char place[sizeof task->name] = "function";
    if (where.linedefined > 0)
        snprintf(place, sizeof place, "%.24s:%d", slash != NULL ? slash + 1 : where.short_src,
                 where.linedefined);
    set_name(task, place);
}

static struct task *check_task(lua_State *L, int index)
{
    struct task *task = luaL_testudata(L, index, TASK_TYPE);
    if (task == NULL)
        argument_expected(L, index, "task", "what spawn() gives, a task,");
    return task;
}

static int task_spawn(lua_State *L)
{
    struct engine *e = engine_of(L);
    if (!lua_isfunction(L, 1))
        argument_expected(L, 1, "function", "a function");
    lua_pushvalue(L, 1);
    lua_insert(L, 1); /* stays for the name */
    struct task *task = task_new(L, e, lua_gettop(L) - 2, ++e->last_id);
    task->sandbox = sandbox_of(L);
    name_task(L, task, 1);
    return 1;
}

/* Whether `task` waits, through others, for the one that runs. */
static bool waits_for_current(const struct engine *e, const struct task *task)
{
    const struct task *current = task_current(e);
    for (; task != NULL; task = task->state == TASK_WAITING ? task->what.task : NULL)
        if (task == current)
            return true;
    return false;
}

static int deliver(lua_State *L, struct task *task)
{
    if (task->state == TASK_STOPPED)
        return error_raise_cancelled(L, engine_of(L), "wait");
    int count = task->results;
    luaL_checkstack(L, count, "too many results");
    if (!lua_checkstack(task->co, count))
        return luaL_error(L, "too many results");
    for (int i = 1; i <= count; i++)
        lua_pushvalue(task->co, i);
    lua_xmove(task->co, L, count);
    return task->state == TASK_FAILED ? lua_error(L) : count;
}

static int wait_on(lua_State *L, int status, lua_KContext context)
{
    struct engine *e = engine_of(L);
    struct task *task = lua_touserdata(L, 1);
    (void)status;
    if (context == 1) {
        task->awaited--;
        engine_waited(L, e);
    }
    if (task_is_over(task))
        return deliver(L, task);
    task->awaited++;
    struct wait_for what = {.call = "wait", .task = task, .fd = -1, .deadline = INFINITY};
    return engine_wait(L, e, &what, wait_on, 1);
}

static int task_wait(lua_State *L)
{
    const struct engine *e = engine_of(L);
    struct task *task = check_task(L, 1);
    argument_end(L, 1);
    if (task == task_current(e))
        return luaL_error(L, "wait: a task cannot wait for its own end");
    if (waits_for_current(e, task))
        return luaL_error(
            L, "wait: task %d \"%s\" waits for this one to end: both would wait for ever",
            (int)task->id, task->name);
    return wait_on(L, LUA_OK, 0);
}

static int cancel_goes_on(lua_State *L, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    engine_waited(L, engine_of(L));
    return 0;
}

static int task_cancel(lua_State *L)
{
    struct engine *e = engine_of(L);
    struct task *task = check_task(L, 1);
    argument_end(L, 1);
    if (task_is_over(task))
        return 0;
    task_stop(task, TASK_CANCEL);
    /* A turn for the task, so that it has ended when cancel returns. */
    struct wait_for what = {.call = "cancel", .fd = -1, .deadline = 0};
    return engine_wait(L, e, &what, cancel_goes_on, 0);
}

static int tasks_tostring(lua_State *L)
{
    lua_Integer count = luaL_len(L, 1);
    if (count == 0) {
        lua_pushliteral(L, "no tasks");
        return 1;
    }
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    for (lua_Integer i = 1; i <= count; i++) {
        if (i > 1)
            luaL_addchar(&text, '\n');
        lua_geti(L, 1, i);
        luaL_tolstring(L, -1, NULL);
        lua_remove(L, -2);
        luaL_addvalue(&text);
    }
    luaL_pushresult(&text);
    return 1;
}

/* A lesson sees its own tasks alone: what others return is none of its business. */
static int task_list(lua_State *L)
{
    const struct engine *e = engine_of(L);
    const struct sandbox *sandbox = sandbox_of(L);
    argument_end(L, 0);
    lua_createtable(L, (int)e->task_count, 0);
    lua_Integer i = 0;
    for (struct task *task = e->tasks; task != NULL; task = task->next) {
        if (sandbox != NULL && task->sandbox != sandbox)
            continue;
        books_push(L, task);
        lua_rawseti(L, -2, ++i);
    }
    luaL_setmetatable(L, TASK_TYPE "s");
    return 1;
}

static int slept(lua_State *L, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    engine_waited(L, engine_of(L));
    return 0;
}

static int task_sleep(lua_State *L)
{
    struct engine *e = engine_of(L);
    double seconds = argument_seconds(L, 1, "seconds");
    argument_end(L, 1);
    double deadline = loop_now() + seconds;
    struct wait_for what = {.call = "sleep", .fd = -1, .deadline = deadline};
    return engine_wait(L, e, &what, slept, 0);
}

static int task_tostring(lua_State *L)
{
    const struct task *task = luaL_checkudata(L, 1, TASK_TYPE);
    struct buffer *text = binding_buffer(L);
    task_describe(text, task);
    return binding_push_buffer(L, text);
}

static void open_metatables(lua_State *L, struct engine *e)
{
    static const luaL_Reg meta[] = {{"__gc", task_gc}, {"__tostring", task_tostring}, {NULL, NULL}};
    static const luaL_Reg list_meta[] = {{"__tostring", tasks_tostring}, {NULL, NULL}};
    static const luaL_Reg methods[] = {{"wait", task_wait}, {"cancel", task_cancel}, {NULL, NULL}};
    binding_new_type(L, TASK_TYPE, meta);
    lua_newtable(L);
    binding_register(L, e, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    binding_new_type(L, TASK_TYPE "s", list_meta);
    lua_pop(L, 1);
    guest_open(L);
}

void task_open(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"spawn", task_spawn},   {"wait", task_wait},
                                         {"cancel", task_cancel}, {"tasks", task_list},
                                         {"sleep", task_sleep},   {NULL, NULL}};
    if (e->registering == NULL)
        open_metatables(L, e);
    binding_register(L, e, functions);
}
