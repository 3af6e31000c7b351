/* SPDX-License-Identifier: MIT
 *
 * The error object. Its fields read the fault that it holds; the hint is asked of net/fault.h, with
 * this shell's own sockets as the witness.
 */
#include "lua/error.h"
#include "base/text.h"
#include "lua/address.h"
#include "lua/binding.h"
#include "lua/constant.h"
#include "lua/show.h"
#include "lua/socket.h"
#include "lua/task.h"

#include <errno.h>
#include <string.h>

#define ERROR_TYPE TYPE_PREFIX "error"

struct error {
    struct net_fault fault;
    /* The texts of a lookup follow in the same memory. */
};

static size_t length_of(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static char *keep(char *room, const char *text)
{
    return text == NULL ? NULL : memcpy(room, text, strlen(text) + 1);
}

const struct net_fault *error_to(lua_State *L, int index)
{
    const struct error *error = luaL_testudata(L, index, ERROR_TYPE);
    return error == NULL ? NULL : &error->fault;
}

void error_append_line(struct buffer *out, const struct net_fault *fault)
{
    buffer_printf(out, "%s: %s (", fault->name, net_fault_message(fault));
    net_fault_append_name(out, fault);
    buffer_putc(out, ')');
}

/* Whether the socket stands in the way of the address; one of IPv6 that takes no IPv4 does so for
 * its own family alone. */
static bool holds(struct engine *e, const struct socket *s, const struct net_address *address)
{
    struct net_view view;
    int alone = 0;
    socklen_t length = sizeof alone;
    net_inspect(e->sys, s->fd, s->family, s->type, s->listening, &view);
    if (s->family == AF_UNIX && view.peer.length != 0)
        return false; /* an accepted one bears its listener's path */
    if (!net_address_clashes(&view.local, address))
        return false;
    if (s->family != AF_INET6 || net_address_family(address) == AF_INET6)
        return true;
    return e->sys->getsockopt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, &alone, &length) != 0 || !alone;
}

/* A connection that was accepted has its listener's address: the listener is who holds it, where
 * both are open. */
static const struct socket *find_holder(struct engine *e, const struct net_address *address,
                                        int type)
{
    const struct socket *other = NULL;
    for (const struct socket *s = e->sockets; s != NULL; s = s->next) {
        if (s->type != type || !holds(e, s, address))
            continue;
        if (s->listening)
            return s;
        other = s;
    }
    return other;
}

/* The local variable of a coroutine that holds the socket. */
static bool append_local(struct buffer *out, lua_State *co, const struct socket *s)
{
    enum { MOST_FRAMES = 50 };
    lua_Debug frame;
    const char *name;
    if (!lua_checkstack(co, 1))
        return false;
    for (int level = 0; level < MOST_FRAMES && lua_getstack(co, level, &frame) != 0; level++)
        for (int i = 1; (name = lua_getlocal(co, &frame, i)) != NULL; i++) {
            bool found = name[0] != '(' && socket_to(co, -1, s->engine) == s;
            lua_pop(co, 1);
            if (found) {
                buffer_puts(out, name);
                return true;
            }
        }
    return false;
}

/* A background task that has the socket in a local variable, or waits on it: `s of task 1
 * "server"`. */
static bool append_task(struct buffer *out, const struct socket *s)
{
    for (const struct task *task = s->engine->tasks; task != NULL; task = task->next) {
        bool waits = task->state == TASK_WAITING && task->what.socket == s;
        bool holds = append_local(out, task->co, s);
        if (!holds && !waits)
            continue;
        if (!holds)
            buffer_printf(out, "socket %d", s->fd);
        buffer_printf(out, " of task %u \"", task->id);
        text_append_safe(out, task->name, strlen(task->name), false);
        buffer_putc(out, '"');
        return true;
    }
    return false;
}

static bool tell_holder(void *owner, const struct net_address *address, int type,
                        struct buffer *out)
{
    const struct socket *s = find_holder(owner, address, type);
    if (s == NULL)
        return false;
    if (!socket_append_variable(out, s) && !append_task(out, s))
        buffer_printf(out, "socket %d", s->fd);
    buffer_printf(out, ", %s of this shell", s->listening ? "a listening socket" : "a socket");
    return true;
}

static bool tell_name(void *owner, const struct net_facts *facts, struct buffer *out)
{
    struct engine *e = owner;
    for (const struct socket *s = e->sockets; s != NULL; s = s->next)
        if (s->serial == facts->serial)
            return socket_append_variable(out, s);
    return false;
}

static void append_hint(lua_State *L, struct buffer *out, const struct net_fault *fault)
{
    struct engine *e = engine_find(L);
    struct net_witness witness = {.holder = tell_holder, .name = tell_name, .owner = e};
    net_fault_append_hint(out, e->sys, fault, &witness);
}

