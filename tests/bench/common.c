/* SPDX-License-Identifier: MIT
 *
 * The ground of the benchmark's C programs: blocking calls on 127.0.0.1, checked.
 */
#include "common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

double bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

_Noreturn void bench_die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, errno != 0 ? strerror(errno) : "unexpected");
    exit(1);
}

long long bench_number(const char *text, long long most)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0 || number > most) {
        fprintf(stderr, "%s: no number from 0 to %lld\n", text, most);
        exit(2);
    }
    return number;
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((in_port_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int bench_listen(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, BENCH_BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        bench_die("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

/* Asks for the peer's address, as those contenders do that return it. */
int bench_accept(int listener)
{
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    int fd = accept(listener, (struct sockaddr *)&peer, &length);
    if (fd < 0)
        bench_die("accept");
    return fd;
}

int bench_connect(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(port);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        bench_die("connect");
    return fd;
}

void bench_reset(int fd)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) != 0 || close(fd) != 0)
        bench_die("close");
}

void bench_send(int fd, const char *data, size_t length)
{
    for (size_t sent = 0; sent < length;) {
        ssize_t count = send(fd, data + sent, length - sent, MSG_NOSIGNAL);
        if (count < 0)
            bench_die("send");
        sent += (size_t)count;
    }
}

void bench_receive(int fd, char *data, size_t length)
{
    for (size_t got = 0; got < length;) {
        errno = 0;
        ssize_t count = recv(fd, data + got, length - got, 0);
        if (count <= 0)
            bench_die("recv");
        got += (size_t)count;
    }
}
