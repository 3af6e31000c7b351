/* SPDX-License-Identifier: MIT
 *
 * The making of an address object from whatever a student wrote.
 */
#include "lua/address.h"
#include "lua/argument.h"
#include "lua/resolve.h"
#include "lua/sandbox.h"
#include "lua/socket.h"

#include <errno.h>
#include <string.h>

/* Where an address begins among the arguments, and whether it came as one table. */
struct given {
    int index;
    bool table;
};

/* Raises for the port: its own argument is wrong, or the table that it stands in. Where there is
 * none, host and port were often written as one: "localhost:80". */
static int expected_port(lua_State *L, const struct given *given, const char *expected)
{
    const int index = given->index + (given->table ? 0 : 1), port = given->index + 1;
    const char *missing = "";
    if (lua_isnoneornil(L, port))
        missing = given->table ? "; host and port are two values, as in {\"localhost\", 80}"
                               : "; host and port are two arguments, as in \"localhost\", 80";
    return argument_error(L, index, "port", "%s expected, got %s%s", expected,
                          argument_came(L, port), missing);
}

/* A port in any of its forms, behind the host. */
static int check_port(lua_State *L, const struct given *given, int type)
{
    int is_integer = 0, port = 0, error = 0, index = given->index + 1;
    lua_Integer number = 0;
    if (lua_type(L, index) == LUA_TNUMBER)
        number = lua_tointegerx(L, index, &is_integer);
    if (is_integer && number >= 0 && number <= 65535)
        return (int)number;
    if (lua_type(L, index) == LUA_TSTRING) {
        size_t length;
        const char *text = lua_tolstring(L, index, &length);
        error = lookup_port(text, length, type, &port);
        if (error == 0)
            return port;
    }
    return expected_port(L, given,
                         lua_type(L, index) == LUA_TNUMBER || error == ERANGE
                             ? "a number from 0 to 65535"
                             : "a number from 0 to 65535 or the name of a service");
}

static const char *check_path(lua_State *L, int index, struct net_address *a)
{
    size_t length;
    const char *path = argument_bytes(L, index, "path", &length);
    int error = net_address_from_path(path, length, a);
    if (error == ENAMETOOLONG)
        argument_error(L, index, "path", "at most %d bytes expected, got %zu",
                       (int)sizeof a->u.un.sun_path, length);
    if (error != 0)
        argument_expected(L, index, "path", "a path without a zero byte");
    return path;
}

/* Takes apart a table {host, port}, {host = , port = } or {path}: its values replace it. */
static void spread_table(lua_State *L, int index, int family)
{
    static const char *const internet[] = {"host", "port", NULL}, *const local[] = {"path", NULL};
    const char *const *names = family == AF_UNIX ? local : internet;
    int count = family == AF_UNIX ? 1 : 2;
    argument_refuse_keys(L, index, "address", count, names,
                         count == 1 ? "a table of a path" : "a table of host and port");
    for (int i = 1; i <= count; i++) {
        if (lua_geti(L, index, i) != LUA_TNIL)
            continue;
        lua_pop(L, 1);
        lua_getfield(L, index, names[i - 1]);
    }
    lua_rotate(L, index, count);
    lua_remove(L, index + count);
}

/* The rest of a call once its address is an object at the top of the stack. */
static int go_on(lua_State *L, const struct addressed *call)
{
    lua_replace(L, call->index);
    argument_end(L, call->most);
    return call->body(L, LUA_OK, 0);
}

