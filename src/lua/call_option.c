/* SPDX-License-Identifier: MIT
 *
 * setsockopt and getsockopt. What type a value has is net/option.h's to know; here it is read from
 * Lua and pushed to it.
 */
#include "lua/argument.h"
#include "lua/call.h"
#include "lua/constant.h"
#include "lua/sandbox.h"
#include "net/option.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/time.h>

/* Room for a value of any type but text and bytes that a student gives. */
union value {
    int number;
    unsigned long long large;
    struct linger linger;
    struct timeval seconds;
    struct ip_mreq membership4;
    struct ipv6_mreq membership6;
    struct in_addr interface4;
    char bytes[1024];
};

struct option {
    int level, number;
    enum net_option_type type;
};

/* The level, argument 2. */
static int check_level(lua_State *L, const struct engine *e)
{
    const struct constant *c = constant_to(L, 2, e);
    if (c != NULL && (c->kind == NET_LEVEL || c->kind == NET_PROTOCOL))
        return (int)c->value;
    return argument_constant(L, 2, "level", NET_LEVEL, NET_PROTOCOL);
}

/* Whether the option is a multicast one, which IPv4 and IPv6 have in common. */
static bool is_shared(const struct constant *c, int level)
{
    return c->kind == NET_IP_OPTION && net_option_kind(level) == NET_IPV6_OPTION &&
           net_option_name(level, (int)c->value) != NULL;
}

/* Arguments 2 and 3. A constant knows its level by its kind. */
static void check_option(lua_State *L, const struct engine *e, struct option *option)
{
    option->level = check_level(L, e);
    const struct constant *c = constant_to(L, 3, e);
    enum net_kind kind = net_option_kind(option->level);
    if (c != NULL && c->kind == kind) {
        option->number = (int)c->value;
        option->type = c->option;
    } else if (c != NULL && is_shared(c, option->level)) {
        option->number = (int)c->value;
        option->type = net_option_type(option->level, option->number);
    } else if (kind == NET_KIND_COUNT) {
        option->number = (int)argument_integer(L, 3, "option", 0, INT_MAX);
        option->type = NET_VALUE_INT;
    } else {
        option->number = argument_constant(L, 3, "option", kind, kind);
        option->type = net_option_type(option->level, option->number);
    }
    if (option->type == NET_VALUE_POINTER)
        argument_error(L, 3, "option",
                       "this option's value is an address in memory, which a "
                       "script cannot give");
}

static int check_number(lua_State *L, enum net_option_type type)
{
    enum net_kind kind = net_option_value_kind(type);
    if (lua_type(L, 4) == LUA_TNUMBER)
        return (int)argument_integer(L, 4, "value", INT_MIN, INT_MAX);
    if (lua_isboolean(L, 4))
        return lua_toboolean(L, 4);
    const struct constant *c = constant_to(L, 4, engine_of(L));
    if (c == NULL)
        return argument_expected(L, 4, "value", "a number or a boolean");
    if (c->kind == kind || (kind == NET_KIND_COUNT && c->kind >= NET_PATH_MTU))
        return (int)c->value; /* from there on constants are values of options */
    if (kind == NET_KIND_COUNT)
        return argument_expected(L, 4, "value", "a number or a boolean");
    return argument_constant(L, 4, "value", kind, kind);
}

/* A field of the table that is the value; `missing` where it has none. */
static lua_Integer check_field(lua_State *L, const char *field, lua_Integer missing)
{
    int is_integer = 1;
    lua_getfield(L, 4, field);
    lua_Integer number = lua_isnil(L, -1)       ? missing
                         : lua_isboolean(L, -1) ? lua_toboolean(L, -1)
                                                : lua_tointegerx(L, -1, &is_integer);
    if (!is_integer || number < 0 || number > INT_MAX)
        argument_error(L, 4, "value", "field '%s': a number from 0 to %d expected", field, INT_MAX);
    lua_pop(L, 1);
    return number;
}

/* Reads the numeric address at the index; false where there is none. */
static bool to_host(lua_State *L, int index, int family, void *address)
{
    size_t length;
    if (lua_type(L, index) != LUA_TSTRING)
        return false;
    const char *text = lua_tolstring(L, index, &length);
    return strlen(text) == length && net_host_parse(family, text, address);
}

