/* SPDX-License-Identifier: MIT
 *
 * The stream view: the bytes that went one way over a connection, with the borders of the sends
 * above them and those of the receives below. A stream has no messages, and here it is seen.
 */
#ifndef VIEW_STREAM_H
#define VIEW_STREAM_H

#include "view/ends.h"

/* One call's share of a direction: bytes from `offset` on. */
struct stream_piece {
    size_t offset, length;
    const char *data; /* the first `kept` bytes, in the journal */
    size_t kept;
};

struct stream_direction {
    struct stream_piece *sends, *receives;
    size_t send_count, receive_count;
    size_t sent, received;             /* bytes in all */
    bool sender_known, receiver_known; /* false: that end is outside of what was recorded */
    bool ended;                        /* the end of the stream was received */
};

/* Both directions of a socket's conversation: [0] what it sent, [1] what it received. Datagrams
 * have their borders kept. Pieces point into the journal and live as long as its entries. Returns
 * 0, ENOENT where nothing was recorded of the socket, or ENOMEM. */
int stream_read(const struct journal *journal, const struct ends *ends, int end,
                struct stream_direction directions[2]);
void stream_free(struct stream_direction directions[2]);

/* Draws one direction in lines of at most `width` columns, from 40; `names` are those of the two
 * ends, as "c (4)". */
void stream_append(struct buffer *out, const struct stream_direction *direction,
                   const char *const names[2], size_t width, bool utf8);

#endif
