/* SPDX-License-Identifier: MIT
 *
 * The shared part of all calls: entering, waiting, failing, recording.
 */
#include "lua/call.h"
#include "lua/binding.h"
#include "lua/error.h"
#include "lua/task.h"

#include <errno.h>
#include <lauxlib.h>
#include <string.h>

#ifndef MSG_ERRQUEUE
#define MSG_ERRQUEUE 0
#endif

/* Where the poller finds ready what the call does not, as a datagram socket for a receiver whose
 * queue is full, each so many tries are followed by a moment's rest, and a look at the clock. */
#define MOST_FUTILE 3
#define REST_SECONDS 0.01

/* A descriptor blocks where nothing else can go on meanwhile and the kernel's own waiting is all
 * that was asked for. */
static void choose_mode(lua_State *L, struct call *c)
{
    bool blocks = engine_is_plain(c->e) && c->s->timeout < 0;
    int error = socket_set_nonblocking(c->s, !blocks);
    if (error != 0)
        call_fail(L, c, error, NULL);
}

/* What the call had done when it was stopped, or that it was. */
static void record_stop(const struct call *c, const struct net_address *to)
{
    struct net_record record;
    bool sent = c->id == NET_SEND && c->done > 0;
    if (!engine_records(c->e) || c->s->fd < 0)
        return;
    call_record_init(c, &record);
    record.result = sent ? (long)c->done : -1;
    record.error = sent ? 0 : EINTR;
    record.size = c->size;
    if (to != NULL)
        record.address = *to;
    call_record(c, &record);
}

/* Ctrl-C is a signal, and a call that a signal interrupts fails with EINTR. Whoever cancels a task
 * asks no more of its call; but a send that is stopped halfway has sent something, and a connect
 * goes on in the kernel. */
static void record_stopped(const struct call *c)
{
    const struct task *task = task_current(c->e);
    bool goes_on = c->id == NET_CONNECT && c->s->connecting;
    bool sent = c->id == NET_SEND && c->done > 0;
    if (task->stop == TASK_INTERRUPT || (task->stop == TASK_CANCEL && (goes_on || sent)))
        record_stop(c, task->what.to);
}

void call_check_interrupt(lua_State *L, const struct call *c)
{
    if (engine_is_interrupted(c->e))
        record_stop(c, c->to);
    engine_check_interrupt(L, c->e);
}

static void describe_failure(const struct call *c, enum net_cause cause, int error,
                             struct net_fault *fault)
{
    *fault = (struct net_fault){.call = c->id, .cause = cause, .error = error, .flags = c->flags};
    fault->name = c->name;
    fault->size = c->size;
    fault->sent = c->id == NET_SEND ? (long)c->done : -1;
    socket_facts(c->s, &fault->facts);
}

static int raise_closed(lua_State *L, const struct call *c)
{
    struct net_fault fault;
    describe_failure(c, NET_CLOSED_HERE, EBADF, &fault);
    return error_raise(L, c->e, &fault);
}

static void after_wait(lua_State *L, struct call *c)
{
    const struct wait_for *what = &task_current(c->e)->what;
    c->s = what->socket;
    c->start = what->since;
    c->deadline = what->deadline;
    c->flags = what->flags;
    c->size = what->size;
    c->done = what->done;
    c->futile = what->futile;
    record_stopped(c);
    /* A moment's rest is over rather than the call's own time, or both. */
    c->expired = engine_waited(L, c->e) == LOOP_TIMEOUT && loop_now() >= c->deadline;
    if (c->s->fd < 0)
        raise_closed(L, c);
}

void call_enter(lua_State *L, struct call *c, enum net_call id, const char *name,
                lua_KContext entry)
{
    c->e = engine_of(L);
    c->id = id;
    c->name = name;
    c->waited = entry == CALL_WAITED;
    c->data = NULL;
    c->to = NULL;
    if (c->waited) {
        after_wait(L, c);
        return;
    }
    if (entry == CALL_TURNED)
        engine_waited(L, c->e);
    c->expired = false;
    c->flags = 0;
    c->size = 0;
    c->done = 0;
    c->futile = 0;
    c->s = socket_to(L, 1, c->e);
    if (c->s == NULL || c->s->fd < 0)
        c->s = socket_check_open(L, 1, id); /* raises */
    c->start = engine_records(c->e) ? loop_now() : 0;
    choose_mode(L, c);
}

bool call_may_wait(const struct call *c, int error)
{
    return (error == EAGAIN || error == EWOULDBLOCK) && c->s->nonblocking && c->s->timeout != 0 &&
           (c->flags & (MSG_DONTWAIT | MSG_ERRQUEUE)) == 0;
}

/* Seconds until the call gives up: settimeout()'s, or what SO_RCVTIMEO or SO_SNDTIMEO said. */
static double patience(const struct call *c, unsigned event)
{
    const struct socket *s = c->s;
    double kernel = event == LOOP_READ ? s->receive_timeout : s->send_timeout;
    double own = s->timeout;
    if (own < 0)
        return kernel > 0 ? kernel : INFINITY;
    return kernel > 0 && kernel < own ? kernel : own;
}

static void prepare_wait(struct call *c, unsigned event, struct wait_for *what)
{
    if (!c->waited) {
        double seconds = patience(c, event);
        c->deadline = seconds < INFINITY ? loop_now() + seconds : INFINITY;
        if (c->start <= 0)
            c->start = engine_now(c->e);
        c->waited = true;
    }
    what->call = c->name;
    what->socket = c->s;
    what->task = NULL;
    what->to = c->to;
    what->since = c->start;
    what->fd = c->s->fd;
    what->events = event;
    what->deadline = c->deadline;
    what->size = c->size;
    what->done = c->done;
    what->flags = c->flags;
    what->futile = c->futile;
}

