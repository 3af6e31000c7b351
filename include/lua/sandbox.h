/* SPDX-License-Identifier: MIT
 *
 * What a lesson may do, as it may come from a stranger: the socket calls and Lua's safe libraries,
 * on this computer, and nothing that starts programs, touches files or loads native code. Knows no
 * lesson and no player.
 *
 * While one plays, the state's globals are another table, with functions of its own; what is
 * compiled then runs in it for ever, `load` of its own included. Those functions, and each socket
 * that they make, know the sandbox, so that its rules outlive it. Whatever must not be seen by a
 * stranger's code (values typed before the lesson, tasks that were spawned before) is not in it.
 */
#ifndef LUA_SANDBOX_H
#define LUA_SANDBOX_H

#include "lua/engine.h"

struct sandbox;

/* Bytes that Lua's values may take while a lesson plays, beyond what they take as it begins; bytes
 * that may be printed between two entries. */
#define SANDBOX_MEMORY ((size_t)256 << 20)
#define SANDBOX_OUTPUT ((size_t)1 << 20)

struct sandbox_policy {
    bool network;          /* other computers too: the header asks for it, and the student agreed */
    const char *directory; /* where its UNIX sockets live, the caller's own; NULL: a private one */
    size_t memory;         /* 0: SANDBOX_MEMORY */

    /* Adds the host's own functions to the globals, which are at the top of the stack. Each must be
     * safe in a stranger's hands; one registered with e->registering as its third upvalue is known
     * to sandbox_of(). May be NULL. */
    void (*fill)(lua_State *L, void *owner);
    void *owner;
};

/* Exchanges the globals for new ones. To be called outside of any task, before the lesson's first
 * statement is compiled: a chunk keeps the globals under which it was compiled. Within a lesson it
 * begins anew, and what was defined is gone. Returns 0 or ENOMEM; then nothing has changed. */
int sandbox_enter(lua_State *L, struct engine *e, const struct sandbox_policy *policy);

/* Brings the ordinary globals back and adds what the lesson defined: a variable of the same name is
 * replaced, a function is not. Harmless where no lesson plays. Returns 0 or ENOMEM. */
int sandbox_leave(lua_State *L, struct engine *e);

/* An entry begins: there is memory to run it, and it may print. */
void sandbox_refill(struct engine *e);

/* The sandbox of the function that runs; NULL for an ordinary one. */
#define sandbox_of(L) ((struct sandbox *)lua_touserdata(L, lua_upvalueindex(3)))

/* Of a call on a socket: the socket's, else the function's. */
struct sandbox *sandbox_for(lua_State *L, const struct socket *s);

/* What follows raises where the function that runs, or the socket, is in a sandbox that forbids it,
 * and does nothing otherwise. */

/* A socket of the kind. */
void sandbox_check_kind(lua_State *L, int family, int type, int protocol);

/* The address object at the index, for bind, connect and sendto. It may be replaced: by loopback
 * where it means this computer, by a path in the private directory. */
void sandbox_admit(lua_State *L, const struct socket *s, int index);

/* Before the kernel gives an internet socket a name of its own choice: binds it to loopback.
 * Returns 0 or an errno value. */
int sandbox_keep_local(lua_State *L, const struct socket *s);

/* To set the option. */
void sandbox_check_option(lua_State *L, const struct socket *s, int level, int option);

/* To look a host up; NULL for none. Only this computer's names need no name server. */
void sandbox_check_host(lua_State *L, const struct sandbox *sandbox, const char *host);

/* To look up who has an address. */
void sandbox_check_named(lua_State *L, const struct net_address *address);

/* To print so many bytes. */
void sandbox_spend_output(lua_State *L, struct engine *e, size_t bytes);

#endif
