/* SPDX-License-Identifier: MIT
 *
 * Names and numbers: getaddrinfo, gethostbyname, getnameinfo, getservbyname, gethostname,
 * inet_pton, inet_ntop and the byte orders.
 */
#include "lua/address.h"
#include "lua/argument.h"
#include "lua/call.h"
#include "lua/constant.h"
#include "lua/error.h"
#include "lua/resolve.h"
#include "lua/sandbox.h"

#include <errno.h>
#include <string.h>

static void push_text(lua_State *L, const char *field, const char *text)
{
    if (text == NULL)
        return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, field);
}

static void push_constant(lua_State *L, const char *field, enum net_kind kind, long value)
{
    constant_push(L, kind, value);
    lua_setfield(L, -2, field);
}

static bool copy_address(const struct addrinfo *entry, struct net_address *a)
{
    a->length = 0;
    if (entry->ai_addrlen > sizeof a->u)
        return false;
    a->length = entry->ai_addrlen;
    memcpy(&a->u, entry->ai_addr, a->length);
    return true;
}

static void push_entry(lua_State *L, struct engine *e, const struct addrinfo *entry)
{
    struct net_address a;
    lua_createtable(L, 0, 5);
    push_constant(L, "family", NET_FAMILY, entry->ai_family);
    push_constant(L, "type", NET_TYPE, entry->ai_socktype);
    push_constant(L, "protocol", NET_PROTOCOL, entry->ai_protocol);
    push_text(L, "canonname", entry->ai_canonname);
    if (copy_address(entry, &a)) {
        address_push(L, e, &a);
        lua_setfield(L, -2, "address");
    }
}

/* The answer to a question whose host and service are arguments 1 and 2; raises its error. */
static const struct lookup_answer *await(lua_State *L, struct net_address *first, int family,
                                         int flags)
{
    struct engine *e = engine_of(L);
    const struct lookup_answer *answer = resolve_answer(L, e);
    struct lookup_question question = {.family = family, .flags = flags};
    question.host = lua_isnil(L, 1) ? NULL : lua_tostring(L, 1);
    question.service = lua_isnil(L, 2) ? NULL : lua_tostring(L, 2);
    first->length = 0;
    if (answer == NULL) {
        luaL_error(L, "%s: the name lookup gave no answer", binding_function(L));
        return NULL;
    }
    if (answer->error == 0)
        copy_address(answer->list, first);
    resolve_record(L, e, NET_GETADDRINFO, answer, question.host, question.service, first);
    if (answer->error != 0)
        resolve_fail(L, e, answer, &question);
    return answer;
}

static int list_addresses(lua_State *L, int status, lua_KContext context)
{
    struct net_address first;
    (void)status;
    (void)context;
    int flags = argument_opt_constant(L, 6, "flags", NET_LOOKUP_FLAG, 0);
    int family = argument_opt_constant(L, 3, "family", NET_FAMILY, AF_UNSPEC);
    const struct lookup_answer *answer = await(L, &first, family, flags);
    lua_Integer count = 0;
    lua_newtable(L);
    for (const struct addrinfo *entry = answer->list; entry != NULL; entry = entry->ai_next) {
        push_entry(L, engine_of(L), entry);
        lua_rawseti(L, -2, ++count);
    }
    lua_insert(L, -2);
    resolve_end(L);
    return 1;
}

/* A service is checked here because glibc takes port "65536" for 0; its text replaces it. */
static void check_service(lua_State *L, int index)
{
    if (lua_isnoneornil(L, index))
        return;
    if (lua_type(L, index) == LUA_TNUMBER) {
        lua_pushfstring(L, "%I", argument_integer(L, index, "service", 0, 65535));
        lua_replace(L, index);
        return;
    }
    int port;
    const char *text = argument_text(L, index, "service");
    if (lookup_port(text, strlen(text), 0, &port) == ERANGE)
        argument_expected(L, index, "service", "a port from 0 to 65535 or the name of a service");
}

