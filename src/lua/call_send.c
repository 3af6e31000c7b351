/* SPDX-License-Identifier: MIT
 *
 * send, sendall and sendto. SIGPIPE is not for a prompt: every send carries MSG_NOSIGNAL, which the
 * record leaves out because the student did not write it.
 */
#include "lua/address.h"
#include "lua/argument.h"
#include "lua/call.h"
#include "lua/sandbox.h"

#include <errno.h>
#include <string.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

struct sending {
    const char *data;
    size_t length;
    bool all; /* sendall: a short send is an error */
    const char *name;
    lua_KFunction again;
};

static void record_sent(const struct call *c, const struct sending *sending,
                        const struct net_address *to)
{
    struct net_record record;
    if (!engine_records(c->e))
        return;
    call_record_init(c, &record);
    record.result = (long)c->done;
    record.data = sending->data;
    record.data_length = record.size = sending->length;
    if (to != NULL)
        record.address = *to;
    call_record(c, &record);
}

static int sent(lua_State *L, const struct call *c, const struct sending *sending)
{
    record_sent(c, sending, NULL);
    lua_pushinteger(L, (lua_Integer)c->done);
    return 1;
}

/* A call that cannot send the rest: send says how much went, as the kernel does; sendall fails. */
static int give_up(lua_State *L, struct call *c, const struct sending *sending, int error)
{
    if (!sending->all && c->done > 0) {
        call_keep_error(c, error);
        return sent(L, c, sending);
    }
    if (c->expired)
        return call_expire(L, c, LOOP_WRITE, NULL);
    return call_fail(L, c, error, NULL);
}

/* A send on a stream ends when all was taken; where the call may not wait, with what was. */
static bool is_enough(const struct call *c, const struct sending *sending)
{
    if (c->done >= sending->length)
        return true;
    return !sending->all && (c->s->timeout == 0 || (c->flags & MSG_DONTWAIT) != 0);
}

static int send_on(lua_State *L, struct call *c, const struct sending *sending)
{
    const struct net_sys *sys = c->e->sys;
    if (c->expired)
        return give_up(L, c, sending, EAGAIN);
    int late = call_take_error(c);
    if (late != 0)
        return give_up(L, c, sending, late);
    for (;;) {
        ssize_t count = sys->send(c->s->fd, sending->data + c->done, sending->length - c->done,
                                  c->flags | MSG_NOSIGNAL);
        int error = errno;
        if (count >= 0) {
            c->done += (size_t)count;
            if (is_enough(c, sending) || c->s->type != SOCK_STREAM)
                return sent(L, c, sending);
        } else if (error == EINTR) {
            call_check_interrupt(L, c);
        } else if (call_may_wait(c, error)) {
            return call_wait(L, c, LOOP_WRITE, sending->again);
        } else {
            return give_up(L, c, sending, error);
        }
    }
}

static int send_enter(lua_State *L, struct sending *sending, lua_KContext entry)
{
    struct call c;
    call_enter(L, &c, NET_SEND, sending->name, entry);
    c.data = sending->data = argument_bytes(L, 2, "data", &sending->length);
    c.size = sending->length;
    if (entry != CALL_WAITED) {
        c.flags = argument_opt_constant(L, 3, "flags", NET_MESSAGE_FLAG, 0);
        argument_end(L, 3);
    }
    if (entry == CALL_BEGINS && engine_is_turn_over(c.e))
        return call_give_turn(L, &c, sending->again);
    return send_on(L, &c, sending);
}

static int send_again(lua_State *L, int status, lua_KContext entry)
{
    struct sending sending = {.all = false, .name = "send", .again = send_again};
    (void)status;
    return send_enter(L, &sending, entry);
}

static int sendall_again(lua_State *L, int status, lua_KContext entry)
{
    struct sending sending = {.all = true, .name = "sendall", .again = sendall_again};
    (void)status;
    return send_enter(L, &sending, entry);
}

