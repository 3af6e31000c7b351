/* SPDX-License-Identifier: MIT
 *
 * The names of the recorded calls. How a call is shown is a rendering's business, not this file's.
 */
#include "net/record.h"

const char *net_call_name(enum net_call call)
{
    static const char *const names[NET_CALL_COUNT] = {
        [NET_SOCKET] = "socket",
        [NET_SOCKETPAIR] = "socketpair",
        [NET_BIND] = "bind",
        [NET_LISTEN] = "listen",
        [NET_ACCEPT] = "accept",
        [NET_CONNECT] = "connect",
        [NET_SEND] = "send",
        [NET_SENDTO] = "sendto",
        [NET_RECV] = "recv",
        [NET_RECVFROM] = "recvfrom",
        [NET_SHUTDOWN] = "shutdown",
        [NET_CLOSE] = "close",
        [NET_GETSOCKNAME] = "getsockname",
        [NET_GETPEERNAME] = "getpeername",
        [NET_SETSOCKOPT] = "setsockopt",
        [NET_GETSOCKOPT] = "getsockopt",
        [NET_POLL] = "poll",
        [NET_GETADDRINFO] = "getaddrinfo",
        [NET_GETNAMEINFO] = "getnameinfo",
        [NET_GETHOSTNAME] = "gethostname",
    };
    return names[call];
}