static int call_getaddrinfo(lua_State *L)
{
    struct lookup_question question = {.host = NULL};
    if (lua_gettop(L) == 0)
        argument_expected(L, 1, "host", "a name or an address");
    lua_settop(L, lua_gettop(L) < 6 ? 6 : lua_gettop(L));
    question.host = lua_isnil(L, 1) ? NULL : argument_text(L, 1, "host");
    if (question.host != NULL && question.host[0] == '\0')
        argument_expected(L, 1, "host", "a name or an address, or nil,");
    check_service(L, 2);
    if (lua_isnil(L, 1) && lua_isnil(L, 2))
        argument_expected(L, 1, "host", "a name or an address, or nil and a service,");
    question.service = lua_isnil(L, 2) ? NULL : lua_tostring(L, 2);
    question.family = argument_opt_constant(L, 3, "family", NET_FAMILY, AF_UNSPEC);
    question.type = argument_opt_constant(L, 4, "type", NET_TYPE, 0);
    question.protocol = argument_opt_constant(L, 5, "protocol", NET_PROTOCOL, 0);
    question.flags = argument_opt_constant(L, 6, "flags", NET_LOOKUP_FLAG, 0);
    argument_end(L, 6);
    sandbox_check_host(L, sandbox_of(L), question.host);
    return resolve_wait(L, engine_of(L), &question, list_addresses, 0);
}

static int first_host(lua_State *L, int status, lua_KContext context)
{
    struct net_address first;
    (void)status;
    (void)context;
    await(L, &first, AF_INET, 0);
    resolve_end(L);
    struct buffer *text = binding_buffer(L);
    net_address_append_host(text, &first);
    return binding_push_buffer(L, text);
}

static int call_gethostbyname(lua_State *L)
{
    struct net_address numeric;
    struct lookup_question question = {.family = AF_INET, .type = SOCK_STREAM};
    question.host = argument_text(L, 1, "name");
    argument_end(L, 1);
    lua_settop(L, 2);
    sandbox_check_host(L, sandbox_of(L), question.host);
    if (net_address_from_host(AF_INET, question.host, 0, &numeric) != 0)
        return resolve_wait(L, engine_of(L), &question, first_host, 0);
    struct buffer *text = binding_buffer(L);
    net_address_append_host(text, &numeric);
    return binding_push_buffer(L, text);
}

static int host_and_service(lua_State *L, int status, lua_KContext context)
{
    struct engine *e = engine_of(L);
    (void)status;
    (void)context;
    const struct lookup_answer *answer = resolve_answer(L, e);
    if (answer == NULL)
        return luaL_error(L, "getnameinfo: the name lookup gave no answer");
    resolve_record(L, e, NET_GETNAMEINFO, answer, answer->error == 0 ? answer->host : NULL,
                   answer->error == 0 ? answer->service : NULL, address_to(L, 1, e));
    if (answer->error != 0) {
        struct lookup_question question = {.address = *address_to(L, 1, e)};
        return resolve_fail(L, e, answer, &question);
    }
    lua_pushstring(L, answer->host);
    lua_pushstring(L, answer->service);
    lua_rotate(L, -3, 2);
    resolve_end(L);
    return 2;
}

static int name_address(lua_State *L, int status, lua_KContext context)
{
    struct engine *e = engine_of(L);
    struct lookup_question question = {.host = NULL};
    (void)status;
    (void)context;
    question.address = *address_to(L, 1, e);
    question.flags = argument_opt_constant(L, 2, "flags", NET_NAMEINFO_FLAG, 0);
    if ((question.flags & NI_NUMERICHOST) == 0)
        sandbox_check_named(L, &question.address);
    return resolve_wait(L, e, &question, host_and_service, 0);
}

static int call_getnameinfo(lua_State *L)
{
    static const struct addressed addressed = {1, 2, name_address};
    if (address_to(L, 1, engine_of(L)) != NULL || lua_istable(L, 1))
        return address_resolve(L, &addressed, AF_UNSPEC, 0);
    return argument_expected(L, 1, "address", "an address, as in {\"localhost\", 80},");
}

