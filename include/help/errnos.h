/* SPDX-License-Identifier: MIT
 *
 * Which call can fail with which errno: those that the manual pages name for it (section 2, and ip,
 * tcp, udp, unix, ipv6, socket and raw of section 7), with those that Linux's protocols add. The
 * one list of this: pages of help show it, and tests try each pair. Left out is what nobody sees at
 * the shell: EINTR, and what sendmsg() says of the descriptors that it carries.
 */
#ifndef HELP_ERRNOS_H
#define HELP_ERRNOS_H

#define HELP_ERRNOS_SOCKET                                                                         \
    "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM ENOPKG EPERM EPROTONOSUPPORT "        \
    "EPROTOTYPE ESOCKTNOSUPPORT"
#define HELP_ERRNOS_SOCKETPAIR                                                                     \
    "EACCES EAFNOSUPPORT EFAULT EINVAL EMFILE ENFILE ENOMEM EOPNOTSUPP EPROTONOSUPPORT "           \
    "ESOCKTNOSUPPORT"
#define HELP_ERRNOS_BIND                                                                           \
    "EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EBADF EDQUOT EFAULT EINVAL EIO EISDIR "          \
    "ELOOP ENAMETOOLONG ENOBUFS ENODEV ENOENT ENOMEM ENOSPC ENOTDIR ENOTSOCK EPERM EROFS"
#define HELP_ERRNOS_LISTEN "EACCES EADDRINUSE EBADF EINVAL ENOBUFS ENOTSOCK EOPNOTSUPP"
#define HELP_ERRNOS_ACCEPT                                                                         \
    "EAGAIN EBADF ECONNABORTED ECONNRESET EFAULT EHOSTDOWN EHOSTUNREACH EINVAL EMFILE "            \
    "ENETDOWN ENETUNREACH ENFILE ENOBUFS ENOMEM ENONET ENOPROTOOPT ENOSR ENOTSOCK "                \
    "EOPNOTSUPP EPERM EPROTO EPROTONOSUPPORT ESOCKTNOSUPPORT ETIMEDOUT"
#define HELP_ERRNOS_CONNECT                                                                        \
    "EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF ECONNREFUSED "             \
    "ECONNRESET EFAULT EHOSTDOWN EHOSTUNREACH EINPROGRESS EINVAL EISCONN ELOOP "                   \
    "ENAMETOOLONG ENETDOWN ENETUNREACH ENOBUFS ENODEV ENOENT ENOMEM ENOPROTOOPT ENOTDIR "          \
    "ENOTSOCK EOPNOTSUPP EPERM EPROTO EPROTOTYPE ETIMEDOUT"
#define HELP_ERRNOS_SEND                                                                           \
    "EACCES EADDRNOTAVAIL EAGAIN EALREADY EBADF ECONNREFUSED ECONNRESET EDESTADDRREQ "             \
    "EFAULT EHOSTDOWN EHOSTUNREACH EINVAL EISCONN EMSGSIZE ENETDOWN ENETUNREACH ENOBUFS "          \
    "ENOMEM ENOPROTOOPT ENOTCONN ENOTSOCK EOPNOTSUPP EPERM EPIPE EPROTO ETIMEDOUT"
#define HELP_ERRNOS_SENDTO                                                                         \
    "EACCES EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF ECONNREFUSED ECONNRESET "             \
    "EDESTADDRREQ EFAULT EHOSTDOWN EHOSTUNREACH EINVAL EISCONN ELOOP EMSGSIZE "                    \
    "ENAMETOOLONG ENETDOWN ENETUNREACH ENOBUFS ENODEV ENOENT ENOMEM ENOPROTOOPT ENOTCONN "         \
    "ENOTDIR ENOTSOCK EOPNOTSUPP EPERM EPIPE EPROTO EPROTOTYPE ETIMEDOUT"
