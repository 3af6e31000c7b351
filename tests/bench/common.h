/* SPDX-License-Identifier: MIT
 *
 * What the C programs of the benchmark share. Every failure ends the program with a message: a
 * figure that came about in another way than it says is worth nothing.
 */
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#include <stddef.h>

enum { BENCH_MESSAGE = 64, BENCH_PIECE = 65536, BENCH_BACKLOG = 4096 };

/* Seconds of CLOCK_MONOTONIC. */
double bench_now(void);

_Noreturn void bench_die(const char *what);

/* A number between 0 and `most` from the command line. */
long long bench_number(const char *text, long long most);

/* Listens on a free port of 127.0.0.1 and prints the port. */
int bench_listen(void);
int bench_accept(int listener);
int bench_connect(int port);

/* Closes with a reset, so that no TIME_WAIT of this run burdens the next one. */
void bench_reset(int fd);

void bench_send(int fd, const char *data, size_t length);

/* Exactly that many bytes; an earlier end of stream is a failure. */
void bench_receive(int fd, char *data, size_t length);

#endif