static int call_getservbyname(lua_State *L)
{
    int port = 0;
    const char *name = argument_text(L, 1, "name");
    const char *protocol = lua_isnoneornil(L, 2) ? "" : argument_text(L, 2, "protocol");
    argument_end(L, 2);
    int type = strcmp(protocol, "tcp") == 0   ? SOCK_STREAM
               : strcmp(protocol, "udp") == 0 ? SOCK_DGRAM
                                              : 0;
    if (protocol[0] != '\0' && type == 0)
        argument_expected(L, 2, "protocol", "\"tcp\" or \"udp\"");
    if (name[strspn(name, "0123456789")] == '\0')
        argument_expected(L, 1, "name", "the name of a service");
    if (lookup_port(name, strlen(name), type, &port) != 0) {
        struct lookup_answer answer = {.error = EAI_SERVICE};
        struct lookup_question question = {.service = name};
        return resolve_fail(L, engine_of(L), &answer, &question);
    }
    lua_pushinteger(L, port);
    return 1;
}

static int fail_to_name(lua_State *L, struct engine *e, int error)
{
    struct net_fault fault = {.call = NET_GETHOSTNAME, .error = error, .sent = -1};
    fault.name = "gethostname";
    fault.facts.fd = -1;
    return error_raise(L, e, &fault);
}

static int call_gethostname(lua_State *L)
{
    struct engine *e = engine_of(L);
    char name[256] = "";
    struct net_record r = {.call = NET_GETHOSTNAME, .fd = -1, .start = loop_now()};
    argument_end(L, 0);
    if (e->sys->gethostname(name, sizeof name - 1) < 0)
        return fail_to_name(L, e, errno);
    r.host = name;
    r.end = loop_now();
    engine_record(e, &r);
    lua_pushstring(L, name);
    return 1;
}

static int address_family(lua_State *L)
{
    int family = argument_constant(L, 1, "family", NET_FAMILY, NET_FAMILY);
    if (family != AF_INET && family != AF_INET6)
        argument_expected(L, 1, "family", "AF_INET or AF_INET6");
    return family;
}

static int call_inet_pton(lua_State *L)
{
    char bytes[sizeof(struct in6_addr)];
    int family = address_family(L);
    const char *text = argument_text(L, 2, "text");
    argument_end(L, 2);
    if (!net_host_parse(family, text, bytes))
        argument_expected(L, 2, "text",
                          family == AF_INET ? "an IPv4 address such as 127.0.0.1"
                                            : "an IPv6 address such as ::1");
    lua_pushlstring(L, bytes, family == AF_INET ? 4 : 16);
    return 1;
}

static int call_inet_ntop(lua_State *L)
{
    char text[NET_HOST_TEXT_SIZE];
    size_t length;
    int family = address_family(L);
    const char *bytes = argument_bytes(L, 2, "bytes", &length);
    argument_end(L, 2);
    if (length != (family == AF_INET ? 4 : 16))
        argument_expected(L, 2, "bytes", family == AF_INET ? "4 bytes" : "16 bytes");
    lua_pushstring(L, net_host_text(family, bytes, text));
    return 1;
}

static int call_htons(lua_State *L)
{
    uint16_t number = (uint16_t)argument_integer(L, 1, "number", 0, UINT16_MAX);
    argument_end(L, 1);
    lua_pushinteger(L, htons(number));
    return 1;
}

static int call_htonl(lua_State *L)
{
    uint32_t number = (uint32_t)argument_integer(L, 1, "number", 0, UINT32_MAX);
    argument_end(L, 1);
    lua_pushinteger(L, htonl(number));
    return 1;
}

void call_open_lookup(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"getaddrinfo", call_getaddrinfo},
                                         {"gethostbyname", call_gethostbyname},
                                         {"getnameinfo", call_getnameinfo},
                                         {"getservbyname", call_getservbyname},
                                         {"gethostname", call_gethostname},
                                         {"inet_pton", call_inet_pton},
                                         {"inet_ntop", call_inet_ntop},
                                         {"htons", call_htons},
                                         {"htonl", call_htonl},
                                         {"ntohs", call_htons}, /* its own inverse */
                                         {"ntohl", call_htonl},
                                         {NULL, NULL}};
    resolve_open(L);
    binding_register(L, e, functions);
}
