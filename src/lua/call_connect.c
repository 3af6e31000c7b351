/* SPDX-License-Identifier: MIT
 *
 * accept and connect: the two calls that wait for a peer to come.
 */
#include "lua/address.h"
#include "lua/argument.h"
#include "lua/call.h"
#include "lua/sandbox.h"

#include <errno.h>
#include <sys/time.h>

/* A UNIX socket whose queue is full cannot be waited for: it is tried again so often. Elsewhere
 * EAGAIN says that no local port is free, which no waiting for this socket mends. */
#define RETRY_SECONDS 0.01

/* On Linux an accepted socket has SO_RCVTIMEO and SO_SNDTIMEO of its listener; elsewhere it has
 * none. The kernel is asked only where there is something to inherit. */
static void inherit_timeouts(const struct call *c, struct socket *connection)
{
    const struct socket *listener = c->s;
    struct timeval seconds = {0, 0};
    socklen_t length = sizeof seconds;
    if (listener->receive_timeout <= 0 && listener->send_timeout <= 0)
        return;
    bool inherits = c->e->sys->getsockopt(connection->fd, SOL_SOCKET,
                                          listener->receive_timeout > 0 ? SO_RCVTIMEO : SO_SNDTIMEO,
                                          &seconds, &length) == 0 &&
                    (seconds.tv_sec != 0 || seconds.tv_usec != 0);
    connection->receive_timeout = inherits ? listener->receive_timeout : 0;
    connection->send_timeout = inherits ? listener->send_timeout : 0;
}

static int accepted(lua_State *L, struct call *c, struct socket *connection, int fd,
                    const struct net_address *peer)
{
    socket_own(connection, fd, c->s->family, c->s->type, c->s->protocol);
    inherit_timeouts(c, connection);
    if (engine_records(c->e)) {
        struct net_record record;
        struct net_view view;
        call_record_init(c, &record);
        record.result = fd;
        record.address = *peer;
        record.made[0] = connection->serial;
        socket_look(connection, &view);
        record.view = &view;
        call_record(c, &record);
    }
    lua_pushvalue(L, 2);
    if (peer->length != 0)
        address_push(L, c->e, peer);
    else
        lua_pushnil(L);
    return 2;
}

/* The stack: the listener; the connection's owner, closed until there is one. */
static int accept_on(lua_State *L, int status, lua_KContext entry)
{
    struct call c;
    (void)status;
    call_enter(L, &c, NET_ACCEPT, "accept", entry);
    if (entry == CALL_BEGINS) {
        argument_end(L, 1);
        socket_push(L, c.e)->sandbox = sandbox_for(L, c.s);
        if (engine_is_turn_over(c.e))
            return call_give_turn(L, &c, accept_on);
    }
    if (c.expired)
        return call_expire(L, &c, LOOP_READ, NULL);
    for (;;) {
        struct net_address peer;
        peer.length = sizeof peer.u;
        int fd = c.e->sys->accept(c.s->fd, &peer.u.any, &peer.length);
        int error = errno;
        if (fd >= 0)
            return accepted(L, &c, lua_touserdata(L, 2), fd, &peer);
        if (error == EINTR)
            call_check_interrupt(L, &c);
        else if (call_may_wait(&c, error))
            return call_wait(L, &c, LOOP_READ, accept_on);
        else
            return call_fail(L, &c, error, NULL);
    }
}

static int call_accept(lua_State *L)
{
    return accept_on(L, LUA_OK, CALL_BEGINS);
}

static int connected(const struct call *c, const struct net_address *to)
{
    c->s->connecting = false;
    if (!engine_records(c->e))
        return 0;
    struct net_record record;
    call_record_init(c, &record);
    record.address = *to;
    call_record(c, &record);
    return 0;
}

/* How a connect that was begun came out: 0, an errno value, or EALREADY while it goes on. Asked for
 * by calling connect() again, as connect(2) allows: SO_ERROR would tell as well, but leaves Linux's
 * socket half way, so that the student's next connect() met ECONNABORTED, or 0 where EISCONN is
 * due. */
static int outcome(const struct call *c, const struct net_address *to)
{
    const struct net_sys *sys = c->e->sys;
    struct pollfd fd = {.fd = c->s->fd, .events = POLLOUT};
    if (sys->poll(&fd, 1, 0) <= 0)
        return EALREADY;
    if (sys->connect(c->s->fd, &to->u.any, to->length) == 0)
        return 0;
    int error = errno;
    return error == EISCONN ? 0 : error == EINPROGRESS || error == EINTR ? EALREADY : error;
}

static int connect_on(lua_State *L, int status, lua_KContext entry);

/* The kernel goes on connecting: waits for the outcome. */
static int await_outcome(lua_State *L, struct call *c)
{
    c->s->connecting = true;
    return call_wait(L, c, LOOP_WRITE, connect_on);
}

/* A blocking connect that a signal interrupted goes on in the kernel. Calling connect() again would
 * say EALREADY: its end is waited for. */
static int finish_interrupted(lua_State *L, struct call *c)
{
    c->s->connecting = true;
    call_check_interrupt(L, c);
    return await_outcome(L, c);
}

static int begin_connect(lua_State *L, struct call *c, const struct net_address *to)
{
    if (c->e->sys->connect(c->s->fd, &to->u.any, to->length) == 0)
        return connected(c, to);
    int error = errno;
    if (error == EINTR)
        return finish_interrupted(L, c);
    if (error == EINPROGRESS && c->s->nonblocking && c->s->timeout != 0)
        return await_outcome(L, c);
    c->s->connecting = error == EINPROGRESS || error == EALREADY;
    if (call_may_wait(c, error) && c->s->family == AF_UNIX)
        return call_wait_a_moment(L, c, LOOP_WRITE, RETRY_SECONDS, connect_on);
    return call_fail(L, c, error, to);
}

/* The stack: the socket, the address. */
static int connect_on(lua_State *L, int status, lua_KContext entry)
{
    struct call c;
    (void)status;
    call_enter(L, &c, NET_CONNECT, "connect", entry);
    if (entry == CALL_BEGINS)
        sandbox_admit(L, c.s, 2);
    const struct net_address *to = c.to = address_to(L, 2, c.e);
    if (entry == CALL_BEGINS)
        return begin_connect(L, &c, to);
    if (!c.s->connecting && c.s->family == AF_UNIX) /* a retry */
        return c.expired ? call_expire(L, &c, LOOP_WRITE, to) : begin_connect(L, &c, to);
    int error = outcome(&c, to);
    if (error == EALREADY)
        return c.expired ? call_expire(L, &c, LOOP_WRITE, to) : await_outcome(L, &c);
    if (error == 0)
        return connected(&c, to);
    c.s->connecting = false;
    return call_fail(L, &c, error, to);
}

static int call_connect(lua_State *L)
{
    static const struct addressed addressed = {2, 2, connect_on};
    const struct socket *s = socket_check_open(L, 1, NET_CONNECT);
    return address_resolve(L, &addressed, s->family, s->type);
}

void call_open_connect(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {
        {"accept", call_accept}, {"connect", call_connect}, {NULL, NULL}};
    binding_register(L, e, functions);
}
