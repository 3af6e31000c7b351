/* SPDX-License-Identifier: MIT
 *
 * Calls are matched against fields that the asker names, by one table of fields.
 */
#include "lua/judge.h"
#include "lua/argument.h"
#include "lua/constant.h"
#include "lua/picture.h"

#include <lauxlib.h>
#include <string.h>

void judge_mark(struct engine *e)
{
    e->judged_from = e->journal != NULL ? journal_next(e->journal) : 0;
}

/* Pushes what a record says of a field; nil for nothing. */
typedef void judge_push(lua_State *L, const struct net_record *r);

static void push_port(lua_State *L, const struct net_record *r)
{
    lua_pushinteger(L, net_address_port(&r->address));
}

static void push_host(lua_State *L, const struct net_record *r)
{
    struct buffer *host = binding_buffer(L);
    net_address_append_host(host, &r->address);
    binding_push_buffer(L, host);
}

/* An abstract name as the student writes it. */
static void push_path(lua_State *L, const struct net_record *r)
{
    size_t length;
    const char *path = net_address_path(&r->address, &length);
    if (length > 0 && path[0] == '\0')
        lua_pushfstring(L, "@%s", lua_pushlstring(L, path + 1, length - 1));
    else
        lua_pushlstring(L, path, length);
}

static void push_data(lua_State *L, const struct net_record *r)
{
    lua_pushlstring(L, r->data != NULL ? r->data : "", r->data != NULL ? r->data_length : 0);
}

static void push_task(lua_State *L, const struct net_record *r)
{
    lua_pushstring(L, r->task);
}

static void push_fd(lua_State *L, const struct net_record *r)
{
    lua_pushinteger(L, r->fd);
}

static void push_result(lua_State *L, const struct net_record *r)
{
    lua_pushinteger(L, r->result);
}

static void push_size(lua_State *L, const struct net_record *r)
{
    lua_pushinteger(L, (lua_Integer)r->size);
}

static void push_backlog(lua_State *L, const struct net_record *r)
{
    lua_pushinteger(L, r->backlog);
}

static void push_flags(lua_State *L, const struct net_record *r)
{
    lua_pushinteger(L, r->flags);
}

static void push_family(lua_State *L, const struct net_record *r)
{
    constant_push(L, NET_FAMILY, r->family);
}

static void push_type(lua_State *L, const struct net_record *r)
{
    constant_push(L, NET_TYPE, r->type);
}

static void push_how(lua_State *L, const struct net_record *r)
{
    constant_push(L, NET_DIRECTION, r->how);
}

static void push_option(lua_State *L, const struct net_record *r)
{
    lua_pushinteger(L, r->option);
}

static void push_level(lua_State *L, const struct net_record *r)
{
    lua_pushinteger(L, r->level);
}

/* Of a wanted socket the serial is compared: its descriptor may have been another's. */
static void push_serial(lua_State *L, const struct net_record *r)
{
    lua_pushinteger(L, (lua_Integer)r->serial);
}

static const struct {
    const char *name;
    judge_push *push;
} judge_fields[] = {
    {"backlog", push_backlog}, {"data", push_data},     {"family", push_family},
    {"fd", push_fd},           {"flags", push_flags},   {"host", push_host},
    {"how", push_how},         {"level", push_level},   {"option", push_option},
    {"path", push_path},       {"port", push_port},     {"result", push_result},
    {"size", push_size},       {"socket", push_serial}, {"task", push_task},
    {"type", push_type},
};

enum { JUDGE_FIELDS = sizeof judge_fields / sizeof judge_fields[0] };

/* Replaces the wanted value at the top of the stack by what can be compared: a constant by its
 * number, a socket by its serial. */
static void reduce(lua_State *L, const struct engine *e)
{
    const struct constant *c = constant_to(L, -1, e);
    const struct socket *s = socket_to(L, -1, e);
    if (c == NULL && s == NULL)
        return;
    lua_pop(L, 1);
    lua_pushinteger(L, c != NULL ? (lua_Integer)c->value : (lua_Integer)s->serial);
}

/* Whether the record says what the table of fields at the index wants. */
static bool fits(lua_State *L, const struct engine *e, const struct net_record *r, int wanted)
{
    bool fit = true;
    int top = lua_gettop(L);
    if (lua_isnoneornil(L, wanted))
        return true;
    for (size_t i = 0; i < JUDGE_FIELDS && fit; i++) {
        if (lua_getfield(L, wanted, judge_fields[i].name) != LUA_TNIL) {
            reduce(L, e);
            judge_fields[i].push(L, r);
            reduce(L, e);
            fit = lua_compare(L, top + 1, -1, LUA_OPEQ);
        }
        lua_settop(L, top);
    }
    return fit;
}

