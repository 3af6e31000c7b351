/* SPDX-License-Identifier: MIT
 *
 * A lookup in a userdata that drops it, whatever is raised meanwhile.
 */
#include "lua/resolve.h"
#include "lua/binding.h"
#include "lua/error.h"

#include <errno.h>
#include <lauxlib.h>
#include <string.h>

#define RESOLVE_TYPE TYPE_PREFIX "lookup"

struct resolve {
    struct engine *engine;
    struct lookup *lookup;
    int fd;
    int flags; /* of the question, for its record */
    double start;
};

/* Of a state that is being closed the finalizer may have been here before. The descriptor's number
 * may be another's from now on. */
static void hang_up(struct resolve *r)
{
    if (r->lookup == NULL)
        return;
    if (r->engine->loop != NULL)
        loop_forget(r->engine->loop, r->fd);
    r->fd = -1;
    lookup_close(r->lookup);
}

static void drop(struct resolve *r)
{
    hang_up(r);
    if (r->lookup != NULL)
        lookup_drop(r->lookup);
    r->lookup = NULL;
}

static int resolve_gc(lua_State *L)
{
    drop(lua_touserdata(L, 1));
    return 0;
}

void resolve_record(lua_State *L, struct engine *e, enum net_call call,
                    const struct lookup_answer *answer, const char *host, const char *service,
                    const struct net_address *first)
{
    const struct resolve *r = lua_touserdata(L, -1);
    struct net_record record = {.call = call, .fd = -1, .host = host, .service = service};
    if (!engine_records(e))
        return;
    record.error = answer->error;
    record.flags = r->flags;
    record.address = *first;
    record.start = r->start;
    record.end = loop_now();
    engine_record(e, &record);
}

static enum net_call call_of(const struct lookup_question *question)
{
    return question->address.length != 0 ? NET_GETNAMEINFO : NET_GETADDRINFO;
}

int resolve_fail(lua_State *L, struct engine *e, const struct lookup_answer *answer,
                 const struct lookup_question *question)
{
    struct net_fault fault = {.call = call_of(question),
                              .cause = NET_LOOKUP,
                              .error = answer->error,
                              .system_error = answer->system_error,
                              .flags = question->flags,
                              .address = question->address,
                              .host = question->host,
                              .service = question->service,
                              .sent = -1};
    fault.name = binding_function(L);
    fault.facts.fd = -1;
    fault.facts.family = question->family;
    return error_raise(L, e, &fault);
}

/* No descriptor, no thread or no memory is left for the lookup at the top of the stack. */
static int fail_to_start(lua_State *L, struct engine *e, const struct lookup_question *question,
                         int error)
{
    struct lookup_answer answer = {.error = error == ENOMEM ? EAI_MEMORY : EAI_SYSTEM};
    answer.system_error = error;
    resolve_record(L, e, call_of(question), &answer, question->host, question->service,
                   &question->address);
    return resolve_fail(L, e, &answer, question);
}

int resolve_wait(lua_State *L, struct engine *e, const struct lookup_question *question,
                 lua_KFunction k, lua_KContext context)
{
    engine_check_open(L, e);
    struct resolve *r = lua_newuserdatauv(L, sizeof *r, 0);
    *r = (struct resolve){.engine = e, .fd = -1, .start = loop_now()};
    r->flags = question->flags;
    luaL_setmetatable(L, RESOLVE_TYPE);
    int error = lookup_start(e->sys, question, &r->lookup, &r->fd);
    if (error != 0)
        return fail_to_start(L, e, question, error);
    struct wait_for what = {.call = binding_function(L), .fd = r->fd, .events = LOOP_READ};
    what.deadline = INFINITY;
    return engine_wait(L, e, &what, k, context);
}

const struct lookup_answer *resolve_answer(lua_State *L, struct engine *e)
{
    struct resolve *r = lua_touserdata(L, -1);
    hang_up(r); /* the wait is over in whatever way, and what is raised waits for the collector */
    engine_waited(L, e);
    return lookup_answer(r->lookup);
}

void resolve_end(lua_State *L)
{
    drop(lua_touserdata(L, -1));
    lua_pop(L, 1);
}

void resolve_open(lua_State *L)
{
    luaL_newmetatable(L, RESOLVE_TYPE);
    lua_pushcfunction(L, resolve_gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}
