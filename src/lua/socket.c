/* SPDX-License-Identifier: MIT
 *
 * The socket userdata: how it gets and gives up its descriptor, and what it says of itself.
 */
#include "lua/socket.h"
#include "base/text.h"
#include "help/help.h"
#include "lua/binding.h"
#include "view/journal.h"

#include <errno.h>
#include <lauxlib.h>
#include <string.h>

#define SOCKET_TYPE TYPE_PREFIX "socket"

struct socket *socket_push(lua_State *L, struct engine *e)
{
    engine_check_open(L, e);
    struct socket *s = lua_newuserdatauv(L, sizeof *s, 0);
    memset(s, 0, sizeof *s);
    s->mark = e->socket_meta;
    s->engine = e;
    s->fd = -1;
    s->serial = ++e->last_serial;
    s->timeout = -1;
    luaL_setmetatable(L, SOCKET_TYPE);
    return s;
}

void socket_own(struct socket *s, int fd, int family, int type, int protocol)
{
    struct engine *e = s->engine;
    s->fd = fd;
    s->family = family;
    s->type = type;
    s->protocol = protocol;
    s->previous = NULL;
    s->next = e->sockets;
    if (e->sockets != NULL)
        e->sockets->previous = s;
    e->sockets = s;
}

int socket_close(struct socket *s)
{
    struct engine *e = s->engine;
    if (s->fd < 0)
        return 0;
    int fd = s->fd;
    s->fd = -1;
    *(s->previous != NULL ? &s->previous->next : &e->sockets) = s->next;
    if (s->next != NULL)
        s->next->previous = s->previous;
    buffer_free(&s->held);
    loop_forget(e->loop, fd);
    /* After EINTR the descriptor is gone all the same on Linux: closing again could hit another. */
    return e->sys->close(fd) < 0 && errno != EINTR ? errno : 0;
}

int socket_set_nonblocking(struct socket *s, bool on)
{
    if (s->nonblocking == on)
        return 0;
    if (s->engine->sys->set_nonblocking(s->fd, on) < 0)
        return errno;
    s->nonblocking = on;
    return 0;
}

struct socket *socket_to(lua_State *L, int index, const struct engine *e)
{
    return engine_to(L, index, sizeof(struct socket), e->socket_meta);
}

void socket_facts(const struct socket *s, struct net_facts *facts)
{
    facts->exists = true;
    facts->fd = s->fd;
    facts->serial = s->serial;
    facts->family = s->family;
    facts->type = s->type;
    facts->protocol = s->protocol;
    facts->listening = s->listening;
    facts->connecting = s->connecting;
    facts->ended = s->ended;
    facts->unwritable = s->unwritable;
    facts->timeout = s->timeout;
}

bool socket_append_variable(struct buffer *out, const struct socket *s)
{
    struct engine *e = s->engine;
    lua_State *L = e->L;
    bool found = false;
    if (!lua_checkstack(L, 4))
        return false;
    lua_pushglobaltable(L);
    for (lua_pushnil(L); !found && lua_next(L, -2) != 0; lua_pop(L, 1)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "_";
        if (socket_to(L, -1, e) == s && strcmp(name, "_") != 0) {
            text_append_safe(out, name, strlen(name), false);
            found = true;
        }
    }
    lua_pop(L, found ? 2 : 1);
    return found;
}

static void describe_tcp(struct buffer *out, const struct socket *s, const struct net_view *view)
{
    if (net_view_listens(view, s->listening)) {
        buffer_puts(out, ", listening");
        if (view->queued >= 0)
            buffer_printf(out, " (%ld of %ld waiting)", view->queued, view->queue_limit);
        return;
    }
    if (view->peer.length != 0) {
        buffer_puts(out, ", connected to ");
        net_address_append(out, &view->peer);
    } else if (s->type == SOCK_STREAM) {
        bool over = view->had_peer && view->state == NET_TCP_CLOSED;
        buffer_puts(out, over ? ", connection over" : s->bound ? ", bound" : ", not connected");
    }
    if (view->state != NET_TCP_UNKNOWN && view->state != NET_TCP_ESTABLISHED &&
        view->state != NET_TCP_CLOSED)
        buffer_printf(out, " (%s)", net_tcp_state_name(view->state));
}

void socket_look(const struct socket *s, struct net_view *view)
{
    net_inspect(s->engine->sys, s->fd, s->family, s->type, s->listening, view);
}