static void check_address_field(lua_State *L, const char *field, int family, void *address,
                                const char *missing)
{
    if (lua_getfield(L, 4, field) == LUA_TNIL && missing != NULL) {
        lua_pop(L, 1);
        lua_pushstring(L, missing);
    }
    if (!to_host(L, -1, family, address))
        argument_error(L, 4, "value", "field '%s': a numeric %s address expected", field,
                       family == AF_INET ? "IPv4" : "IPv6");
    lua_pop(L, 1);
}

/* The value is a table with no other fields than these two. */
static void check_table(lua_State *L, const char *one, const char *other, const char *expected)
{
    const char *const names[] = {one, other, NULL};
    if (!lua_istable(L, 4))
        argument_expected(L, 4, "value", expected);
    argument_refuse_keys(L, 4, "value", 0, names, expected);
}

static void check_seconds(lua_State *L, struct timeval *value)
{
    double seconds = argument_seconds(L, 4, "value");
    double whole = floor(seconds);
    value->tv_sec = (time_t)whole;
    value->tv_usec = (suseconds_t)lround((seconds - whole) * 1e6);
    if (value->tv_usec >= 1000000) {
        value->tv_sec++;
        value->tv_usec = 0;
    }
    if (seconds > 0 && value->tv_sec == 0 && value->tv_usec == 0)
        value->tv_usec = 1; /* zero would mean for ever */
}

/* Reads the value; returns where its bytes are. */
static const void *check_value(lua_State *L, enum net_option_type type, union value *value,
                               size_t *size)
{
    const char *expected = net_option_value_text(type);
    *size = net_option_size(type);
    switch (type) {
    case NET_VALUE_LINGER:
        check_table(L, "onoff", "linger", expected);
        value->linger.l_onoff = (int)check_field(L, "onoff", 1);
        value->linger.l_linger = (int)check_field(L, "linger", 0);
        return &value->linger;
    case NET_VALUE_SECONDS:
        check_seconds(L, &value->seconds);
        return &value->seconds;
    case NET_VALUE_UINT64:
        value->large =
            (unsigned long long)argument_integer(L, 4, "value", LUA_MININTEGER, LUA_MAXINTEGER);
        return &value->large;
    case NET_VALUE_MEMBERSHIP4:
        check_table(L, "multiaddr", "interface", expected);
        check_address_field(L, "multiaddr", AF_INET, &value->membership4.imr_multiaddr, NULL);
        check_address_field(L, "interface", AF_INET, &value->membership4.imr_interface, "0.0.0.0");
        return &value->membership4;
    case NET_VALUE_MEMBERSHIP6:
        check_table(L, "multiaddr", "interface", expected);
        check_address_field(L, "multiaddr", AF_INET6, &value->membership6.ipv6mr_multiaddr, NULL);
        value->membership6.ipv6mr_interface = (unsigned)check_field(L, "interface", 0);
        return &value->membership6;
    case NET_VALUE_INTERFACE4:
        if (!to_host(L, 4, AF_INET, &value->interface4))
            argument_expected(L, 4, "value", expected);
        return &value->interface4;
    default:
        if (*size != sizeof value->number)
            return argument_bytes(L, 4, "value", size);
        value->number = check_number(L, type);
        return &value->number;
    }
}

static void fill_record(const struct call *c, const struct option *option, const void *value,
                        size_t size, struct net_record *r)
{
    call_record_init(c, r);
    r->level = option->level;
    r->option = option->number;
    r->data = value;
    r->data_length = r->size = size;
}

static void record_option(const struct call *c, const struct option *option, const void *value,
                          size_t size)
{
    struct net_record r;
    if (!engine_records(c->e))
        return;
    fill_record(c, option, value, size, &r);
    call_record(c, &r);
}

static int fail_option(lua_State *L, struct call *c, const struct option *option, const void *value,
                       size_t size)
{
    int error = errno;
    struct net_record r;
    fill_record(c, option, value, size, &r);
    c->data = value;
    c->size = size;
    return call_fail_with(L, c, error, &r);
}

static double seconds_of(const void *value)
{
    struct timeval seconds;
    memcpy(&seconds, value, sizeof seconds);
    return (double)seconds.tv_sec + (double)seconds.tv_usec / 1e6;
}

/* While the engine waits instead of the kernel, it must know how long. */
static void keep_timeout(struct socket *s, const struct option *option, const void *value)
{
    if (option->level != SOL_SOCKET)
        return;
    if (option->number == SO_RCVTIMEO)
        s->receive_timeout = seconds_of(value);
    else if (option->number == SO_SNDTIMEO)
        s->send_timeout = seconds_of(value);
}

