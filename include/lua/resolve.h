/* SPDX-License-Identifier: MIT
 *
 * Waiting for a name lookup: the one bridge between net/lookup.h's threads and the engine.
 */
#ifndef LUA_RESOLVE_H
#define LUA_RESOLVE_H

#include "lua/engine.h"
#include "net/lookup.h"

/* Starts a lookup, pushes its owner and waits; `k` goes on with resolve_answer(). Raises EAI_SYSTEM
 * or EAI_MEMORY, as getaddrinfo(3) does, where it cannot be started. To be called as
 * `return resolve_wait(...)`. */
int resolve_wait(lua_State *L, struct engine *e, const struct lookup_question *question,
                 lua_KFunction k, lua_KContext context);

/* In `k`: the answer of the lookup at the top of the stack, which owns it; NULL where the wait
 * ended without one. Raises where the task was stopped. */
const struct lookup_answer *resolve_answer(lua_State *L, struct engine *e);

/* Raises the answer's error; the question may be one that nobody was asked. */
int resolve_fail(lua_State *L, struct engine *e, const struct lookup_answer *answer,
                 const struct lookup_question *question);

/* Records the lookup at the top of the stack: what was asked for and the first address that came.
 */
void resolve_record(lua_State *L, struct engine *e, enum net_call call,
                    const struct lookup_answer *answer, const char *host, const char *service,
                    const struct net_address *first);

/* Gives the lookup at the top of the stack back before the collector would, and pops it. */
void resolve_end(lua_State *L);

void resolve_open(lua_State *L);

#endif
