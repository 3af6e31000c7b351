/* SPDX-License-Identifier: MIT
 *
 * poll and socket.select: waiting for several sockets. The answer is always poll(2)'s; the loop
 * only says when it is worth asking again.
 */
#include "lua/argument.h"
#include "lua/call.h"
#include "lua/error.h"

#include <errno.h>
#include <string.h>

/* Places on the Lua stack, above the arguments: a table of the sockets in order, which keeps them,
 * and what is waited for. */
enum { MEMBERS = 4, SET = 5 };

/* What is waited for; the arrays follow it in the same userdata. */
struct set {
    struct engine *engine;
    size_t count, most;
    double deadline, start;
    struct extra_wait *waits;
    struct socket **sockets;
    struct pollfd *fds;
};

#define SET_TYPE TYPE_PREFIX "set"

static int set_gc(lua_State *L)
{
    struct set *set = lua_touserdata(L, 1);
    for (size_t i = 0; i < set->count && set->engine->loop != NULL; i++)
        loop_wait_stop(set->engine->loop, &set->waits[i].wait);
    return 0;
}

/* Leaves an empty set for `most` sockets at its place. */
static struct set *set_push(lua_State *L, struct engine *e, size_t most)
{
    size_t one = sizeof(struct extra_wait) + sizeof(struct socket *) + sizeof(struct pollfd);
    lua_settop(L, MEMBERS - 1);
    lua_createtable(L, most < 1000 ? (int)most : 1000, 0);
    struct set *set = lua_newuserdatauv(L, sizeof *set + most * one, 0);
    memset(set, 0, sizeof *set + most * one);
    set->engine = e;
    set->most = most;
    set->start = loop_now();
    set->waits = (struct extra_wait *)(set + 1);
    set->sockets = (struct socket **)(set->waits + most);
    set->fds = (struct pollfd *)(set->sockets + most);
    luaL_setmetatable(L, SET_TYPE);
    return set;
}

/* The place of the socket at the top of the stack: where it stands already, for poll, or a new one.
 * The members are a list and map each back to its place. */
static size_t place_of(lua_State *L, struct set *set, bool merge)
{
    int socket = lua_gettop(L);
    lua_pushvalue(L, socket);
    bool known = lua_rawget(L, MEMBERS) != LUA_TNIL;
    if (!(known && merge) && set->count == set->most) /* a finalizer's doing */
        luaL_error(L, "the table of sockets changed while it was read");
    size_t place = known && merge ? (size_t)lua_tointeger(L, -1) : set->count++;
    lua_settop(L, socket);
    if (known && merge)
        return place;
    lua_pushvalue(L, socket);
    lua_rawseti(L, MEMBERS, (lua_Integer)place + 1);
    lua_pushvalue(L, socket);
    lua_pushinteger(L, (lua_Integer)place);
    lua_rawset(L, MEMBERS);
    return place;
}

/* Adds the socket at the top of the stack; with `merge` to its other direction where it is there.
 */
static void set_add(lua_State *L, struct set *set, int argument, const char *name, short events,
                    bool merge)
{
    struct socket *s = socket_to(L, -1, set->engine);
    if (s == NULL) {
        argument_error(L, argument, name, "a table of sockets expected, got %s in it",
                       argument_came(L, lua_gettop(L)));
        return;
    }
    if (s->fd < 0)
        socket_raise_closed(L, s, NET_POLL, binding_function(L), NET_KERNEL);
    size_t i = place_of(L, set, merge);
    set->sockets[i] = s;
    set->fds[i].fd = set->waits[i].wait.fd = s->fd;
    set->fds[i].events |= events;
    set->waits[i].wait.events |=
        (events & POLLIN ? LOOP_READ : 0U) | (events & POLLOUT ? LOOP_WRITE : 0U);
}

static short check_events(lua_State *L, int argument)
{
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
    if (strcmp(text, "r") == 0)
        return POLLIN;
    if (strcmp(text, "w") == 0)
        return POLLOUT;
    if (strcmp(text, "rw") == 0 || strcmp(text, "wr") == 0)
        return POLLIN | POLLOUT;
    return (short)argument_error(L, argument, "sockets",
                                 "\"r\", \"w\" or \"rw\" expected for a socket, got %s",
                                 argument_came(L, lua_gettop(L)));
}

