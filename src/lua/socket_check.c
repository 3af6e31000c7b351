/* SPDX-License-Identifier: MIT
 *
 * Sockets as arguments: what is none is refused, and one that is closed.
 */
#include "lua/argument.h"
#include "lua/error.h"
#include "lua/socket.h"

#include <errno.h>
#include <string.h>

/* s.listen(5), as Python writes it. */
static bool is_called_by_dot(lua_State *L)
{
    lua_Debug frame;
    return lua_getstack(L, 0, &frame) && lua_getinfo(L, "n", &frame) &&
           strcmp(frame.namewhat, "field") == 0;
}

struct socket *socket_check(lua_State *L, int index)
{
    struct socket *s = socket_to(L, index, engine_of(L));
    if (s != NULL)
        return s;
    const char *function = binding_function(L), *came = argument_came(L, index);
    if (is_called_by_dot(L))
        argument_error(L, index, "s",
                       "a socket expected, got %s; a method is called with a colon, s:%s(...)",
                       came, function);
    argument_error(L, index, "s", "a socket expected, got %s", came);
    return NULL;
}

int socket_raise_closed(lua_State *L, const struct socket *s, enum net_call call, const char *name,
                        enum net_cause cause)
{
    struct net_fault fault = {.call = call, .cause = cause, .error = EBADF, .sent = -1};
    fault.name = name;
    socket_facts(s, &fault.facts);
    return error_raise(L, s->engine, &fault);
}

struct socket *socket_check_open(lua_State *L, int index, enum net_call call)
{
    struct socket *s = socket_to(L, index, engine_of(L));
    if (s == NULL)
        s = socket_check(L, index);
    if (s->fd < 0)
        socket_raise_closed(L, s, call, binding_function(L), NET_KERNEL);
    return s;
}
