/* SPDX-License-Identifier: MIT
 *
 * A lookup in a userdata that drops it, whatever is raised meanwhile.
 */
#include "lua/resolve.h"
#include "lua/binding.h"
#include "lua/error.h"

#include <lauxlib.h>
#include <string.h>

#define RESOLVE_TYPE TYPE_PREFIX "lookup"

struct resolve {
    struct engine *engine;
    struct lookup *lookup;
    int fd;
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

int resolve_wait(lua_State *L, struct engine *e, const struct lookup_question *question,
                 lua_KFunction k, lua_KContext context)
{
    engine_check_open(L, e);
    struct resolve *r = lua_newuserdatauv(L, sizeof *r, 0);
    *r = (struct resolve){.engine = e, .fd = -1, .start = loop_now()};
    luaL_setmetatable(L, RESOLVE_TYPE);
    int error = lookup_start(e->sys, question, &r->lookup, &r->fd);
    if (error != 0)
        return luaL_error(L, "%s: cannot start a name lookup: %s", binding_function(L),
                          strerror(error));
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

void resolve_record(lua_State *L, struct engine *e, enum net_call call,
                    const struct lookup_answer *answer, const char *host, const char *service,
                    const struct net_address *first)
{
    const struct resolve *r = lua_touserdata(L, -1);
    struct net_record record = {.call = call, .fd = -1, .host = host, .service = service};
    if (!engine_records(e))
        return;
    record.error = answer->error;
    record.address = *first;
    record.start = r->start;
    record.end = loop_now();
    engine_record(e, &record);
}

int resolve_fail(lua_State *L, struct engine *e, const struct lookup_answer *answer, int family,
                 const char *host, const char *service)
{
    struct net_fault fault = {.call = NET_GETADDRINFO,
                              .cause = NET_LOOKUP,
                              .error = answer->error,
                              .system_error = answer->system_error,
                              .host = host,
                              .service = service,
                              .sent = -1};
    fault.name = binding_function(L);
    fault.facts.fd = -1;
    fault.facts.family = family;
    return error_raise(L, e, &fault);
}

void resolve_open(lua_State *L)
{
    luaL_newmetatable(L, RESOLVE_TYPE);
    lua_pushcfunction(L, resolve_gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}
