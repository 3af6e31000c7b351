/* SPDX-License-Identifier: MIT
 *
 * What the sandbox's own files share: the sandbox itself, and their doors to each other. Nobody
 * else in the room needs more than lua/sandbox.h.
 */
#ifndef LUA_SANDBOX_INSIDE_H
#define LUA_SANDBOX_INSIDE_H

#include "lua/sandbox.h"

/* A userdata that lives as long as the engine: functions and sockets point at it. */
struct sandbox {
    struct engine *engine;
    bool network;
    bool owns_directory;
    char directory[108 - 16]; /* "" until it is needed; a name has room behind it */
};

/* sandbox_limit.c: raises an error of the function that runs; `network` adds what would allow it.
 */
int sandbox_refuse(lua_State *L, bool network, const char *format, ...);

/* sandbox_library.c: fills the globals, which are at the top of the stack, with copies of Lua's
 * safe libraries and the shell's functions. */
void sandbox_fill(lua_State *L, struct sandbox *sandbox);

/* sandbox_path.c: makes an address of what is a UNIX socket's path to the lesson. */
void sandbox_admit_path(lua_State *L, struct sandbox *sandbox, struct net_address *address);

/* remove(name): a UNIX socket's name in the private directory, as os.remove() returns. */
int sandbox_remove(lua_State *L);

/* Removes the private directory and what is in it, or only where it is empty. */
void sandbox_remove_directory(struct sandbox *sandbox, bool empty);

/* sandbox_memory.c: counts what Lua allocates from now on; raises where there is no memory for the
 * count. Then refuses lessons more than `most` bytes beyond what is used now. */
void sandbox_count_memory(lua_State *L, struct engine *e);
void sandbox_limit_memory(struct engine *e, size_t most);

/* Lets the entry that begins have a little more, if there is none left. */
void sandbox_refill_memory(struct engine *e);

#endif