static int call_send(lua_State *L)
{
    return send_again(L, LUA_OK, CALL_BEGINS);
}

static int call_sendall(lua_State *L)
{
    return sendall_again(L, LUA_OK, CALL_BEGINS);
}

/* A socket of the Internet that sends its first datagram needs a port, and EAGAIN says that none is
 * free: no wait for room in its buffer ends that. */
static bool lacks_port(const struct call *c)
{
    struct net_address local = {.length = sizeof local.u};
    return c->s->family != AF_UNIX && c->s->type == SOCK_DGRAM && !c->s->bound &&
           c->e->sys->getsockname(c->s->fd, &local.u.any, &local.length) == 0 &&
           net_address_port(&local) == 0;
}

static int sendto_on(lua_State *L, struct call *c, const struct sending *sending)
{
    if (c->expired)
        return call_expire(L, c, LOOP_WRITE, c->to);
    for (;;) {
        ssize_t count = c->e->sys->sendto(c->s->fd, sending->data, sending->length,
                                          c->flags | MSG_NOSIGNAL, &c->to->u.any, c->to->length);
        int error = errno;
        if (count >= 0) {
            c->done = (size_t)count;
            record_sent(c, sending, c->to);
            lua_pushinteger(L, count);
            return 1;
        }
        if (error == EINTR)
            call_check_interrupt(L, c);
        else if (call_may_wait(c, error) && !lacks_port(c))
            return call_wait(L, c, LOOP_WRITE, sending->again);
        else
            return call_fail(L, c, error, c->to);
    }
}

/* A sandbox may want another address than the one given, and has a say in the sender's too. */
static void admit_receiver(lua_State *L, const struct call *c)
{
    sandbox_admit(L, c->s, 3);
    int error = sandbox_keep_local(L, c->s);
    if (error != 0)
        call_fail(L, c, error, address_to(L, 3, c->e));
}

static int sendto_again(lua_State *L, int status, lua_KContext entry)
{
    struct call c;
    struct sending sending = {.all = false, .name = "sendto", .again = sendto_again};
    (void)status;
    call_enter(L, &c, NET_SENDTO, sending.name, entry);
    c.data = sending.data = argument_bytes(L, 2, "data", &sending.length);
    c.size = sending.length;
    c.flags = argument_opt_constant(L, 4, "flags", NET_MESSAGE_FLAG, 0);
    if (entry == CALL_BEGINS)
        admit_receiver(L, &c);
    c.to = address_to(L, 3, c.e);
    if (entry == CALL_BEGINS && engine_is_turn_over(c.e))
        return call_give_turn(L, &c, sending.again);
    return sendto_on(L, &c, &sending);
}

/* C's sendto(s, data, length, flags, address), and Python's, which has the flags there: a number
 * would pass for the host. */
static void refuse_other_order(lua_State *L)
{
    const struct engine *e = engine_of(L);
    if (lua_type(L, 3) != LUA_TNUMBER)
        return;
    for (int i = 4; i <= 5; i++)
        if (address_to(L, i, e) != NULL || lua_istable(L, i))
            argument_error(L, 3, "address",
                           "an address expected, got %s; it stands behind the data, whose length "
                           "is known, and flags come last",
                           argument_came(L, 3));
}

static int call_sendto(lua_State *L)
{
    static const struct addressed addressed = {3, 4, sendto_again};
    size_t length;
    const struct socket *s = socket_check_open(L, 1, NET_SENDTO);
    argument_bytes(L, 2, "data", &length);
    refuse_other_order(L);
    bool one = s->family == AF_UNIX || lua_istable(L, 3) || address_to(L, 3, s->engine) != NULL;
    argument_opt_constant(L, one ? 4 : 5, "flags", NET_MESSAGE_FLAG, 0);
    return address_resolve(L, &addressed, s->family, s->type);
}

void call_open_send(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {
        {"send", call_send}, {"sendall", call_sendall}, {"sendto", call_sendto}, {NULL, NULL}};
    binding_register(L, e, functions);
}
