/* SPDX-License-Identifier: MIT
 *
 * Hints for making a socket, for its descriptor, for limits and rights, and what is left to say of
 * an errno where no other table had more. It is the last table that is asked.
 */
#include "fault_hint.h"

#include "net/name.h"

#include <errno.h>
#include <sys/resource.h>

static bool is_unspecified(const struct net_fault *fault)
{
    return fault->facts.family == AF_UNSPEC;
}

static bool is_raw(const struct net_fault *fault)
{
    return net_type_alone(fault->facts.type) == SOCK_RAW;
}

/* Without a protocol: it has no usual one. */
static bool is_raw_alone(const struct net_fault *fault)
{
    return is_raw(fault) && hint_is_internet(fault) && fault->facts.protocol == 0;
}

/* A datagram socket for ping's protocol. */
static bool is_ping(const struct net_fault *fault)
{
    return (fault->facts.family == AF_INET && fault->facts.protocol == IPPROTO_ICMP) ||
           (fault->facts.family == AF_INET6 && fault->facts.protocol == IPPROTO_ICMPV6);
}

static bool is_closed_here(const struct net_fault *fault)
{
    return fault->cause == NET_CLOSED_HERE;
}

static bool is_closed(const struct net_fault *fault)
{
    return fault->facts.fd < 0 || !fault->facts.exists;
}

/* Twice as much, or what is usual where there was less; as far as it goes without a privilege, if
 * it goes at all. */
static void write_higher_limit(struct buffer *out, const struct rlimit *limit)
{
    const rlim_t usual = 4096;
    rlim_t higher = limit->rlim_cur < usual ? usual : 2 * limit->rlim_cur;
    bool open = limit->rlim_max > limit->rlim_cur;
    if (open && higher > limit->rlim_max)
        higher = limit->rlim_max;
    buffer_printf(out, "; `ulimit -n %llu`%s before the shell is started raises the limit",
                  (unsigned long long)higher, open ? "" : ", as root,");
}

static void write_open_files(struct buffer *out, const struct hint_scene *scene)
{
    struct rlimit limit;
    bool known = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < RLIM_INFINITY / 2;
    buffer_puts(out, "This shell has as many files and sockets open as it may");
    if (known)
        buffer_printf(out, ", %llu", (unsigned long long)limit.rlim_cur);
    buffer_puts(out, ". Close some");
    if (known)
        write_higher_limit(out, &limit);
    buffer_putc(out, '.');
    if (scene->fault->call == NET_ACCEPT)
        buffer_puts(out, " The client waits in the queue meanwhile.");
}

#define UNFIT_PROTOCOL "The protocol does not go with {family} and {type}. Leave it out"
#define LONG_NAME "This computer's name is longer than a program expects."
#define CLOSED_ALL_THE_SAME                                                                        \
    "The socket is closed all the same, and its descriptor may belong to another file by now. "    \
    "Nothing is left to be done."

