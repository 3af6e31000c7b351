/* SPDX-License-Identifier: MIT
 *
 * The socket as Lua sees it: a userdata that owns one descriptor. It exists, closed, before the
 * descriptor does, so that an error at any line loses none; one path closes it.
 */
#ifndef LUA_SOCKET_H
#define LUA_SOCKET_H

#include "lua/engine.h"
#include "net/fault.h"

struct socket {
    const void *mark; /* see engine_to() */
    struct engine *engine;
    int fd;               /* -1: closed */
    unsigned long serial; /* tells it from all others of its engine */
    int family, type, protocol;
    double timeout;         /* seconds; negative: none */
    double receive_timeout; /* SO_RCVTIMEO, SO_SNDTIMEO: the kernel counts where the call blocks, */
    double send_timeout;    /* and the engine where it waits instead; 0: none */
    bool nonblocking;       /* the descriptor's mode now */
    bool bound;             /* by bind(): the kernel names sockets too, when they connect */
    bool listening;
    bool connecting; /* a connect was begun and has not ended */
    bool ended;      /* recv met the end of the stream */
    bool unwritable; /* shutdown(SHUT_WR) was called */
    int backlog;
    int late_error;          /* met behind bytes that a call returned: the next call's; 0: none */
    struct sandbox *sandbox; /* whose rules it keeps, whoever calls; NULL: none's */
    struct buffer held;      /* bytes taken from the kernel by a MSG_WAITALL that was stopped */
    struct socket *next, *previous;
};

/* Pushes a closed socket that is ready to own a descriptor. */
struct socket *socket_push(lua_State *L, struct engine *e);

/* Gives it the descriptor. */
void socket_own(struct socket *s, int fd, int family, int type, int protocol);

/* Closes; harmless where it is closed. Returns close()'s errno or 0. */
int socket_close(struct socket *s);

/* Closes a socket for which nobody called close(): no call line says so, but the journal does. */
void socket_drop(struct socket *s);

/* Makes the descriptor block or not; costs nothing where it does already. */
int socket_set_nonblocking(struct socket *s, bool on);

/* The socket at an index, open or closed; raises for anything else. */
struct socket *socket_check(lua_State *L, int index);

/* As above; raises EBADF where it is closed. */
struct socket *socket_check_open(lua_State *L, int index, enum net_call call);

/* The global variable that holds the socket; false where none does. */
bool socket_append_variable(struct buffer *out, const struct socket *s);

/* Raises EBADF for a closed socket: `name` is the function's, `cause` whether it was closed before
 * or while the call waited. */
int socket_raise_closed(lua_State *L, const struct socket *s, enum net_call call, const char *name,
                        enum net_cause cause);

/* NULL where the value is no socket. */
struct socket *socket_to(lua_State *L, int index, const struct engine *e);

/* What the hints may know of the socket. */
void socket_facts(const struct socket *s, struct net_facts *facts);

/* What the kernel tells of it now; of a closed socket nothing. */
void socket_look(const struct socket *s, struct net_view *view);

/* Whether who connects to the address comes to this listener. */
bool socket_is_reached_by(const struct socket *s, const struct net_address *to);

/* What close() would send: RST where bytes are unread or SO_LINGER says 0, FIN otherwise. */
bool socket_would_reset(const struct socket *s, const struct net_view *view);

/* Appends `socket 3: TCP/IPv4 127.0.0.1:12345, listening (0 of 5 waiting)`. */
void socket_describe(struct buffer *out, const struct socket *s);

/* Makes the metatable; takes the table of methods at the top of the stack. */
void socket_open_meta(lua_State *L, struct engine *e);

#endif
