/* SPDX-License-Identifier: MIT
 *
 * What a lesson may do with sockets: three families, this computer alone unless the student agreed
 * to more, and options that stay with the socket. The rules stand below the functions, where the
 * address is final, so that no trick in Lua passes them.
 */
#include "base/text.h"
#include "lua/address.h"
#include "lua/binding.h"
#include "lua/socket.h"
#include "net/option.h"
#include "sandbox_inside.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

struct sandbox *sandbox_for(lua_State *L, const struct socket *s)
{
    return s != NULL && s->sandbox != NULL ? s->sandbox : sandbox_of(L);
}

void sandbox_check_kind(lua_State *L, int family, int type, int protocol)
{
    if (sandbox_of(L) == NULL)
        return;
    bool internet = family == AF_INET || family == AF_INET6;
    if (!internet && family != AF_UNIX)
        sandbox_refuse(L, false, "a lesson has the families AF_INET, AF_INET6 and AF_UNIX");
    if (type != SOCK_STREAM && type != SOCK_DGRAM && (internet || type != SOCK_SEQPACKET))
        sandbox_refuse(L, false, "a lesson has the types SOCK_STREAM and SOCK_DGRAM");
    if (protocol != 0 && !(internet && (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP)))
        sandbox_refuse(L, false, "a lesson has the protocols IPPROTO_TCP and IPPROTO_UDP");
}

static int refuse_address(lua_State *L, const struct net_address *address)
{
    struct buffer *text = binding_buffer(L);
    net_address_append_host(text, address);
    binding_push_buffer(L, text);
    return sandbox_refuse(L, true, "%s is another computer", lua_tostring(L, -1));
}

/* Says that loopback took the place of another address of this computer. */
static void tell(lua_State *L, const struct sandbox *sandbox, const struct net_address *asked,
                 const struct net_address *taken)
{
    const struct engine *e = sandbox->engine;
    if (e->host.told == NULL)
        return;
    struct buffer *text = binding_buffer(L);
    buffer_puts(text, "a lesson talks to this computer only: ");
    net_address_append_host(text, taken);
    buffer_puts(text, " takes the place of ");
    net_address_append_host(text, asked);
    if (net_address_is_any(asked))
        buffer_puts(text, ", which is every address");
    e->host.told(e->host.owner, binding_whole(L, text));
    lua_pop(L, 1);
}

static void admit_internet(lua_State *L, const struct sandbox *sandbox, struct net_address *address)
{
    struct net_address asked = *address;
    if (sandbox->network || net_address_is_loopback(address))
        return;
    if (!net_address_is_any(address) && !net_address_is_own(address))
        refuse_address(L, address);
    net_address_set_loopback(address);
    tell(L, sandbox, &asked, address);
}

void sandbox_admit(lua_State *L, const struct socket *s, int index)
{
    struct sandbox *sandbox = sandbox_for(L, s);
    if (sandbox == NULL)
        return;
    struct net_address address = *address_to(L, index, sandbox->engine);
    int family = net_address_family(&address);
    if (family == AF_UNIX)
        sandbox_admit_path(L, sandbox, &address);
    else if (family == AF_INET || family == AF_INET6)
        admit_internet(L, sandbox, &address);
    else
        sandbox_refuse(L, false, "a lesson has the families AF_INET, AF_INET6 and AF_UNIX");
    address_push(L, sandbox->engine, &address);
    lua_replace(L, index);
}

int sandbox_keep_local(lua_State *L, const struct socket *s)
{
    const struct sandbox *sandbox = sandbox_for(L, s);
    struct net_address local = {.length = sizeof local.u};
    if (sandbox == NULL || sandbox->network || (s->family != AF_INET && s->family != AF_INET6))
        return 0;
    const struct net_sys *sys = sandbox->engine->sys;
    if (sys->getsockname(s->fd, &local.u.any, &local.length) < 0)
        return errno;
    if (!net_address_is_any(&local))
        return 0;
    net_address_set_loopback(&local);
    return sys->bind(s->fd, &local.u.any, local.length) < 0 ? errno : 0;
}

void sandbox_check_option(lua_State *L, const struct socket *s, int level, int option)
{
    const struct sandbox *sandbox = sandbox_for(L, s);
    enum net_reach reach = sandbox == NULL ? NET_REACH_SOCKET : net_option_reach(level, option);
    if (reach == NET_REACH_SOCKET || (reach == NET_REACH_NETWORK && sandbox->network))
        return;
    if (reach == NET_REACH_NETWORK)
        sandbox_refuse(L, true, "this option speaks to the network around");
    sandbox_refuse(L, false, "a lesson cannot set this option");
}

/* The numeric forms, and the names that this computer knows itself by. */
static bool needs_nobody(const struct sandbox *sandbox, const char *host)
{
    struct net_address numeric;
    char own[256] = "";
    if (net_address_from_host(AF_UNSPEC, host, 0, &numeric) == 0)
        return true;
    if (strcasecmp(host, "localhost") == 0)
        return true;
    return sandbox->engine->sys->gethostname(own, sizeof own - 1) == 0 &&
           strcasecmp(host, own) == 0;
}

void sandbox_check_host(lua_State *L, const struct sandbox *sandbox, const char *host)
{
    if (sandbox == NULL || sandbox->network || host == NULL || needs_nobody(sandbox, host))
        return;
    struct buffer *text = binding_buffer(L);
    text_append_quoted(text, host, strlen(host), 60);
    binding_push_buffer(L, text);
    if (host[0] == '[')
        sandbox_refuse(L, false,
                       "%s is no host: brackets belong to URLs; here it is written without them, "
                       "as in \"::1\"",
                       lua_tostring(L, -1));
    sandbox_refuse(L, true, "%s is no name of this computer", lua_tostring(L, -1));
}

void sandbox_check_named(lua_State *L, const struct net_address *address)
{
    const struct sandbox *sandbox = sandbox_of(L);
    if (sandbox == NULL || sandbox->network || net_address_is_loopback(address) ||
        net_address_is_any(address))
        return;
    refuse_address(L, address);
}