/* The stack: ..., host at the address's index, ..., port, family, the lookup. */
static int resolved(lua_State *L, int status, lua_KContext context)
{
    const struct addressed *call = (const struct addressed *)context;
    struct engine *e = engine_of(L);
    (void)status;
    const struct lookup_answer *answer = resolve_answer(L, e);
    if (answer == NULL)
        return luaL_error(L, "%s: the name lookup gave no answer", binding_function(L));
    const char *host = lua_tostring(L, call->index);
    struct net_address a = {.length = 0};
    a.u.in.sin_port = 0;
    if (answer->error == 0 && answer->list->ai_addrlen <= sizeof a.u) {
        a.length = answer->list->ai_addrlen;
        memcpy(&a.u, answer->list->ai_addr, a.length);
    }
    int port = (int)lua_tointeger(L, -3);
    net_address_set_port(&a, port);
    char service[8];
    snprintf(service, sizeof service, "%d", port);
    resolve_record(L, e, NET_GETADDRINFO, answer, host, service, &a);
    if (answer->error != 0) {
        struct lookup_question question = {.host = host, .family = (int)lua_tointeger(L, -2)};
        return resolve_fail(L, e, answer, &question);
    }
    resolve_end(L);
    lua_pop(L, 2);
    address_push(L, e, &a);
    return go_on(L, call);
}

static int look_up(lua_State *L, const struct addressed *call, int port, int family, int type)
{
    struct lookup_question question = {.host = lua_tostring(L, call->index)};
    question.family = family;
    question.type = type;
    sandbox_check_host(L, sandbox_for(L, socket_to(L, 1, engine_of(L))), question.host);
    lua_pushinteger(L, port);
    lua_pushinteger(L, family);
    return resolve_wait(L, engine_of(L), &question, resolved, (lua_KContext)call);
}

static int wrong_family(lua_State *L, const char *host)
{
    /* A GNU name, which the list of names has where the system does. */
    const struct net_name *name = net_name_find("EAI_ADDRFAMILY");
    struct lookup_answer answer = {.error = name != NULL ? (int)name->value : EAI_FAMILY};
    struct lookup_question question = {.host = host};
    return resolve_fail(L, engine_of(L), &answer, &question);
}

/* Host and port at the address's index. */
static int resolve_host(lua_State *L, const struct addressed *call, bool table, int family,
                        int type)
{
    int i = call->index;
    struct net_address a;
    struct given given = {i, table};
    if (lua_type(L, i) == LUA_TNUMBER && family != AF_INET6)
        argument_integer(L, i, "host", 0, UINT32_MAX);
    else if (lua_type(L, i) != LUA_TSTRING)
        argument_expected(L, i, "host", "a name or an address");
    int port = check_port(L, &given, type);
    if (lua_gettop(L) > call->most + 1) /* a table's two values take the place of one argument */
        argument_error(L, call->most + (table ? 1 : 2), NULL,
                       "no further argument expected, got %s", argument_came(L, call->most + 2));
    lua_remove(L, i + 1);
    if (lua_type(L, i) == LUA_TNUMBER) {
        net_address_from_number((uint32_t)lua_tointeger(L, i), port, &a);
        address_push(L, engine_of(L), &a);
        return go_on(L, call);
    }
    const char *host = argument_text(L, i, "host");
    int error = net_address_from_host(family, host, port, &a);
    if (error == EINVAL)
        return look_up(L, call, port, family, type);
    if (error == EAFNOSUPPORT)
        return wrong_family(L, host);
    if (error != 0)
        argument_error(L, i, "host", "\"%s\" names no network interface of this computer", host);
    address_push(L, engine_of(L), &a);
    return go_on(L, call);
}

int address_resolve(lua_State *L, const struct addressed *call, int family, int type)
{
    struct engine *e = engine_of(L);
    int i = call->index;
    if (address_to(L, i, e) != NULL) {
        argument_end(L, call->most);
        return call->body(L, LUA_OK, 0);
    }
    bool table = lua_istable(L, i);
    if (table)
        spread_table(L, i, family);
    if (family == AF_INET || family == AF_INET6 || family == AF_UNSPEC)
        return resolve_host(L, call, table, family, type);
    if (family != AF_UNIX)
        argument_expected(L, i, "address", "an address object");
    struct net_address a;
    check_path(L, i, &a);
    if (lua_gettop(L) > call->most)
        argument_error(L, i + 1, "address", "of an AF_UNIX socket is one path, and no port; got %s",
                       argument_came(L, i + 1));
    address_push(L, e, &a);
    return go_on(L, call);
}