/* Who has an address may be somebody else, or nobody, by the time the hint is read: it is written
 * at once, and kept with the error at the top of the stack. */
static void keep_hint(lua_State *L, const struct net_fault *fault)
{
    struct buffer *text = binding_buffer(L);
    append_hint(L, text, fault);
    binding_push_buffer(L, text);
    lua_setiuservalue(L, -3, 2);
    lua_pop(L, 1);
}

int error_raise(lua_State *L, struct engine *e, const struct net_fault *fault)
{
    size_t host = length_of(fault->host), service = length_of(fault->service);
    struct error *error = lua_newuserdatauv(L, sizeof *error + host + service, 2);
    char *room = (char *)(error + 1);
    error->fault = *fault;
    error->fault.host = keep(room, fault->host);
    error->fault.service = keep(room + host, fault->service);
    net_fault_observe(e->sys, &error->fault);
    luaL_setmetatable(L, ERROR_TYPE);
    lua_pushstring(L, fault->name); /* the function's name may be collected: keep it */
    error->fault.name = lua_tostring(L, -1);
    lua_setiuservalue(L, -2, 1);
    if (fault->error == EADDRINUSE && fault->cause == NET_KERNEL)
        keep_hint(L, &error->fault);
    return lua_error(L);
}

int error_raise_cancelled(lua_State *L, struct engine *e, const char *name)
{
    struct net_fault fault = {.call = NET_CALL_COUNT, .error = ECANCELED, .sent = -1};
    fault.name = name;
    fault.facts.fd = -1;
    return error_raise(L, e, &fault);
}

void error_append_hint(lua_State *L, int index, struct buffer *out)
{
    if (lua_getiuservalue(L, index, 2) == LUA_TSTRING)
        buffer_puts(out, lua_tostring(L, -1));
    else
        append_hint(L, out, error_to(L, index));
    lua_pop(L, 1);
}

static const struct net_fault *self(lua_State *L)
{
    const struct error *error = luaL_checkudata(L, 1, ERROR_TYPE);
    return &error->fault;
}

static int error_tostring(lua_State *L)
{
    const struct net_fault *fault = self(L);
    struct buffer *text = binding_buffer(L);
    error_append_line(text, fault);
    return binding_push_buffer(L, text);
}

static int push_name(lua_State *L, const struct net_fault *fault)
{
    struct buffer *text = binding_buffer(L);
    net_fault_append_name(text, fault);
    return binding_push_buffer(L, text);
}

static int push_call(lua_State *L, const struct net_fault *fault)
{
    lua_pushstring(L, fault->name);
    return 1;
}

static int push_errno(lua_State *L, const struct net_fault *fault)
{
    bool lookup = fault->cause == NET_LOOKUP;
    constant_push(L, lookup ? NET_LOOKUP_ERROR : NET_ERRNO, fault->error);
    return 1;
}

static int push_message(lua_State *L, const struct net_fault *fault)
{
    lua_pushstring(L, net_fault_message(fault));
    return 1;
}

static int push_address(lua_State *L, const struct net_fault *fault)
{
    if (fault->address.length == 0)
        return 0;
    address_push(L, engine_find(L), &fault->address);
    return 1;
}

static int push_hint(lua_State *L, const struct net_fault *fault)
{
    struct buffer *text = binding_buffer(L);
    (void)fault;
    error_append_hint(L, 1, text);
    if (text->length == 0)
        return 0;
    return binding_push_buffer(L, text);
}

static int push_sent(lua_State *L, const struct net_fault *fault)
{
    if (fault->sent < 0)
        return 0;
    lua_pushinteger(L, fault->sent);
    return 1;
}

static const struct {
    const char *name;
    int (*push)(lua_State *L, const struct net_fault *fault);
} fields[] = {
    {"call", push_call},       {"errno", push_errno},     {"name", push_name},
    {"message", push_message}, {"address", push_address}, {"hint", push_hint},
    {"sent", push_sent},
};

const char *error_field(size_t place)
{
    return place < sizeof fields / sizeof fields[0] ? fields[place].name : NULL;
}

static int error_index(lua_State *L)
{
    const struct net_fault *fault = self(L);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (strcmp(name, fields[i].name) == 0)
            return fields[i].push(L, fault);
    return 0;
}

void error_open(lua_State *L)
{
    static const luaL_Reg meta[] = {{"__index", error_index},
                                    {"__tostring", error_tostring},
                                    {"__concat", show_concat},
                                    {NULL, NULL}};
    binding_new_type(L, ERROR_TYPE, meta);
    lua_pop(L, 1);
}
