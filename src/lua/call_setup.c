/* SPDX-License-Identifier: MIT
 *
 * The calls that do not wait: socket, socketpair, bind, listen, shutdown, close, getsockname,
 * getpeername, and what the shell itself knows of a socket (fileno, settimeout, gettimeout).
 */
#include "lua/address.h"
#include "lua/argument.h"
#include "lua/call.h"
#include "lua/constant.h"
#include "lua/error.h"
#include "lua/sandbox.h"
#include "net/name.h"

#include <errno.h>
#include <limits.h>

/* A socket made non-blocking from the start never waits, as after settimeout(s, 0). */
static void own(lua_State *L, struct socket *s, int fd, const struct net_record *r)
{
    s->sandbox = sandbox_of(L);
    socket_own(s, fd, r->family, net_type_alone(r->type), r->protocol);
    if (net_type_is_nonblocking(r->type)) {
        s->nonblocking = true;
        s->timeout = 0;
    }
}

static int fail_to_make(lua_State *L, struct engine *e, struct net_record *r, int error)
{
    struct net_fault fault = {.call = r->call, .cause = NET_KERNEL, .error = error, .sent = -1};
    fault.name = binding_function(L);
    fault.facts.fd = -1;
    fault.facts.family = r->family;
    fault.facts.type = r->type;
    fault.facts.protocol = r->protocol;
    r->error = error;
    r->result = -1;
    r->end = loop_now();
    engine_record(e, r);
    return error_raise(L, e, &fault);
}

static void read_kind(lua_State *L, struct net_record *r, int family)
{
    r->family = argument_opt_constant(L, 1, "family", NET_FAMILY, family);
    r->type = argument_opt_constant(L, 2, "type", NET_TYPE, SOCK_STREAM);
    r->protocol = argument_opt_constant(L, 3, "protocol", NET_PROTOCOL, 0);
    argument_end(L, 3);
    sandbox_check_kind(L, r->family, net_type_alone(r->type), r->protocol);
    r->start = loop_now();
}

static int call_socket(lua_State *L)
{
    struct engine *e = engine_of(L);
    struct net_record r = {.call = NET_SOCKET, .fd = -1};
    read_kind(L, &r, AF_INET);
    struct socket *s = socket_push(L, e);
    int fd = e->sys->socket(r.family, r.type, r.protocol);
    int error = errno;
    if (fd < 0)
        return fail_to_make(L, e, &r, error);
    own(L, s, fd, &r);
    r.result = fd;
    r.made[0] = s->serial;
    r.end = loop_now();
    engine_record(e, &r);
    return 1;
}

static int call_socketpair(lua_State *L)
{
    struct engine *e = engine_of(L);
    struct net_record r = {.call = NET_SOCKETPAIR, .fd = -1};
    int fds[2];
    read_kind(L, &r, AF_UNIX);
    struct socket *one = socket_push(L, e);
    struct socket *other = socket_push(L, e);
    int failed = e->sys->socketpair(r.family, r.type, r.protocol, fds);
    int error = errno;
    if (failed < 0)
        return fail_to_make(L, e, &r, error);
    own(L, one, fds[0], &r);
    own(L, other, fds[1], &r);
    r.result = fds[0];
    r.second_fd = fds[1];
    r.made[0] = one->serial;
    r.made[1] = other->serial;
    r.end = loop_now();
    engine_record(e, &r);
    return 2;
}

/* `socket` is a function and a table of all: socket(AF_INET) and socket.socket(AF_INET). */
static int call_table(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_remove(L, 1);
    return call_socket(L);
}

static int bind_on(lua_State *L, int status, lua_KContext entry)
{
    struct call c;
    (void)status;
    call_enter(L, &c, NET_BIND, "bind", entry);
    sandbox_admit(L, c.s, 2);
    const struct net_address *address = address_to(L, 2, c.e);
    if (c.e->sys->bind(c.s->fd, &address->u.any, address->length) < 0)
        return call_fail(L, &c, errno, address);
    c.s->bound = true;
    if (engine_records(c.e)) {
        struct net_record r;
        call_record_init(&c, &r);
        r.address = *address;
        call_record(&c, &r);
    }
    return 0;
}

static int call_bind(lua_State *L)
{
    static const struct addressed addressed = {2, 2, bind_on};
    const struct socket *s = socket_check_open(L, 1, NET_BIND);
    return address_resolve(L, &addressed, s->family, s->type);
}

/* Where nobody called bind(), the kernel has chosen. */
static void note_chosen_address(const struct call *c, struct net_record *r)
{
    struct net_view view;
    socket_look(c->s, &view);
    r->address = view.local;
}

static int call_listen(lua_State *L)
{
    struct call c;
    call_enter(L, &c, NET_LISTEN, "listen", CALL_BEGINS);
    int backlog = SOMAXCONN;
    if (constant_to(L, 2, c.e) != NULL)
        backlog = argument_constant(L, 2, "backlog", NET_LIMIT, NET_LIMIT);
    else if (!lua_isnoneornil(L, 2))
        backlog = (int)argument_integer(L, 2, "backlog", 0, INT_MAX);
    argument_end(L, 2);
    struct net_record r;
    call_record_init(&c, &r);
    r.backlog = backlog;
    int error = sandbox_keep_local(L, c.s);
    if (error != 0)
        return call_fail_with(L, &c, error, &r);
    if (c.e->sys->listen(c.s->fd, backlog) < 0)
        return call_fail_with(L, &c, errno, &r);
    if (engine_records(c.e) && !c.s->bound && !c.s->listening)
        note_chosen_address(&c, &r);
    c.s->listening = true;
    c.s->backlog = backlog;
    call_record(&c, &r);
    return 0;
}

