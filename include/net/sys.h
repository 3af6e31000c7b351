/* SPDX-License-Identifier: MIT
 *
 * Every system call that the shell makes on a socket, behind one table. The program uses
 * net_sys_real; a test puts its own functions in, so that accept() returns EMFILE when the test
 * says so. The functions have the signatures and errno of their namesakes.
 */
#ifndef NET_SYS_H
#define NET_SYS_H

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>

struct net_sys {
    int (*socket)(int family, int type, int protocol);
    int (*socketpair)(int family, int type, int protocol, int fds[2]);
    int (*bind)(int fd, const struct sockaddr *address, socklen_t length);
    int (*listen)(int fd, int backlog);
    int (*accept)(int fd, struct sockaddr *address, socklen_t *length); /* the new one is CLOEXEC */
    int (*connect)(int fd, const struct sockaddr *address, socklen_t length);
    ssize_t (*send)(int fd, const void *data, size_t length, int flags);
    ssize_t (*sendto)(int fd, const void *data, size_t length, int flags,
                      const struct sockaddr *address, socklen_t address_length);
    ssize_t (*recv)(int fd, void *data, size_t length, int flags);
    ssize_t (*recvfrom)(int fd, void *data, size_t length, int flags, struct sockaddr *address,
                        socklen_t *address_length);
    int (*shutdown)(int fd, int how);
    int (*close)(int fd);
    int (*getsockname)(int fd, struct sockaddr *address, socklen_t *length);
    int (*getpeername)(int fd, struct sockaddr *address, socklen_t *length);
    int (*setsockopt)(int fd, int level, int option, const void *value, socklen_t length);
    int (*getsockopt)(int fd, int level, int option, void *value, socklen_t *length);
    int (*set_nonblocking)(int fd, int on); /* fcntl(F_SETFL) */
    int (*ioctl_int)(int fd, unsigned long request, int *value);
    int (*poll)(struct pollfd *fds, nfds_t count, int timeout_ms);
    int (*getaddrinfo)(const char *host, const char *service, const struct addrinfo *hints,
                       struct addrinfo **list);
    void (*freeaddrinfo)(struct addrinfo *list);
    int (*getnameinfo)(const struct sockaddr *address, socklen_t length, char *host,
                       socklen_t host_length, char *service, socklen_t service_length, int flags);
    int (*gethostname)(char *name, size_t length);
};

/* Every descriptor that it makes is closed on exec, asked for or not. */
extern const struct net_sys net_sys_real;

/* Its accept(), apart because accept4(2) is an extension. */
int net_sys_accept(int fd, struct sockaddr *address, socklen_t *length);

#endif