static int call_setsockopt(lua_State *L)
{
    struct call c;
    struct option option;
    union value room;
    size_t size;
    call_enter(L, &c, NET_SETSOCKOPT, "setsockopt", CALL_BEGINS);
    check_option(L, c.e, &option);
    sandbox_check_option(L, c.s, option.level, option.number);
    const void *value = check_value(L, option.type, &room, &size);
    argument_end(L, 4);
    if (c.e->sys->setsockopt(c.s->fd, option.level, option.number, value, (socklen_t)size) < 0)
        return fail_option(L, &c, &option, value, size);
    if (option.type == NET_VALUE_SECONDS)
        keep_timeout(c.s, &option, value);
    record_option(&c, &option, value, size);
    return 0;
}

static void set_integer(lua_State *L, const char *field, lua_Integer value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, field);
}

static void push_ip(lua_State *L, int family, const void *address)
{
    char text[NET_HOST_TEXT_SIZE];
    lua_pushstring(L, net_host_text(family, address, text));
}

static void push_credentials(lua_State *L, const union value *value)
{
    struct net_credentials c;
    net_option_credentials(value, &c);
    lua_createtable(L, 0, 3);
    set_integer(L, "pid", c.pid);
    set_integer(L, "uid", c.uid);
    set_integer(L, "gid", c.gid);
}

static void push_tcp_info(lua_State *L, const union value *value, size_t size)
{
    const char *name;
    unsigned long number;
    lua_newtable(L);
    lua_pushstring(L, net_tcp_state_name(net_option_tcp_state(value, size)));
    lua_setfield(L, -2, "state");
    for (size_t i = 0; net_option_tcp_number(i, value, size, &name, &number); i++)
        set_integer(L, name, (lua_Integer)number);
}

static void push_value(lua_State *L, enum net_option_type type, const union value *value,
                       size_t size)
{
    enum net_kind kind = net_option_value_kind(type);
    if (kind != NET_KIND_COUNT && size == sizeof(int)) {
        /* 0 is no errno and no protocol's name: a number says "none" better than a constant. */
        if (value->number == 0 && (kind == NET_ERRNO || kind == NET_PROTOCOL))
            lua_pushinteger(L, 0);
        else
            constant_push(L, kind, value->number);
        return;
    }
    switch (type) {
    case NET_VALUE_LINGER:
        lua_createtable(L, 0, 2);
        set_integer(L, "onoff", value->linger.l_onoff);
        set_integer(L, "linger", value->linger.l_linger);
        return;
    case NET_VALUE_SECONDS:
        lua_pushnumber(L, seconds_of(value));
        return;
    case NET_VALUE_UINT64:
        lua_pushinteger(L, (lua_Integer)value->large);
        return;
    case NET_VALUE_INTERFACE4:
        push_ip(L, AF_INET, &value->interface4);
        return;
    case NET_VALUE_TEXT:
        lua_pushlstring(L, value->bytes, strnlen(value->bytes, size));
        return;
    case NET_VALUE_CREDENTIALS:
        push_credentials(L, value);
        return;
    case NET_VALUE_TCP_INFO:
        push_tcp_info(L, value, size);
        return;
    default:
        break;
    }
    if (size == sizeof(int))
        lua_pushinteger(L, value->number);
    else
        lua_pushlstring(L, value->bytes, size);
}

static int call_getsockopt(lua_State *L)
{
    struct call c;
    struct option option;
    union value value;
    call_enter(L, &c, NET_GETSOCKOPT, "getsockopt", CALL_BEGINS);
    check_option(L, c.e, &option);
    argument_end(L, 3);
    memset(&value, 0, sizeof value);
    size_t room = net_option_size(option.type);
    socklen_t size = (socklen_t)(room < sizeof value ? room : sizeof value);
    if (c.e->sys->getsockopt(c.s->fd, option.level, option.number, &value, &size) < 0)
        return fail_option(L, &c, &option, NULL, 0);
    if (option.level == SOL_SOCKET && option.number == SO_ERROR && value.number == 0)
        value.number = call_take_error(&c);
    record_option(&c, &option, &value, size);
    push_value(L, option.type, &value, size);
    return 1;
}

void call_open_option(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {
        {"setsockopt", call_setsockopt}, {"getsockopt", call_getsockopt}, {NULL, NULL}};
    binding_register(L, e, functions);
}
