/* SPDX-License-Identifier: MIT
 *
 * recv and recvfrom.
 */
#include "lua/address.h"
#include "lua/argument.h"
#include "lua/call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_SIZE 4096

/* Up to this size data is received into memory that the engine keeps. */
#define LARGEST_SCRATCH 0x100000

/* Where `size` bytes can be received; valid until the next call. */
static char *find_room(lua_State *L, struct engine *e, size_t size)
{
    if (size <= e->scratch_size)
        return e->scratch;
    if (size > LARGEST_SCRATCH) {
        lua_settop(L, 3); /* without the room of an attempt before a wait */
        return lua_newuserdatauv(L, size, 0);
    }
    char *larger = realloc(e->scratch, size < 65536 ? 65536 : size);
    if (larger == NULL)
        luaL_error(L, "not enough memory");
    e->scratch = larger;
    e->scratch_size = size < 65536 ? 65536 : size;
    return larger;
}

static bool is_stream(const struct socket *s)
{
    return s->type == SOCK_STREAM;
}

static bool is_tcp(const struct socket *s)
{
    return is_stream(s) && (s->family == AF_INET || s->family == AF_INET6);
}

static int retry(lua_State *L, int status, lua_KContext entry);
static int retry_from(lua_State *L, int status, lua_KContext entry);

/* Where the call goes on after a wait. */
static lua_KFunction again(const struct call *c)
{
    return c->id == NET_RECV ? retry : retry_from;
}

/* A datagram's sender without a name has an address with an empty path; a stream's peer is known,
 * and the kernel does not repeat it. */
static void push_sender(lua_State *L, const struct call *c, const struct net_address *sender)
{
    struct net_address unnamed;
    if (sender->length == 0 && c->s->family == AF_UNIX) {
        net_address_from_path("", 0, &unnamed);
        sender = &unnamed;
    }
    if (sender->length != 0)
        address_push(L, c->e, sender);
    else
        lua_pushnil(L);
}

/* The data has been taken from the kernel: `count` is what it returned. */
static int deliver(lua_State *L, struct call *c, const char *data, size_t size, ssize_t count,
                   const struct net_address *sender)
{
    size_t taken = (size_t)count < size ? (size_t)count : size;
    if (is_tcp(c->s) && (c->flags & MSG_TRUNC) != 0)
        taken = 0; /* TCP throws the bytes away and only counts them */
    if (count == 0 && size > 0 && is_stream(c->s))
        c->s->ended = true;
    lua_pushlstring(L, data, taken);
    if (engine_records(c->e)) {
        struct net_record record;
        call_record_init(c, &record);
        record.result = (c->flags & MSG_TRUNC) != 0 ? count : (ssize_t)taken;
        record.came = !is_stream(c->s) && (size_t)count > size ? (size_t)count : 0;
        record.data = lua_tostring(L, -1);
        record.data_length = taken;
        record.size = size;
        if (sender != NULL)
            record.address = *sender;
        call_record(c, &record);
    }
    int results = 1;
    if (c->id == NET_RECVFROM) {
        push_sender(L, c, sender);
        results++;
    }
    if ((c->flags & MSG_TRUNC) == 0)
        return results;
    lua_pushinteger(L, count);
    return results + 1;
}

/* Gives bytes that an earlier call took and could not deliver. */
static int deliver_held(lua_State *L, struct call *c, size_t size)
{
    struct buffer *held = &c->s->held;
    size_t count = held->length < size ? held->length : size;
    int results = deliver(L, c, buffer_text(held), size, (ssize_t)count, &(struct net_address){0});
    /* A finalizer that ran meanwhile may have closed the socket. */
    if ((c->flags & MSG_PEEK) != 0 || count == 0 || held->length < count)
        return results;
    held->length -= count;
    memmove(held->data, held->data + count, held->length);
    if (held->length == 0)
        buffer_free(held);
    return results;
}

/* MSG_WAITALL on a stream: what comes is kept with the socket until it is enough, so that neither a
 * timeout nor an interrupt loses a byte. An error behind some bytes is the next call's, as the
 * kernel has it. */
static int gather(lua_State *L, struct call *c, size_t size)
{
    struct engine *e = c->e;
    struct buffer *held = &c->s->held;
    while (held->length < size && !c->expired) {
        if (!buffer_reserve(held, size - held->length)) {
            held->failed = false; /* what it holds is whole */
            return luaL_error(L, "not enough memory");
        }
        ssize_t count =
            e->sys->recv(c->s->fd, held->data + held->length, size - held->length, c->flags);
        if (count == 0)
            break;
        if (count > 0) {
            held->length += (size_t)count;
            continue;
        }
        int error = errno;
        c->done = held->length;
        if (error == EINTR) {
            call_check_interrupt(L, c);
            continue;
        }
        if (call_may_wait(c, error))
            return call_wait(L, c, LOOP_READ, again(c));
        if (held->length == 0)
            return call_fail(L, c, error, NULL);
        call_keep_error(c, error);
        break;
    }
    if (c->expired && held->length == 0)
        return call_expire(L, c, LOOP_READ, NULL);
    return deliver_held(L, c, size);
}

