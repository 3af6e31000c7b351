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
    size_t match; /* of a datagram that was received: which of the sends it was */
};

struct stream_direction {
    struct stream_piece *sends, *receives; /* in order, without a gap in a stream */
    size_t send_count, receive_count;
    size_t sent, received;             /* bytes in all */
    bool sender_known, receiver_known; /* false: that end is outside of what was recorded */
    bool ended;                        /* the end of the stream was received */
    bool datagrams;                    /* each send is one, and so is each receive */
    bool receiver_closed;              /* what was not received by now never will be */
    bool incomplete;                   /* calls fell out, or were not recorded: the two
                                          rows may not match */
};

/* Both directions of a socket's conversation: [0] what it sent, [1] what it received. Calls that
 * take nothing from the stream (MSG_PEEK) or do not belong to it (MSG_OOB) are left out; bytes that
 * TCP threw away (MSG_TRUNC) count as received. Datagrams have their borders kept; those to or from
 * others are left out, and so is one that was received but not seen to be sent. Pieces point into
 * the journal and live as long as its entries. Returns 0, ENOENT where there is no such end, or
 * ENOMEM. */
int stream_read(const struct journal *journal, const struct ends *ends, int end,
                struct stream_direction directions[2]);
void stream_free(struct stream_direction directions[2]);

/* Draws one direction in lines of at most `width` columns, from 40; `names` are those of sender and
 * receiver, as "c (4)". Long pieces are shortened where everything would take more than a few
 * lines, and what is left out is counted. */
void stream_append(struct buffer *out, const struct stream_direction *direction,
                   const char *const names[2], size_t width, bool utf8);

#endif