static size_t count_entries(lua_State *L, int index)
{
    size_t count = 0;
    if (!lua_istable(L, index))
        return 0;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1))
        count++;
    return count;
}

/* poll's table: entries of its list wait for reading; a socket as a key says what for. */
static void read_mixed(lua_State *L, struct set *set)
{
    lua_Integer length = (lua_Integer)lua_rawlen(L, 1);
    for (lua_Integer i = 1; i <= length; i++) {
        lua_rawgeti(L, 1, i);
        set_add(L, set, 1, "sockets", POLLIN, true);
        lua_pop(L, 1);
    }
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
        if (lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= length)
            continue;
        short events = socket_to(L, -2, set->engine) != NULL ? check_events(L, 1) : 0;
        lua_pushvalue(L, -2);
        set_add(L, set, 1, "sockets", events, true);
        lua_pop(L, 1);
    }
}

static void read_list(lua_State *L, struct set *set, int index, const char *name, short events)
{
    if (lua_isnoneornil(L, index))
        return;
    if (!lua_istable(L, index))
        argument_expected(L, index, name, "a table of sockets, or nil,");
    argument_refuse_keys(L, index, name, (lua_Integer)lua_rawlen(L, index), NULL,
                         "a list of sockets");
    lua_Integer length = (lua_Integer)lua_rawlen(L, index);
    for (lua_Integer i = 1; i <= length; i++) {
        lua_rawgeti(L, index, i);
        set_add(L, set, index, name, events, false);
        lua_pop(L, 1);
    }
}

static double read_deadline(lua_State *L, int index)
{
    return lua_isnoneornil(L, index) ? INFINITY
                                     : loop_now() + argument_seconds(L, index, "timeout");
}

static const char *ready_word(short events, short revents)
{
    if ((revents & (POLLERR | POLLNVAL)) != 0)
        return "err";
    if ((revents & POLLHUP) != 0)
        return "hup";
    bool reads = (revents & POLLIN & events) != 0;
    bool writes = (revents & POLLOUT & events) != 0;
    return reads && writes ? "rw" : reads ? "r" : "w";
}

/* Pushes the table of those that are ready: a list that also maps each to a word. */
static int push_ready(lua_State *L, const struct set *set)
{
    lua_Integer count = 0;
    lua_newtable(L);
    for (size_t i = 0; i < set->count; i++) {
        if (set->fds[i].revents == 0)
            continue;
        lua_rawgeti(L, MEMBERS, (lua_Integer)i + 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, ++count);
        lua_pushstring(L, ready_word(set->fds[i].events, set->fds[i].revents));
        lua_rawset(L, -3);
    }
    return 1;
}

/* Pushes the list of those that are ready for the event. */
static void push_list(lua_State *L, const struct set *set, short event)
{
    lua_Integer count = 0;
    lua_newtable(L);
    for (size_t i = 0; i < set->count; i++) {
        if (set->fds[i].events != event || set->fds[i].revents == 0)
            continue;
        lua_rawgeti(L, MEMBERS, (lua_Integer)i + 1);
        lua_rawseti(L, -2, ++count);
    }
}

static int push_lists(lua_State *L, const struct set *set)
{
    push_list(L, set, POLLIN);
    push_list(L, set, POLLOUT);
    return 2;
}

/* Bytes that a stopped MSG_WAITALL left with a socket can be received, though the kernel has none.
 */
static bool is_held(const struct set *set, size_t i)
{
    return set->sockets[i]->held.length > 0 && (set->fds[i].events & POLLIN) != 0;
}

static bool holds_bytes(const struct set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (is_held(set, i))
            return true;
    return false;
}

static int add_held(struct set *set)
{
    int count = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (is_held(set, i))
            set->fds[i].revents |= POLLIN;
        count += set->fds[i].revents != 0;
    }
    return count;
}

static void record_poll(const struct set *set, int count, int error)
{
    struct net_record r = {.call = NET_POLL, .fd = -1, .result = count, .error = error};
    if (!engine_records(set->engine))
        return;
    r.size = set->count;
    r.start = set->start;
    r.end = loop_now();
    engine_record(set->engine, &r);
}

/* The kernel's own call would fail with EINTR then. */
static void record_stop(const struct set *set)
{
    if (engine_is_interrupted(set->engine))
        record_poll(set, -1, EINTR);
}

