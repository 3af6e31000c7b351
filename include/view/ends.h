/* SPDX-License-Identifier: MIT
 *
 * The sockets that a journal tells of, and which of them are the two ends of one conversation:
 * matched by address pairs, by socketpair(), and for UNIX sockets by the order of connect and
 * accept. Knows nothing of pictures.
 */
#ifndef VIEW_ENDS_H
#define VIEW_ENDS_H

#include "view/journal.h"

enum { ENDS_NONE = -1 };

enum end_role {
    END_UNKNOWN,
    END_CLIENT,   /* called connect(), or is a datagram socket without a bind() of its own */
    END_LISTENER, /* called listen() */
    END_SERVER,   /* was accepted, or is a datagram socket that was bound */
    END_PAIR_FIRST,
    END_PAIR_SECOND
};

/* One socket of a shell. */
struct end {
    unsigned origin;
    unsigned long serial;
    int fd;
    int family, type, protocol;
    enum end_role role;
    struct net_address local, peer; /* as last seen; length 0: unknown or none */
    int partner;  /* index of the other end in the list, which may be its own; ENDS_NONE: outside */
    int listener; /* of one that was accepted; ENDS_NONE: not known */
    size_t first, last; /* indices of its first and last entry in the journal */
    bool meets_itself;  /* of datagrams: it sent, or was connected, to its own address */
    bool closed;
    double closed_at; /* time of close() */
};

struct ends {
    struct end *list; /* in the order in which they first appear */
    size_t count;
};

/* Reads the journal. `now`, `now_count`: sockets as they stand at this moment, or NULL: they tell
 * addresses that fell out of the journal. Returns 0 or ENOMEM. */
int ends_read(const struct journal *journal, const struct journal_socket *now, size_t now_count,
              struct ends *ends);
void ends_free(struct ends *ends);

/* The index of a socket; ENDS_NONE where the journal does not tell of it. */
int ends_find(const struct ends *ends, unsigned origin, unsigned long serial);

#endif
