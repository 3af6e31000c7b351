/* SPDX-License-Identifier: MIT
 *
 * The other side of every measurement, and its clock: whoever plays the role under test, it is this
 * program that it talks to, and this program that says how long it took. Usage: peer TASK
 * ARGUMENT... It prints seconds (`load`: messages per second); those that listen print their port
 * before.
 */
#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PEER_EVENTS = 256, PEER_BATCH = 100, PEER_PATIENCE = 300 /* seconds until it gives up */ };

extern char **environ;

static void answer(double number)
{
    printf("%.9f\n", number);
    fflush(stdout);
}

/* echo N: for a client that makes N round trips and closes. */
static void echo(char **arguments)
{
    char message[BENCH_MESSAGE];
    long long count = bench_number(arguments[0], 1LL << 40);
    int fd = bench_accept(bench_listen());
    bench_receive(fd, message, sizeof message);
    double began = bench_now();
    for (long long i = 1; i < count; i++) {
        bench_send(fd, message, sizeof message);
        bench_receive(fd, message, sizeof message);
    }
    bench_send(fd, message, sizeof message);
    if (recv(fd, message, sizeof message, 0) != 0)
        bench_die("end of stream");
    answer(bench_now() - began);
}

/* ping PORT N: N round trips with a server. */
static void ping(char **arguments)
{
    char message[BENCH_MESSAGE];
    memset(message, 'x', sizeof message);
    int fd = bench_connect((int)bench_number(arguments[0], 65535));
    long long count = bench_number(arguments[1], 1LL << 40);
    double began = bench_now();
    for (long long i = 0; i < count; i++) {
        bench_send(fd, message, sizeof message);
        bench_receive(fd, message, sizeof message);
    }
    answer(bench_now() - began);
    bench_reset(fd);
}

/* drain BYTES: for a client that sends so many and closes. */
static void drain(char **arguments)
{
    static char piece[4 * BENCH_PIECE];
    long long expected = bench_number(arguments[0], 1LL << 40), got = 0;
    int fd = bench_accept(bench_listen());
    double began = bench_now();
    ssize_t count;
    while ((count = recv(fd, piece, sizeof piece, 0)) > 0)
        got += count;
    double ended = bench_now();
    if (got != expected)
        bench_die("drain");
    answer(ended - began);
}

/* pour BYTES: to a client that reads to the end and closes. */
static void pour(char **arguments)
{
    static char piece[BENCH_PIECE];
    long long bytes = bench_number(arguments[0], 1LL << 40);
    int fd = bench_accept(bench_listen());
    double began = bench_now();
    for (long long sent = 0; sent < bytes; sent += (long long)sizeof piece)
        bench_send(fd, piece, sizeof piece);
    if (shutdown(fd, SHUT_WR) != 0 || recv(fd, piece, 1, 0) != 0)
        bench_die("pour");
    answer(bench_now() - began);
}

/* visit PORT N: N connections, one after the other, each greeted and closed by the server. */
static void visit(char **arguments)
{
    char greeting[BENCH_MESSAGE], more;
    int port = (int)bench_number(arguments[0], 65535);
    long long count = bench_number(arguments[1], 1LL << 40);
    double began = bench_now();
    for (long long i = 0; i < count; i++) {
        int fd = bench_connect(port);
        bench_receive(fd, greeting, sizeof greeting);
        if (recv(fd, &more, 1, 0) != 0)
            bench_die("visit");
        bench_reset(fd);
    }
    answer(bench_now() - began);
}

/* Connects, and waits until the server has said that it accepted. */
static int connect_and_hear(int port)
{
    char heard;
    int fd = bench_connect(port);
    bench_receive(fd, &heard, 1);
    return fd;
}

/* crowd PORT CLIENTS ROUNDS: counts the time from the signal for a round until the server has sent
 * to all of them; that they got it is looked at while the clock stands. */
static void crowd(char **arguments)
{
    char message[BENCH_MESSAGE];
    int port = (int)bench_number(arguments[0], 65535);
    size_t count = (size_t)bench_number(arguments[1], 1000000);
    long long rounds = bench_number(arguments[2], 1LL << 40);
    int *clients = malloc((count + 1) * sizeof *clients);
    if (clients == NULL)
        bench_die("malloc");
    int conductor = connect_and_hear(port);
    for (size_t i = 0; i < count; i++)
        clients[i] = connect_and_hear(port);
    double total = 0;
    for (long long round = 0; round < rounds; round++) {
        double began = bench_now();
        bench_send(conductor, "g", 1);
        bench_receive(conductor, message, 1);
        total += bench_now() - began;
        for (size_t i = 0; i < count; i++)
            bench_receive(clients[i], message, sizeof message);
    }
    answer(total);
    for (size_t i = 0; i < count; i++)
        bench_reset(clients[i]);
    free(clients);
}