static void check_fields(lua_State *L, int index)
{
    const char *names[JUDGE_FIELDS + 1] = {NULL};
    if (lua_isnoneornil(L, index)) {
        lua_settop(L, index);
        return;
    }
    if (!lua_istable(L, index))
        argument_expected(L, index, "fields", "a table such as {port = 8080}");
    for (size_t i = 0; i < JUDGE_FIELDS; i++)
        names[i] = judge_fields[i].name;
    argument_refuse_keys(L, index, "fields", 0, names,
                         "backlog, data, family, fd, flags, host, how, level, option, path, port, "
                         "result, size, socket, task or type");
}

/* A call's name: "bind"; "sendall" makes sends. */
static enum net_call check_call(lua_State *L, int index)
{
    const char *name = argument_text(L, index, "call");
    if (strcmp(name, "sendall") == 0)
        return NET_SEND;
    for (int call = 0; call < NET_CALL_COUNT; call++)
        if (strcmp(net_call_name((enum net_call)call), name) == 0)
            return (enum net_call)call;
    argument_expected(L, index, "call", "the name of a call");
    return NET_CALL_COUNT;
}

/* Calls fn() for the calls since the mark. Pushes their number, or false where there is none: in
 * Lua 0 counts as true. */
static int count(lua_State *L, enum net_call call, bool failed, long error, int fields)
{
    const struct engine *e = engine_of(L);
    struct journal **holder = picture_push_journal(L, e);
    const struct journal *journal = *holder;
    size_t end = journal_count(journal);
    lua_Integer met = 0;
    for (size_t i = 0; i < end; i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        const struct net_record *r = &entry->record;
        if (entry->kind != JOURNAL_CALL || entry->number < e->judged_from || r->call != call ||
            (r->error != 0) != failed || (error != 0 && r->error != error))
            continue;
        met += fits(L, e, r, fields);
    }
    picture_let_go(holder);
    if (met > 0)
        lua_pushinteger(L, met);
    else
        lua_pushboolean(L, 0);
    return 1;
}

static int judge_called(lua_State *L)
{
    enum net_call call = check_call(L, 1);
    argument_end(L, 2);
    check_fields(L, 2);
    return count(L, call, false, 0, 2);
}

static int judge_failed(lua_State *L)
{
    enum net_call call = check_call(L, 1);
    long error = 0;
    if (!lua_isnoneornil(L, 2)) {
        enum net_kind kind = constant_to(L, 2, engine_of(L)) != NULL
                                 ? constant_to(L, 2, engine_of(L))->kind
                                 : NET_ERRNO;
        kind = kind == NET_LOOKUP_ERROR ? NET_LOOKUP_ERROR : NET_ERRNO;
        error = argument_constant(L, 2, "errno", kind, kind);
    }
    argument_end(L, 3);
    check_fields(L, 3);
    return count(L, call, true, error, 3);
}

/* Bytes that went one way over the socket since the mark, and how many they were. */
static int push_bytes(lua_State *L, enum net_call one, enum net_call other)
{
    const struct engine *e = engine_of(L);
    const struct socket *s = socket_check(L, 1);
    argument_end(L, 1);
    const struct journal *journal = picture_journal(L, e);
    struct buffer *bytes = binding_buffer(L);
    lua_Integer total = 0;
    for (size_t i = 0; i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        const struct net_record *r = &entry->record;
        if (entry->kind != JOURNAL_CALL || entry->number < e->judged_from || r->error != 0 ||
            r->serial != s->serial || (r->call != one && r->call != other) || r->result <= 0 ||
            (r->flags & MSG_PEEK) != 0)
            continue;
        size_t length = (size_t)r->result;
        total += r->result;
        buffer_append(bytes, r->data, length < r->data_length ? length : r->data_length);
    }
    binding_push_buffer(L, bytes);
    lua_pushinteger(L, total);
    return 2;
}

static int judge_sent(lua_State *L)
{
    return push_bytes(L, NET_SEND, NET_SENDTO);
}

static int judge_received(lua_State *L)
{
    return push_bytes(L, NET_RECV, NET_RECVFROM);
}

void judge_open(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"called", judge_called},
                                         {"failed", judge_failed},
                                         {"sent", judge_sent},
                                         {"received", judge_received},
                                         {NULL, NULL}};
    binding_register(L, e, functions);
}