bool socket_is_reached_by(const struct socket *s, const struct net_address *to)
{
    struct net_address local = {.length = sizeof local.u};
    if (s->family != net_address_family(to) ||
        s->engine->sys->getsockname(s->fd, &local.u.any, &local.length) < 0)
        return false;
    if (net_address_equal(&local, to))
        return true;
    return net_address_is_any(&local) && net_address_is_loopback(to) &&
           net_address_port(&local) == net_address_port(to);
}

bool socket_would_reset(const struct socket *s, const struct net_view *view)
{
    struct linger linger = {0, 0};
    socklen_t length = sizeof linger;
    if (s->listening || view->peer.length == 0 || view->state == NET_TCP_UNKNOWN)
        return false;
    if (view->to_read > 0)
        return true;
    return s->engine->sys->getsockopt(s->fd, SOL_SOCKET, SO_LINGER, &linger, &length) == 0 &&
           linger.l_onoff != 0 && linger.l_linger == 0;
}

void socket_describe(struct buffer *out, const struct socket *s)
{
    if (s->fd < 0) {
        buffer_puts(out, "socket (closed)");
        return;
    }
    struct net_view view;
    socket_look(s, &view);
    buffer_printf(out, "socket %d: ", s->fd);
    net_kind_of_socket(out, s->family, s->type, s->protocol);
    size_t path_length;
    net_address_path(&view.local, &path_length);
    if (net_address_port(&view.local) > 0 || path_length > 0) {
        buffer_putc(out, ' ');
        net_address_append(out, &view.local);
    }
    describe_tcp(out, s, &view);
}

static int socket_tostring(lua_State *L)
{
    const struct socket *s = luaL_checkudata(L, 1, SOCKET_TYPE);
    struct buffer *text = binding_buffer(L);
    socket_describe(text, s);
    return binding_push_buffer(L, text);
}

/* The peer sees it, and so do the pictures. */
static void journal_close(const struct socket *s)
{
    struct net_view view;
    struct net_record record = {.call = NET_CLOSE, .fd = s->fd, .serial = s->serial};
    socket_look(s, &view);
    record.family = s->family;
    record.type = s->type;
    record.view = &view;
    record.reset = socket_would_reset(s, &view);
    record.start = record.end = loop_now();
    journal_add_call(s->engine->journal, &record);
}

void socket_drop(struct socket *s)
{
    if (s->fd >= 0 && s->engine->recording)
        journal_close(s);
    (void)socket_close(s);
}

static int socket_gc(lua_State *L)
{
    struct socket *s = lua_touserdata(L, 1);
    struct engine *e = s->engine;
    if (s->fd < 0)
        return 0;
    if (e->host.collected != NULL) {
        struct buffer text = BUFFER_EMPTY;
        socket_describe(&text, s);
        e->host.collected(e->host.owner, text.failed ? "a socket; not enough memory to say which"
                                                     : buffer_text(&text));
        buffer_free(&text);
    }
    socket_drop(s);
    return 0;
}

/* The method nearest to a misspelt name; NULL where none is near. The methods are argument 1. */
static const char *nearest_method(lua_State *L, const char *name)
{
    const char *nearest = NULL;
    unsigned least = help_tolerance(name) + 1;
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
        unsigned distance = help_distance(name, lua_tostring(L, -2));
        if (distance < least) {
            least = distance;
            nearest = lua_tostring(L, -2); /* lives in the table of methods */
        }
    }
    return nearest;
}

/* Behind the table of methods: a name that it does not have. */
static int missing_method(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    const char *name = lua_tostring(L, 2);
    const char *here = help_elsewhere_field(name), *nearest = nearest_method(L, name);
    if (here != NULL)
        return luaL_error(L, "a socket has no method '%s': %s", name, here);
    if (nearest == NULL)
        return luaL_error(L, "a socket has no method '%s'", name);
    return luaL_error(L, "a socket has no method '%s'; did you mean '%s'?", name, nearest);
}

void socket_open_meta(lua_State *L, struct engine *e)
{
    static const luaL_Reg meta[] = {
        {"__gc", socket_gc}, {"__tostring", socket_tostring}, {NULL, NULL}};
    binding_new_type(L, SOCKET_TYPE, meta);
    e->socket_meta = lua_topointer(L, -1);
    lua_insert(L, -2);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, missing_method);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