struct load {
    int epoll;
    size_t count;
    struct load_client {
        int fd;
        size_t got; /* bytes of the present answer */
    } * clients;
    char message[BENCH_MESSAGE];
};

static void load_exchange(struct load *load, size_t from, size_t to)
{
    char answered[BENCH_MESSAGE];
    for (size_t i = from; i < to; i++)
        bench_send(load->clients[i].fd, load->message, sizeof load->message);
    for (size_t i = from; i < to; i++)
        bench_receive(load->clients[i].fd, answered, sizeof answered);
}

/* One exchange with each batch shows that the server has accepted it; without that the queue of the
 * listener would overflow. */
static void load_connect(struct load *load, int port)
{
    int on = 1;
    size_t waiting = 0;
    for (size_t i = 0; i < load->count; i++) {
        struct load_client *client = &load->clients[i];
        client->fd = bench_connect(port);
        setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = client}};
        if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, client->fd, &event) != 0)
            bench_die("epoll_ctl");
        if (i + 1 - waiting == PEER_BATCH || i + 1 == load->count) {
            load_exchange(load, waiting, i + 1);
            waiting = i + 1;
        }
    }
}

/* Takes an answer and sends the next message. Returns whether the answer was complete. */
static int load_turn(struct load *load, struct load_client *client)
{
    char answered[BENCH_MESSAGE];
    errno = 0;
    ssize_t count = recv(client->fd, answered, sizeof answered - client->got, MSG_DONTWAIT);
    if (count <= 0)
        bench_die("load: recv");
    client->got += (size_t)count;
    if (client->got < sizeof answered)
        return 0;
    client->got = 0;
    bench_send(client->fd, load->message, sizeof load->message);
    return 1;
}

static long long load_run(struct load *load, double until)
{
    struct epoll_event events[PEER_EVENTS];
    long long answers = 0;
    while (bench_now() < until) {
        int ready = epoll_wait(load->epoll, events, PEER_EVENTS, 1000);
        if (ready < 0)
            bench_die("epoll_wait");
        for (int i = 0; i < ready; i++)
            answers += load_turn(load, events[i].data.ptr);
    }
    return answers;
}

/* load PORT CONNECTIONS MILLISECONDS: each connection has one message under way at any time. After
 * a fifth of the time for warming up it counts. Then it holds the connections until its standard
 * input ends, so that the server's memory can be looked at. */
static void load(char **arguments)
{
    int port = (int)bench_number(arguments[0], 65535);
    struct load load = {.epoll = epoll_create1(0)};
    load.count = (size_t)bench_number(arguments[1], 1000000);
    double seconds = (double)bench_number(arguments[2], 1000000) / 1000;
    load.clients = calloc(load.count, sizeof *load.clients);
    if (load.clients == NULL)
        bench_die("calloc");
    memset(load.message, 'x', sizeof load.message);
    load_connect(&load, port);
    for (size_t i = 0; i < load.count; i++)
        bench_send(load.clients[i].fd, load.message, sizeof load.message);
    load_run(&load, bench_now() + seconds / 5);
    double began = bench_now();
    long long answers = load_run(&load, began + seconds);
    answer((double)answers / (bench_now() - began));
    while (getchar() != EOF)
        ;
    for (size_t i = 0; i < load.count; i++)
        bench_reset(load.clients[i].fd);
    free(load.clients);
}

/* start N PROGRAM ARGUMENT...: starts it N times, each time to its end. */
static void start(char **arguments)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    long long count = bench_number(arguments[0], 100000);
    double began = bench_now();
    for (long long i = 0; i < count; i++) {
        pid_t child;
        int status;
        errno = posix_spawnp(&child, arguments[1], &actions, NULL, arguments + 1, environ);
        if (errno != 0 || waitpid(child, &status, 0) != child)
            bench_die(arguments[1]);
        if (status != 0)
            bench_die("status of the program");
    }
    answer((bench_now() - began) / (double)count);
    posix_spawn_file_actions_destroy(&actions);
}

static const struct task {
    const char *name;
    int arguments; /* at least so many */
    void (*play)(char **arguments);
} tasks[] = {
    {"echo", 1, echo},   {"ping", 2, ping},   {"drain", 1, drain}, {"pour", 1, pour},
    {"visit", 2, visit}, {"crowd", 3, crowd}, {"load", 3, load},   {"start", 2, start},
};

int main(int argc, char **argv)
{
    alarm(PEER_PATIENCE);
    for (size_t i = 0; argc > 1 && i < sizeof tasks / sizeof *tasks; i++) {
        if (strcmp(argv[1], tasks[i].name) != 0 || argc < tasks[i].arguments + 2)
            continue;
        tasks[i].play(argv + 2);
        return 0;
    }
    fprintf(stderr, "usage: %s TASK ARGUMENT...\n", argv[0]);
    return 2;
}