int call_wait(lua_State *L, struct call *c, unsigned event, lua_KFunction k)
{
    struct wait_for what;
    bool futile = c->waited && c->done == task_current(c->e)->what.done;
    c->futile = futile ? c->futile + 1 : 0;
    if (c->futile > MOST_FUTILE)
        return call_wait_a_moment(L, c, event, REST_SECONDS, k);
    prepare_wait(c, event, &what);
    loop_drained(c->e->loop, c->s->fd, event);
    return engine_wait(L, c->e, &what, k, CALL_WAITED);
}

int call_wait_a_moment(lua_State *L, struct call *c, unsigned event, double seconds,
                       lua_KFunction k)
{
    struct wait_for what;
    c->futile = 0;
    prepare_wait(c, event, &what);
    what.fd = -1;
    return engine_wait_until(L, c->e, &what, fmin(c->deadline, loop_now() + seconds), k,
                             CALL_WAITED);
}

int call_give_turn(lua_State *L, struct call *c, lua_KFunction k)
{
    struct wait_for what = {.call = c->name, .socket = c->s, .fd = -1};
    return engine_wait(L, c->e, &what, k, CALL_TURNED);
}

void call_record_init(const struct call *c, struct net_record *record)
{
    memset(record, 0, sizeof *record);
    record->call = c->id;
    record->fd = c->s->fd;
    record->serial = c->s->serial;
    record->family = c->s->family;
    record->type = c->s->type;
    record->protocol = c->s->protocol;
    record->start = c->start;
    record->flags = c->flags;
}

/* Whether the call may have changed what the kernel tells of its socket: it is asked for that only
 * then. Of accept and close whoever made the record looked. */
static bool changes_socket(const struct call *c, const struct net_record *record)
{
    switch (record->call) {
    case NET_BIND:
    case NET_LISTEN:
    case NET_CONNECT:
    case NET_SHUTDOWN:
        return true;
    case NET_SENDTO:
        return record->error != 0 || !c->s->bound; /* the kernel gave it a name */
    case NET_SEND:
        return record->error != 0;
    case NET_RECV:
    case NET_RECVFROM:
        return record->error != 0 || record->result == 0;
    default:
        return false;
    }
}

/* The listener of this process that a connect came to; NULL where it is elsewhere. */
static const struct socket *find_reached(const struct call *c, const struct net_record *record)
{
    if (record->call != NET_CONNECT || record->type != SOCK_STREAM)
        return NULL;
    for (const struct socket *s = c->e->sockets; s != NULL; s = s->next)
        if (s->listening && socket_is_reached_by(s, &record->address))
            return s;
    return NULL;
}

void call_record(const struct call *c, struct net_record *record)
{
    struct net_view view, reached_view;
    if (!engine_records(c->e))
        return;
    record->end = loop_now();
    if (c->e->recording && changes_socket(c, record)) {
        socket_look(c->s, &view);
        record->view = &view;
        const struct socket *reached = find_reached(c, record);
        record->reached = reached != NULL ? reached->serial : 0;
        if (reached != NULL)
            socket_look(reached, &reached_view);
        record->reached_view = reached != NULL ? &reached_view : NULL;
        engine_record(c->e, record);
        record->view = record->reached_view =
            NULL; /* they end here; whoever keeps them has copied */
        return;
    }
    engine_record(c->e, record);
}

static void record_failure(const struct call *c, const struct net_fault *fault,
                           struct net_record *record)
{
    record->error = fault->error;
    record->result = -1;
    record->size = c->size;
    record->data = c->data;
    record->data_length = c->data != NULL ? c->size : 0;
    record->address = fault->address;
    call_record(c, record);
}

static int fail(lua_State *L, const struct call *c, enum net_cause cause, int error,
                const struct net_address *address, struct net_record *record)
{
    struct net_record plain;
    struct net_fault fault;
    describe_failure(c, cause, error, &fault);
    if (address != NULL)
        fault.address = *address;
    if (record != NULL) {
        fault.level = record->level;
        fault.option = record->option;
    }
    if (engine_records(c->e)) {
        if (record == NULL)
            call_record_init(c, &plain);
        record_failure(c, &fault, record != NULL ? record : &plain);
    }
    return error_raise(L, c->e, &fault);
}

int call_fail(lua_State *L, const struct call *c, int error, const struct net_address *address)
{
    return fail(L, c, NET_KERNEL, error, address, NULL);
}

int call_fail_with(lua_State *L, const struct call *c, int error, struct net_record *record)
{
    return fail(L, c, NET_KERNEL, error, NULL, record);
}

void call_keep_error(const struct call *c, int error)
{
    switch (error) {
    case EAGAIN:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
    case ENOBUFS:
    case ENOMEM:
    case EPIPE:
        return;
    default:
        c->s->late_error = error;
    }
}

int call_take_error(const struct call *c)
{
    int error = c->s->late_error;
    c->s->late_error = 0;
    return error;
}

int call_expire(lua_State *L, const struct call *c, unsigned event,
                const struct net_address *address)
{
    double kernel = event == LOOP_READ ? c->s->receive_timeout : c->s->send_timeout;
    bool own = c->s->timeout >= 0 && (kernel <= 0 || c->s->timeout <= kernel);
    if (own)
        return fail(L, c, NET_OWN_TIMEOUT, ETIMEDOUT, address, NULL);
    return fail(L, c, NET_KERNEL, c->id == NET_CONNECT ? EINPROGRESS : EAGAIN, address, NULL);
}