#define HELP_ERRNOS_RECV                                                                           \
    "EAGAIN EBADF ECONNREFUSED ECONNRESET EFAULT EHOSTDOWN EHOSTUNREACH EINVAL EIO "               \
    "EMSGSIZE ENETDOWN ENETUNREACH ENOBUFS ENOMEM ENOPROTOOPT ENOTCONN ENOTSOCK "                  \
    "EOPNOTSUPP EPIPE EPROTO ETIMEDOUT"
#define HELP_ERRNOS_SHUTDOWN "EBADF EINVAL ENOBUFS ENOMEM ENOTCONN ENOTSOCK"
#define HELP_ERRNOS_CLOSE "EBADF EDQUOT EIO ENOSPC"
#define HELP_ERRNOS_GETSOCKNAME "EBADF EFAULT EINVAL ENOBUFS ENOTSOCK EOPNOTSUPP"
#define HELP_ERRNOS_GETPEERNAME "EBADF EFAULT EINVAL ENOBUFS ENOTCONN ENOTSOCK"
#define HELP_ERRNOS_SETSOCKOPT                                                                     \
    "EACCES EADDRINUSE EADDRNOTAVAIL EBADF EDOM EFAULT EINVAL EISCONN ENOBUFS ENODEV "             \
    "ENOENT ENOMEM ENOPKG ENOPROTOOPT ENOTCONN ENOTSOCK EOPNOTSUPP EPERM EPROTO"
#define HELP_ERRNOS_GETSOCKOPT                                                                     \
    "EACCES EBADF EFAULT EINVAL ENOPROTOOPT ENOTCONN ENOTSOCK EOPNOTSUPP EPERM"
/* select(2) too */
#define HELP_ERRNOS_POLL "EBADF EFAULT EINVAL ENOMEM"
#define HELP_ERRNOS_GETHOSTNAME "EFAULT EINVAL ENAMETOOLONG EPERM"
#define HELP_ERRNOS_GETADDRINFO                                                                    \
    "EAI_ADDRFAMILY EAI_AGAIN EAI_BADFLAGS EAI_FAIL EAI_FAMILY EAI_MEMORY EAI_NODATA "             \
    "EAI_NONAME EAI_SERVICE EAI_SOCKTYPE EAI_SYSTEM"
#define HELP_ERRNOS_GETNAMEINFO                                                                    \
    "EAI_AGAIN EAI_BADFLAGS EAI_FAIL EAI_FAMILY EAI_MEMORY EAI_NONAME EAI_OVERFLOW "               \
    "EAI_SYSTEM"

/* X(name of the call, names of errors separated by spaces) */
#define HELP_ERRNOS(X)                                                                             \
    X("socket", HELP_ERRNOS_SOCKET)                                                                \
    X("socketpair", HELP_ERRNOS_SOCKETPAIR)                                                        \
    X("bind", HELP_ERRNOS_BIND)                                                                    \
    X("listen", HELP_ERRNOS_LISTEN)                                                                \
    X("accept", HELP_ERRNOS_ACCEPT)                                                                \
    X("connect", HELP_ERRNOS_CONNECT)                                                              \
    X("send", HELP_ERRNOS_SEND)                                                                    \
    X("sendto", HELP_ERRNOS_SENDTO)                                                                \
    X("recv", HELP_ERRNOS_RECV)                                                                    \
    X("recvfrom", HELP_ERRNOS_RECV)                                                                \
    X("shutdown", HELP_ERRNOS_SHUTDOWN)                                                            \
    X("close", HELP_ERRNOS_CLOSE)                                                                  \
    X("getsockname", HELP_ERRNOS_GETSOCKNAME)                                                      \
    X("getpeername", HELP_ERRNOS_GETPEERNAME)                                                      \
    X("setsockopt", HELP_ERRNOS_SETSOCKOPT)                                                        \
    X("getsockopt", HELP_ERRNOS_GETSOCKOPT)                                                        \
    X("poll", HELP_ERRNOS_POLL)                                                                    \
    X("gethostname", HELP_ERRNOS_GETHOSTNAME)                                                      \
    X("getaddrinfo", HELP_ERRNOS_GETADDRINFO)                                                      \
    X("getnameinfo", HELP_ERRNOS_GETNAMEINFO)

#endif