static int call_shutdown(lua_State *L)
{
    struct call c;
    call_enter(L, &c, NET_SHUTDOWN, "shutdown", CALL_BEGINS);
    int how = argument_constant(L, 2, "how", NET_DIRECTION, NET_DIRECTION);
    argument_end(L, 2);
    struct net_record r;
    call_record_init(&c, &r);
    r.how = how;
    if (c.e->sys->shutdown(c.s->fd, how) < 0)
        return call_fail_with(L, &c, errno, &r);
    if (how == SHUT_WR || how == SHUT_RDWR)
        c.s->unwritable = true;
    call_record(&c, &r);
    return 0;
}

/* The record of a close is begun before it: afterwards there is nothing to be seen. */
static void begin_close(struct call *c, struct net_record *r, struct net_view *view)
{
    c->start = engine_records(c->e) ? loop_now() : 0;
    call_record_init(c, r);
    if (!c->e->recording)
        return;
    socket_look(c->s, view);
    r->view = view;
    r->reset = socket_would_reset(c->s, view);
}

static int call_close(lua_State *L)
{
    struct call c = {.e = engine_of(L), .name = "close", .id = NET_CLOSE};
    struct net_record r;
    struct net_view view;
    c.s = socket_check(L, 1);
    argument_end(L, 1);
    if (c.s->fd < 0)
        return 0;
    begin_close(&c, &r, &view);
    int error = socket_close(c.s);
    if (error != 0)
        return call_fail_with(L, &c, error, &r);
    call_record(&c, &r);
    return 0;
}

/* At the end of `local s <close>`: nothing is raised, or an error that is under way were lost. */
static int close_variable(lua_State *L)
{
    struct net_record r;
    struct net_view view;
    struct call c = {.s = lua_touserdata(L, 1), .name = "close", .id = NET_CLOSE};
    c.e = c.s->engine;
    if (c.s->fd < 0)
        return 0;
    begin_close(&c, &r, &view);
    r.error = socket_close(c.s);
    r.result = r.error != 0 ? -1 : 0;
    call_record(&c, &r);
    return 0;
}

void call_open_close(lua_State *L)
{
    luaL_getmetatable(L, TYPE_PREFIX "socket");
    lua_pushcfunction(L, close_variable);
    lua_setfield(L, -2, "__close");
    lua_pop(L, 1);
}

typedef int name_call(int fd, struct sockaddr *address, socklen_t *length);

static int get_name(lua_State *L, enum net_call id, name_call *ask)
{
    struct call c;
    struct net_address address;
    call_enter(L, &c, id, net_call_name(id), CALL_BEGINS);
    argument_end(L, 1);
    address.length = sizeof address.u;
    if (ask(c.s->fd, &address.u.any, &address.length) < 0)
        return call_fail(L, &c, errno, NULL);
    if (engine_records(c.e)) {
        struct net_record r;
        call_record_init(&c, &r);
        r.address = address;
        call_record(&c, &r);
    }
    address_push(L, c.e, &address);
    return 1;
}

static int call_getsockname(lua_State *L)
{
    return get_name(L, NET_GETSOCKNAME, engine_of(L)->sys->getsockname);
}

static int call_getpeername(lua_State *L)
{
    return get_name(L, NET_GETPEERNAME, engine_of(L)->sys->getpeername);
}

static int call_fileno(lua_State *L)
{
    const struct socket *s = socket_check(L, 1);
    argument_end(L, 1);
    lua_pushinteger(L, s->fd);
    return 1;
}

static int call_settimeout(lua_State *L)
{
    struct socket *s = socket_check_open(L, 1, NET_SETSOCKOPT);
    if (lua_isnone(L, 2))
        argument_expected(L, 2, "seconds", "a number, or nil for no timeout,");
    double seconds = lua_isnil(L, 2) ? -1 : argument_seconds(L, 2, "seconds");
    argument_end(L, 2);
    s->timeout = seconds;
    return 0;
}

static int call_gettimeout(lua_State *L)
{
    const struct socket *s = socket_check_open(L, 1, NET_GETSOCKOPT);
    argument_end(L, 1);
    if (s->timeout < 0)
        lua_pushnil(L);
    else
        lua_pushnumber(L, s->timeout);
    return 1;
}

void call_open_setup(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"socket", call_socket},
                                         {"socketpair", call_socketpair},
                                         {"bind", call_bind},
                                         {"listen", call_listen},
                                         {"shutdown", call_shutdown},
                                         {"close", call_close},
                                         {"getsockname", call_getsockname},
                                         {"getpeername", call_getpeername},
                                         {"fileno", call_fileno},
                                         {"settimeout", call_settimeout},
                                         {"gettimeout", call_gettimeout},
                                         {NULL, NULL}};
    binding_register(L, e, functions);
}

void call_push_table_function(lua_State *L, struct engine *e)
{
    binding_push_function(L, e, "socket", call_table);
}
