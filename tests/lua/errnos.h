/* SPDX-License-Identifier: MIT
 *
 * The errnos that the manual pages name for each call, with those that Linux's protocols add; but
 * EINTR, which no caller of the shell's ever sees. Words in a string, for snippets of Lua.
 */
#ifndef TESTS_LUA_ERRNOS_H
#define TESTS_LUA_ERRNOS_H

/* socket(2), socketpair(2) */
#define ERRNOS_SOCKET                                                                              \
    "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT EPROTOTYPE "          \
    "ESOCKTNOSUPPORT EPERM"
#define ERRNOS_SOCKETPAIR                                                                          \
    "EAFNOSUPPORT EFAULT EMFILE ENFILE EOPNOTSUPP EPROTONOSUPPORT EACCES ENOMEM EINVAL"

/* bind(2), unix(7) */
#define ERRNOS_BIND                                                                                \
    "EACCES EADDRINUSE EBADF EINVAL ENOTSOCK EADDRNOTAVAIL EFAULT ELOOP ENAMETOOLONG ENOENT "      \
    "ENOMEM ENOTDIR EROFS EAFNOSUPPORT ENOBUFS EPERM ENOSPC ENODEV EIO EISDIR"

/* listen(2), shutdown(2), getsockname(2), getpeername(2) */
#define ERRNOS_LISTEN "EADDRINUSE EBADF ENOTSOCK EOPNOTSUPP EINVAL EACCES ENOBUFS"
#define ERRNOS_SHUTDOWN "EBADF EINVAL ENOTCONN ENOTSOCK ENOBUFS ENOMEM"
#define ERRNOS_GETSOCKNAME "EBADF EFAULT EINVAL ENOBUFS ENOTSOCK EOPNOTSUPP"
#define ERRNOS_GETPEERNAME "EBADF EFAULT EINVAL ENOBUFS ENOTCONN ENOTSOCK"

/* accept(2), with the errors of the network that Linux passes on */
#define ERRNOS_ACCEPT                                                                              \
    "EAGAIN EWOULDBLOCK EBADF ECONNABORTED EFAULT EINVAL EMFILE ENFILE ENOBUFS ENOMEM ENOTSOCK "   \
    "EOPNOTSUPP EPERM EPROTO ENETDOWN ENOPROTOOPT EHOSTDOWN ENONET EHOSTUNREACH ENETUNREACH "      \
    "ENOSR ESOCKTNOSUPPORT EPROTONOSUPPORT ETIMEDOUT ECONNRESET"

/* connect(2), tcp(7), unix(7) */
#define ERRNOS_CONNECT                                                                             \
    "EACCES EPERM EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF ECONNREFUSED "       \
    "EFAULT EINPROGRESS EISCONN ENETUNREACH ENOTSOCK EPROTOTYPE ETIMEDOUT EHOSTUNREACH "           \
    "ENOENT ECONNRESET ENOBUFS EINVAL ENOMEM ENETDOWN EHOSTDOWN ELOOP ENOTDIR EOPNOTSUPP"

/* send(2), udp(7), tcp(7), unix(7) */
#define ERRNOS_SEND                                                                                \
    "EACCES EAGAIN EALREADY EBADF ECONNRESET EDESTADDRREQ EFAULT EINVAL EISCONN EMSGSIZE "         \
    "ENOBUFS ENOMEM ENOTCONN ENOTSOCK EOPNOTSUPP EPIPE ECONNREFUSED EHOSTUNREACH ENETUNREACH "     \
    "ENETDOWN ETIMEDOUT EPERM ENOENT EPROTOTYPE EADDRNOTAVAIL EHOSTDOWN"

/* recv(2) */
#define ERRNOS_RECV                                                                                \
    "EAGAIN EBADF ECONNREFUSED EFAULT EINVAL ENOMEM ENOTCONN ENOTSOCK ECONNRESET ETIMEDOUT "       \
    "EHOSTUNREACH ENETUNREACH EMSGSIZE EOPNOTSUPP EIO ENOBUFS EPIPE"

/* getsockopt(2), ip(7), tcp(7) */
#define ERRNOS_SETSOCKOPT                                                                          \
    "EBADF EFAULT EINVAL ENOPROTOOPT ENOTSOCK EPERM EADDRINUSE EADDRNOTAVAIL ENODEV EDOM "         \
    "EISCONN ENOBUFS ENOMEM EACCES EOPNOTSUPP ENOENT"
#define ERRNOS_GETSOCKOPT "EBADF EFAULT EINVAL ENOPROTOOPT ENOTSOCK EOPNOTSUPP ENOTCONN EACCES"

/* poll(2), gethostname(2) */
#define ERRNOS_POLL "EFAULT EINVAL ENOMEM"
#define ERRNOS_GETHOSTNAME "EFAULT EINVAL ENAMETOOLONG EPERM"

/* close(2) */
#define ERRNOS_CLOSE "EBADF EIO ENOSPC EDQUOT"

/* getaddrinfo(3), getnameinfo(3) */
#define ERRNOS_LOOKUP                                                                              \
    "EAI_ADDRFAMILY EAI_AGAIN EAI_BADFLAGS EAI_FAIL EAI_FAMILY EAI_MEMORY EAI_NODATA "             \
    "EAI_NONAME EAI_SERVICE EAI_SOCKTYPE EAI_SYSTEM EAI_OVERFLOW"

#endif
