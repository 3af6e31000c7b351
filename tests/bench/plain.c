/* SPDX-License-Identifier: MIT
 *
 * The limit: each role of the benchmark in C with blocking calls and nothing between program and
 * kernel; the echo server is a level-triggered epoll loop. Usage: plain ROLE PORT [N [M]].
 */
#include "common.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PLAIN_EVENTS = 256 };

/* One call each way, as the scripts make it; a short transfer would be another measurement. */
static void whole(ssize_t count, const char *what)
{
    if (count == BENCH_MESSAGE)
        return;
    errno = count < 0 ? errno : 0;
    bench_die(what);
}

static void client(int port, long long count, long long unused)
{
    (void)unused;
    char message[BENCH_MESSAGE];
    memset(message, 'x', sizeof message);
    int fd = bench_connect(port);
    for (long long i = 0; i < count; i++) {
        whole(send(fd, message, sizeof message, 0), "send");
        whole(recv(fd, message, sizeof message, 0), "recv");
    }
    close(fd);
}

static void server(int port, long long count, long long unused)
{
    (void)port, (void)unused;
    char message[BENCH_MESSAGE];
    int fd = bench_accept(bench_listen());
    for (long long i = 0; i < count; i++) {
        whole(recv(fd, message, sizeof message, 0), "recv");
        whole(send(fd, message, sizeof message, 0), "send");
    }
    close(fd);
}

static void send_much(int port, long long bytes, long long unused)
{
    (void)unused;
    static char piece[BENCH_PIECE];
    memset(piece, 'x', sizeof piece);
    int fd = bench_connect(port);
    for (long long sent = 0; sent < bytes; sent += (long long)sizeof piece)
        bench_send(fd, piece, sizeof piece);
    close(fd);
}

static void receive_much(int port, long long bytes, long long unused)
{
    (void)unused;
    static char piece[BENCH_PIECE];
    int fd = bench_connect(port);
    long long got = 0;
    ssize_t count;
    while ((count = recv(fd, piece, sizeof piece, 0)) > 0)
        got += count;
    close(fd);
    if (got != bytes)
        bench_die("recv");
}

static void greet(int port, long long count, long long unused)
{
    (void)port, (void)unused;
    char greeting[BENCH_MESSAGE];
    memset(greeting, 'x', sizeof greeting);
    int listener = bench_listen();
    for (long long i = 0; i < count; i++) {
        int fd = bench_accept(listener);
        bench_send(fd, greeting, sizeof greeting);
        close(fd);
    }
}

/* The first to come gives the signal for each round and hears when it is over. */
static void broadcast(int port, long long clients, long long rounds)
{
    (void)port;
    char message[BENCH_MESSAGE];
    memset(message, 'x', sizeof message);
    int listener = bench_listen();
    int *fds = malloc((size_t)(clients + 1) * sizeof *fds);
    if (fds == NULL)
        bench_die("malloc");
    for (long long i = 0; i <= clients; i++) {
        fds[i] = bench_accept(listener);
        bench_send(fds[i], "k", 1);
    }
    for (long long round = 0; round < rounds; round++) {
        bench_receive(fds[0], message, 1);
        for (long long i = 1; i <= clients; i++)
            bench_send(fds[i], message, sizeof message);
        bench_send(fds[0], "k", 1);
    }
    free(fds);
}

/* Nanoseconds of processor time for each of `count` calls. */
static void print_cost(const char *name, clock_t began, long long count)
{
    double seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
    printf("%s %.3f\n", name, seconds * 1e9 / (double)count);
}

static void cost(int port, long long count, long long unused)
{
    (void)port, (void)unused;
    char message[BENCH_MESSAGE] = "";
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1, pair[2];
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        bench_die("socket");
    clock_t began = clock();
    for (long long i = 0; i < count; i++) {
        socklen_t length = sizeof address;
        if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
            bench_die("getsockname");
    }
    print_cost("getsockname", began, count);
    began = clock();
    for (long long i = 0; i < count; i++)
        if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
            bench_die("setsockopt");
    print_cost("setsockopt", began, count);
    began = clock();
    for (long long i = 0; i < count; i++) {
        whole(send(pair[0], message, sizeof message, 0), "send");
        whole(recv(pair[1], message, sizeof message, 0), "recv");
    }
    print_cost("sendrecv", began, count);
}

static void watch(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        bench_die("epoll_ctl");
}

static void echo_once(int fd)
{
    char data[4096];
    ssize_t count = recv(fd, data, sizeof data, 0);
    if (count <= 0)
        close(fd);
    else
        bench_send(fd, data, (size_t)count);
}

/* Until it is killed. */
static void echo(int port, long long unused, long long unused_too)
{
    (void)port, (void)unused, (void)unused_too;
    struct epoll_event events[PLAIN_EVENTS];
    int epoll = epoll_create1(0), listener = bench_listen();
    watch(epoll, listener);
    for (;;) {
        int ready = epoll_wait(epoll, events, PLAIN_EVENTS, -1);
        if (ready < 0)
            bench_die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener)
                watch(epoll, bench_accept(listener));
            else
                echo_once(events[i].data.fd);
        }
    }
}

static const struct role {
    const char *name;
    void (*play)(int port, long long count, long long more);
} roles[] = {
    {"client", client}, {"server", server},       {"send", send_much}, {"receive", receive_much},
    {"greet", greet},   {"broadcast", broadcast}, {"cost", cost},      {"echo", echo},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc >= 3 && argc <= 5 && i < sizeof roles / sizeof *roles; i++) {
        if (strcmp(argv[1], roles[i].name) != 0)
            continue;
        roles[i].play((int)bench_number(argv[2], 65535),
                      argc > 3 ? bench_number(argv[3], 1LL << 40) : 0,
                      argc > 4 ? bench_number(argv[4], 1LL << 40) : 0);
        return 0;
    }
    fprintf(stderr, "usage: %s ROLE PORT [N [M]]\n", argv[0]);
    return 2;
}