/* The same where TCP throws the bytes away: there are none to keep, only their number. */
static int discard(lua_State *L, struct call *c, size_t size)
{
    while (c->done < size && !c->expired) {
        ssize_t count =
            c->e->sys->recv(c->s->fd, find_room(L, c->e, size - c->done), size - c->done, c->flags);
        int error = errno;
        if (count == 0)
            break;
        if (count > 0) {
            c->done += (size_t)count;
        } else if (error == EINTR) {
            call_check_interrupt(L, c);
        } else if (call_may_wait(c, error)) {
            return call_wait(L, c, LOOP_READ, again(c));
        } else if (c->done == 0) {
            return call_fail(L, c, error, NULL);
        } else {
            call_keep_error(c, error);
            break;
        }
    }
    if (c->expired && c->done == 0)
        return call_expire(L, c, LOOP_READ, NULL);
    return deliver(L, c, "", size, (ssize_t)c->done, &(struct net_address){0});
}

static ssize_t receive(const struct call *c, char *room, size_t size, struct net_address *sender)
{
    const struct net_sys *sys = c->e->sys;
    /* What is recorded says whether a datagram was cut, and the kernel says so only when asked. */
    int flags = engine_records(c->e) && !is_stream(c->s) ? c->flags | MSG_TRUNC : c->flags;
    if (c->id == NET_RECV)
        return sys->recv(c->s->fd, room, size, flags);
    socklen_t length = sizeof sender->u;
    ssize_t count = sys->recvfrom(c->s->fd, room, size, flags, &sender->u.any, &length);
    sender->length = count < 0 ? 0 : length;
    return count;
}

/* Whether the call would find nothing for certain, so that it need not be made before the wait. */
static bool is_drained(const struct call *c)
{
    return c->s->nonblocking && c->s->timeout != 0 && c->flags == 0 && !c->s->listening &&
           !loop_is_worth_trying(c->e->loop, c->s->fd, LOOP_READ);
}

static int receive_on(lua_State *L, struct call *c, size_t size)
{
    struct engine *e = c->e;
    struct net_address sender;
    if (c->expired)
        return call_expire(L, c, LOOP_READ, NULL);
    if (is_drained(c))
        return call_wait(L, c, LOOP_READ, again(c));
    char *room = find_room(L, e, size);
    for (;;) {
        sender.length = 0;
        ssize_t count = receive(c, room, size, &sender);
        if (count >= 0) {
            if ((size_t)count < size && is_stream(c->s) && c->flags == 0)
                loop_drained(e->loop, c->s->fd, LOOP_READ);
            return deliver(L, c, room, size, count, &sender);
        }
        int error = errno;
        if (error == EINTR)
            call_check_interrupt(L, c);
        else if (call_may_wait(c, error))
            return call_wait(L, c, LOOP_READ, again(c));
        else
            return call_fail(L, c, error, NULL);
    }
}

static void read_arguments(lua_State *L, struct call *c)
{
    c->size = DEFAULT_SIZE;
    if (!lua_isnoneornil(L, 2))
        c->size = (size_t)argument_integer(L, 2, "size", 0, ARGUMENT_LARGEST_SIZE);
    c->flags = argument_opt_constant(L, 3, "flags", NET_MESSAGE_FLAG, 0);
    argument_end(L, 3);
}

static bool gathers(const struct call *c)
{
    return (c->flags & (MSG_WAITALL | MSG_PEEK | MSG_OOB)) == MSG_WAITALL && is_stream(c->s);
}

/* Bytes that came before the error of a send(), which the kernel too gives first. */
static bool has_bytes(const struct socket *s)
{
    struct net_view view;
    if (s->held.length > 0)
        return true;
    socket_look(s, &view);
    return view.to_read > 0;
}

static int receive_enter(lua_State *L, enum net_call id, lua_KContext entry)
{
    struct call c;
    call_enter(L, &c, id, id == NET_RECV ? "recv" : "recvfrom", entry);
    if (entry != CALL_WAITED)
        read_arguments(L, &c);
    if (entry == CALL_BEGINS && engine_is_turn_over(c.e))
        return call_give_turn(L, &c, again(&c));
    size_t size = c.size;
    int late = c.s->late_error != 0 && !has_bytes(c.s) ? call_take_error(&c) : 0;
    if (late != 0)
        return call_fail(L, &c, late, NULL);
    bool throws = (c.flags & MSG_TRUNC) != 0 && is_tcp(c.s) && c.s->held.length == 0;
    if (gathers(&c))
        return throws ? discard(L, &c, size) : gather(L, &c, size);
    if (c.s->held.length > 0 && (c.flags & MSG_OOB) == 0)
        return deliver_held(L, &c, size);
    return receive_on(L, &c, size);
}

static int retry_from(lua_State *L, int status, lua_KContext entry)
{
    (void)status;
    return receive_enter(L, NET_RECVFROM, entry);
}

static int retry(lua_State *L, int status, lua_KContext entry)
{
    (void)status;
    return receive_enter(L, NET_RECV, entry);
}

static int call_recv(lua_State *L)
{
    return receive_enter(L, NET_RECV, CALL_BEGINS);
}

static int call_recvfrom(lua_State *L)
{
    return receive_enter(L, NET_RECVFROM, CALL_BEGINS);
}

void call_open_recv(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {
        {"recv", call_recv}, {"recvfrom", call_recvfrom}, {NULL, NULL}};
    binding_register(L, e, functions);
}
