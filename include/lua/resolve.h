/* SPDX-License-Identifier: MIT
 *
 * Waiting for a name lookup: the one bridge between net/lookup.h's threads and the engine.
 */
#ifndef LUA_RESOLVE_H
#define LUA_RESOLVE_H

#include "lua/engine.h"
#include "net/lookup.h"

/* Starts a lookup, pushes its owner and waits; `k` goes on with resolve_answer(). To be called as
 * `return resolve_wait(...)`. */
int resolve_wait(lua_State *L, struct engine *e, const struct lookup_question *question,
                 lua_KFunction k, lua_KContext context);

/* In `k`: the answer of the lookup at the top of the stack, which owns it; NULL where the wait
 * ended without one. Raises where the task was stopped. */
const struct lookup_answer *resolve_answer(lua_State *L, struct engine *e);

/* Raises the answer's error; family, host and service are what was asked. */
int resolve_fail(lua_State *L, struct engine *e, const struct lookup_answer *answer, int family,
                 const char *host, const char *service);

/* Records the lookup at the top of the stack: what was asked for and the first address that came.
 */
void resolve_record(lua_State *L, struct engine *e, enum net_call call,
                    const struct lookup_answer *answer, const char *host, const char *service,
                    const struct net_address *first);

/* Gives the lookup at the top of the stack back before the collector would, and pops it. */
void resolve_end(lua_State *L);

void resolve_open(lua_State *L);

#endif