/* Asks the kernel, waiting for at most `timeout` milliseconds: how many are ready. */
static int ask(lua_State *L, struct set *set, int timeout)
{
    struct engine *e = set->engine;
    bool held = holds_bytes(set);
    int count = e->sys->poll(set->fds, (nfds_t)set->count, held ? 0 : timeout);
    int error = errno;
    if (count >= 0)
        return held ? add_held(set) : count;
    record_stop(set);
    engine_check_interrupt(L, e);
    if (error == EINTR)
        return 0;
    record_poll(set, -1, error);
    struct net_fault fault = {.call = NET_POLL, .error = error, .sent = -1};
    fault.name = binding_function(L);
    fault.facts.fd = -1;
    return error_raise(L, e, &fault);
}

/* Milliseconds until the deadline, rounded up so that no turn is spent on less than one. */
static int milliseconds_left(const struct set *set)
{
    double left = ceil((set->deadline - loop_now()) * 1000);
    return !(left < 1e9) ? (isinf(left) ? -1 : 1000000000) : left < 0 ? 0 : (int)left;
}

typedef int push_results(lua_State *L, const struct set *set);

static int poll_on(lua_State *L, push_results *push, lua_KFunction again, lua_KContext entry)
{
    struct set *set = lua_touserdata(L, SET);
    struct engine *e = set->engine;
    struct wait_for what = {.call = binding_function(L), .fd = -1};
    if (entry == CALL_WAITED)
        record_stop(set);
    if (entry != CALL_BEGINS)
        engine_waited(L, e);
    else if (engine_is_turn_over(e))
        return engine_wait(L, e, &what, again, CALL_TURNED);
    for (size_t i = 0; i < set->count; i++)
        if (set->sockets[i]->fd < 0)
            socket_raise_closed(L, set->sockets[i], NET_POLL, binding_function(L), NET_CLOSED_HERE);
    int count;
    do
        count = ask(L, set, engine_is_plain(e) ? milliseconds_left(set) : 0);
    while (count == 0 && engine_is_plain(e) && loop_now() < set->deadline);
    if (count > 0 || loop_now() >= set->deadline) {
        record_poll(set, count, 0);
        return push(L, set);
    }
    for (size_t i = 0; i < set->count; i++)
        loop_drained(e->loop, set->fds[i].fd, set->waits[i].wait.events);
    engine_also_wait(e, set->waits, set->count);
    what.deadline = set->deadline;
    what.size = set->count;
    what.since = set->start;
    return engine_wait(L, e, &what, again, CALL_WAITED);
}

static int poll_again(lua_State *L, int status, lua_KContext entry)
{
    (void)status;
    return poll_on(L, push_ready, poll_again, entry);
}

static int call_poll(lua_State *L)
{
    if (!lua_istable(L, 1))
        argument_expected(L, 1, "sockets", "a table of sockets");
    double deadline = read_deadline(L, 2);
    argument_end(L, 2);
    struct set *set = set_push(L, engine_of(L), count_entries(L, 1));
    set->deadline = deadline;
    read_mixed(L, set);
    return poll_again(L, LUA_OK, CALL_BEGINS);
}

static int select_again(lua_State *L, int status, lua_KContext entry)
{
    (void)status;
    return poll_on(L, push_lists, select_again, entry);
}

static int call_select(lua_State *L)
{
    if (lua_istable(L, 3))
        argument_error(L, 3, "timeout",
                       "a number of seconds expected, got a third list; exceptions are not "
                       "watched here");
    double deadline = read_deadline(L, 3);
    argument_end(L, 3);
    struct set *set = set_push(L, engine_of(L), count_entries(L, 1) + count_entries(L, 2));
    set->deadline = deadline;
    read_list(L, set, 1, "readers", POLLIN);
    read_list(L, set, 2, "writers", POLLOUT);
    return select_again(L, LUA_OK, CALL_BEGINS);
}

void call_open_poll(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"poll", call_poll}, {NULL, NULL}};
    luaL_newmetatable(L, SET_TYPE);
    lua_pushcfunction(L, set_gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    binding_register(L, e, functions);
}

void call_open_select(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"select", call_select}, {NULL, NULL}};
    binding_register(L, e, functions);
}
