/* SPDX-License-Identifier: MIT
 *
 * A direction's bytes cut into cells, each at home on one line: a byte escaped, a character whole,
 * a stretch that is left out. Knows which calls a cell belongs to, not how they are drawn.
 */
#ifndef VIEW_STREAM_WALK_H
#define VIEW_STREAM_WALK_H

#include "view/stream.h"

#include <stdint.h>

/* In place of a call's index. */
#define WALK_NONE SIZE_MAX
#define WALK_MISSING (SIZE_MAX - 1) /* of a receive: bytes that nobody received yet */
#define WALK_CUT (SIZE_MAX - 2)     /* of a receive: what did not fit into its buffer */
#define WALK_END (SIZE_MAX - 3)     /* of a receive: the call that got the end of the stream */

/* A call's part in a cell. */
struct walk_part {
    size_t call;      /* its index, or one of the above */
    size_t bytes;     /* of the whole call */
    bool first, last; /* the call's first or last byte is in the cell */
};

struct walk_cell {
    char text[48];
    size_t columns;
    size_t bytes;
    bool gap; /* between two datagrams */
    struct walk_part send, receive;
};

/* Bytes between two borders, of either row. */
struct walk_run {
    size_t begin, end;
    size_t send, receive; /* indices, or one of the above */
    bool entered;
};

struct walk {
    const struct stream_direction *direction;
    bool utf8;
    size_t head, tail; /* bytes shown of a long run; head 0: all */
    size_t offset;
    size_t send, receive; /* the first calls that do not end before the offset */
    struct walk_run run;
    bool behind; /* a datagram: the gap comes next */
    bool ended;  /* the end of the stream was told */
};

/* False at the end. */
bool walk_next(struct walk *walk, struct walk_cell *cell);

#endif