static const struct hint rows[] = {
    {EBADF, CALL(NET_POLL), is_closed_here,
     "A socket that was waited for has been closed meanwhile, by another task. Close a socket "
     "only when no task uses it any more.",
     NULL},
    {EBADF, CALL(NET_POLL), NULL,
     "One of the sockets is closed, and nothing can happen on it any more. Take it out of the list "
     "before calling {call}() again.",
     NULL},
    {EBADF, ANY_CALL, is_closed_here,
     "The socket was closed while {call}() waited on it, by another task. Close a socket only "
     "when no task uses it any more.",
     NULL},
    {EBADF, ANY_CALL, is_closed,
     "This socket was closed earlier. A closed socket cannot be opened again: make a new one, by "
     "socket() or accept().",
     NULL},
    {EBADF, ANY_CALL, NULL,
     "Descriptor {fd} is not open any more: something other than close({s}) has closed it. Make a "
     "new socket.",
     NULL},
    {ENOTSOCK, ANY_CALL, NULL,
     "Descriptor {fd} is no socket any more: it was closed by other means than close({s}), and a "
     "file has got its number. Make a new socket.",
     NULL},

    {EAFNOSUPPORT, CALL_MAKE, hint_is_inet6,
     "IPv6 is turned off on this computer. AF_INET makes a socket for IPv4.", NULL},
    {EAFNOSUPPORT, CALL_MAKE, is_unspecified,
     "AF_UNSPEC is for lookups, where it means any family. A socket has one: AF_INET (IPv4), "
     "AF_INET6 (IPv6) or AF_UNIX.",
     NULL},
    {EAFNOSUPPORT, CALL_MAKE, NULL,
     "This computer has no sockets of the family {family}. The usual ones are AF_INET (IPv4), "
     "AF_INET6 (IPv6) and AF_UNIX.",
     NULL},
    {EAFNOSUPPORT, ANY_CALL, NULL,
     "The address is of another family than the socket. Both must be of one family.", NULL},
    {ESOCKTNOSUPPORT, ANY_CALL, NULL,
     "{family} has no sockets of type {type}. SOCK_STREAM and SOCK_DGRAM are the usual types: for "
     "AF_INET they mean TCP and UDP.",
     NULL},
    {EPROTONOSUPPORT, CALL_MAKE, is_raw_alone,
     "A raw socket has no usual protocol: name one as the third argument, such as IPPROTO_ICMP.",
     NULL},
    {EPROTONOSUPPORT, CALL_MAKE, is_raw, UNFIT_PROTOCOL ".", NULL},
    {EPROTONOSUPPORT, CALL_MAKE, hint_is_internet,
     UNFIT_PROTOCOL ": the kernel then takes the one that does, TCP for SOCK_STREAM and UDP for "
                    "SOCK_DGRAM.",
     NULL},
    {EPROTONOSUPPORT, ANY_CALL, NULL, UNFIT_PROTOCOL ", or give 0.", NULL},
    {EPROTOTYPE, ANY_CALL, NULL,
     "The protocol is of another type than {type}. Leave it out: the kernel then takes the one "
     "that goes with it.",
     NULL},
    {EOPNOTSUPP, CALL(NET_SOCKETPAIR), hint_is_internet,
     "{family} sockets do not come in pairs: leave the family out, or say AF_UNIX. For {family} "
     "bind, listen, connect and accept make a connection.",
     NULL},
    {EOPNOTSUPP, CALL(NET_SOCKETPAIR), NULL,
     "{family} sockets do not come in pairs: leave the family out, or say AF_UNIX.", NULL},
    {EPERM, CALL_MAKE, NULL,
     "{family} sockets of type {type} see whole packets, and that needs a privilege (root, or "
     "CAP_NET_RAW). SOCK_STREAM and SOCK_DGRAM of AF_INET need none.",
     NULL},
    {EACCES, CALL_MAKE, is_ping,
     "A socket for ping is for those groups alone that `sysctl net.ipv4.ping_group_range` shows. A "
     "raw socket, SOCK_RAW, needs root or CAP_NET_RAW.",
     NULL},
    {EACCES, CALL_MAKE, NULL,
     "A socket of this kind needs a privilege that the shell does not have. SOCK_STREAM and "
     "SOCK_DGRAM of AF_INET need none.",
     NULL},
    {EINVAL, CALL_MAKE, NULL,
     "There is no such type or protocol. SOCK_STREAM and SOCK_DGRAM are the usual types, and the "
     "protocol is best left out.",
     NULL},

    {EMFILE, ANY_CALL, NULL, NULL, write_open_files},
#ifdef ENOPKG
    {ENOPKG, ANY_CALL, NULL, "This kernel was built without the part that does what is asked for.",
     NULL},
#endif
    {ENFILE, ANY_CALL, NULL,
     "All programs of this computer together have as many files open as they may. End some, and "
     "try again.",
     NULL},
    {ENOBUFS, ANY_CALL, NULL,
     "The kernel has no memory for the socket's data at the moment. Wait a little, and try again.",
     NULL},
    {ENOMEM, ANY_CALL, NULL,
     "There is no memory left for this. Close sockets or other programs, and try again.", NULL},
    {EPERM, CALL(NET_BIND) | CALL(NET_ACCEPT) | CALL(NET_CONNECT) | CALL_TRANSFER, hint_is_internet,
     "A firewall rule of this computer forbids it. `nft list ruleset`, as root, shows the rules.",
     NULL},
    {EPERM, ANY_CALL, NULL, "This needs a privilege that the shell does not have.", NULL},
    {EACCES, ANY_CALL, NULL, "You do not have the right to do this.", NULL},

    {EOPNOTSUPP, ANY_CALL, NULL, "A {kind} socket cannot do what {call}() asks for.", NULL},
    {EINVAL, CALL(NET_SHUTDOWN), NULL,
     "shutdown() takes SHUT_RD, SHUT_WR or SHUT_RDWR, on a socket that is connected.", NULL},
    {EINVAL, CALL(NET_POLL), NULL,
     "There are more sockets in the list than this shell may have open. Wait for fewer at a time.",
     NULL},
    {EINVAL, CALL(NET_GETHOSTNAME), NULL, LONG_NAME, NULL},
    {ENAMETOOLONG, CALL(NET_GETHOSTNAME), NULL, LONG_NAME, NULL},
    {EINVAL, CALL(NET_SENDTO) | CALL(NET_CONNECT), hint_is_internet,
     "This computer does not send to {address} from {this}. Perhaps a route drops all that goes "
     "there (a blackhole): `ip route get {address}` in another terminal shows it.",
     NULL},
    {EINVAL, ANY_CALL, NULL,
     "Something that was given to {call}() does not fit {this}, or not while it is as it is now.",
     NULL},
    {EAGAIN, ANY_CALL, NULL, "The kernel cannot do this at the moment. Try again a little later.",
     NULL},
    {EINTR, CALL(NET_CLOSE), NULL, CLOSED_ALL_THE_SAME, NULL},
    {EIO, CALL(NET_CLOSE), NULL, CLOSED_ALL_THE_SAME, NULL},
    {ENOSPC, CALL(NET_CLOSE), NULL, CLOSED_ALL_THE_SAME, NULL},
    {EDQUOT, CALL(NET_CLOSE), NULL, CLOSED_ALL_THE_SAME, NULL},
    {EIO, ANY_CALL, NULL, "A device or its driver failed. Try again with a new socket.", NULL},
    {EFAULT, ANY_CALL, NULL,
     "The kernel was given an address in memory that it may not use. That is a mistake of this "
     "shell's, not yours.",
     NULL},
    {EINTR, ANY_CALL, NULL, "A signal came before anything had happened. Call {call}() again.",
     NULL},
    {ECANCELED, ANY_CALL, NULL, "The task was ended by cancel() before it was done.", NULL},
};

const struct hint_table hint_socket = HINT_TABLE(rows);
