/* SPDX-License-Identifier: MIT
 *
 * Name resolution that can be given up. getaddrinfo(3) blocks and cannot be interrupted without
 * loss, so it runs in a thread of its own; whoever asked waits for a descriptor to become readable,
 * and may walk away at any moment: the answer is then thrown away when it comes.
 */
#ifndef NET_LOOKUP_H
#define NET_LOOKUP_H

#include "net/address.h"
#include "net/sys.h"

struct lookup_question {
    const char *host;           /* NULL or a name */
    const char *service;        /* NULL, a name or digits */
    struct net_address address; /* length not 0: a getnameinfo() question for this address */
    int family, type, protocol, flags;
};

struct lookup_answer {
    int error;        /* 0 or an EAI_ value */
    int system_error; /* errno where `error` is EAI_SYSTEM */
    struct addrinfo *list;
    char host[NI_MAXHOST], service[NI_MAXSERV];
};

struct lookup;

/* Starts; `fd` becomes readable when the answer is there, and belongs to the lookup. The question
 * is copied. `sys` must outlive every lookup, dropped ones included: their threads still use it.
 * Returns 0 or an errno value (EAGAIN: no thread, EMFILE, ENOMEM). */
int lookup_start(const struct net_sys *sys, const struct lookup_question *question,
                 struct lookup **lookup, int *fd);

/* The answer, once the descriptor is readable; NULL before. The lookup owns it. */
const struct lookup_answer *lookup_answer(struct lookup *lookup);

/* Closes the descriptor, which nobody waits for any more; the answer may still be asked for. */
void lookup_close(struct lookup *lookup);

/* Gives everything back, whether or not the answer came. */
void lookup_drop(struct lookup *lookup);

/* A port as text: digits (0 to 65535) or a service name for `type` (SOCK_STREAM: tcp, SOCK_DGRAM:
 * udp, another: either). Reads the local services file, no network. Returns 0, ERANGE for a number
 * that is no port, or ENOENT where there is no such service. */
int lookup_port(const char *text, size_t length, int type, int *port);

#endif
