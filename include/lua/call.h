/* SPDX-License-Identifier: MIT
 *
 * What every call on a socket shares: which socket, when it began, how it waits, how it fails, and
 * what is recorded of it.
 *
 * A call that may wait is one function, entered anew after each wait. Its arguments are still on
 * the stack then; its size, flags, progress, start and deadline come back with the task that
 * waited.
 */
#ifndef LUA_CALL_H
#define LUA_CALL_H

#include "lua/socket.h"

struct call {
    struct engine *e;
    struct socket *s;
    const char *name; /* the function's */
    enum net_call id;
    bool waited;                  /* `start` and `deadline` are those of the first wait */
    bool expired;                 /* the wait ended by its deadline */
    int flags;                    /* MSG_ flags; MSG_DONTWAIT, MSG_ERRQUEUE never wait */
    size_t size;                  /* bytes to be sent or received */
    size_t done;                  /* bytes sent so far, or gathered */
    unsigned futile;              /* waits in a row that ended, and nothing had changed */
    const char *data;             /* bytes to be sent, or NULL */
    const struct net_address *to; /* of connect and sendto, or NULL */
    double start;                 /* 0 where it neither waited nor is recorded */
    double deadline;
};

/* How a call is entered: its continuation's context. */
enum { CALL_BEGINS, CALL_WAITED, CALL_TURNED };

/* The call of the function `name` begins, or goes on after a wait: the socket at index 1 is open
 * and in the mode in which this call wants it. Raises EBADF otherwise. */
void call_enter(lua_State *L, struct call *c, enum net_call id, const char *name,
                lua_KContext entry);

/* Whether the errno says that the call could go on later, and it may wait for that. */
bool call_may_wait(const struct call *c, int error);

/* After EINTR: raises, and records the call, where it was Ctrl-C. */
void call_check_interrupt(lua_State *L, const struct call *c);

/* Waits for the event; then `k` is entered with CALL_WAITED. As `return call_wait(...)`. */
int call_wait(lua_State *L, struct call *c, unsigned event, lua_KFunction k);

/* As call_wait(), for something that no descriptor tells: looks again after `seconds`. */
int call_wait_a_moment(lua_State *L, struct call *c, unsigned event, double seconds,
                       lua_KFunction k);

/* Lets the others run where engine_is_turn_over(), before the call is made: `k` is entered with
 * CALL_TURNED, and begins. */
int call_give_turn(lua_State *L, struct call *c, lua_KFunction k);

/* Fills in what every record of the call has in common. */
void call_record_init(const struct call *c, struct net_record *record);

/* The call ended: adds the times and tells the host. */
void call_record(const struct call *c, struct net_record *record);

/* Raises the error of the call; `address` (or NULL) is the one that it was given. */
int call_fail(lua_State *L, const struct call *c, int error, const struct net_address *address);

/* As call_fail(), for a call with further arguments: `record` has them. */
int call_fail_with(lua_State *L, const struct call *c, int error, struct net_record *record);

/* Keeps an error that stopped a call which had moved some bytes, and so succeeds: the kernel, which
 * was asked again for the rest, tells of it no second time. EAGAIN and its like come again by
 * themselves, and are not kept. */
void call_keep_error(const struct call *c, int error);

/* The error that was kept for this call; 0 for none. */
int call_take_error(const struct call *c);

/* Raises what an expired wait means: the shell's own timeout, or the kernel's by SO_RCVTIMEO. */
int call_expire(lua_State *L, const struct call *c, unsigned event,
                const struct net_address *address);

/* Puts close() for `local s <close>` into the metatable of sockets. */
void call_open_close(lua_State *L);

/* Pushes what makes the table `socket` callable. */
void call_push_table_function(lua_State *L, struct engine *e);

/* The functions, by file; each adds its own to the table at the top of the stack. */
void call_open_setup(lua_State *L, struct engine *e);
void call_open_connect(lua_State *L, struct engine *e);
void call_open_send(lua_State *L, struct engine *e);
void call_open_recv(lua_State *L, struct engine *e);
void call_open_option(lua_State *L, struct engine *e);
void call_open_poll(lua_State *L, struct engine *e);
void call_open_select(lua_State *L, struct engine *e); /* for the table `socket` alone */
void call_open_lookup(lua_State *L, struct engine *e);

#endif
