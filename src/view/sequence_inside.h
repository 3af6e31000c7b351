/* SPDX-License-Identifier: MIT
 *
 * What the files of the sequence diagram share: a stage, on which the journal's calls are played
 * again. Each call adds rows and moves what is believed of a conversation: how far its handshake
 * came, who sent an end, what waits to be read. Where a call's record says how the socket stood,
 * the belief gives way to it.
 */
#ifndef VIEW_SEQUENCE_INSIDE_H
#define VIEW_SEQUENCE_INSIDE_H

#include "view/sequence.h"

enum { TALK_NONE = -1 };

enum talk_kind {
    TALK_TCP,
    TALK_LOCAL, /* a stream without segments: UNIX, socketpair() */
    TALK_DATAGRAM
};

enum talk_handshake {
    HANDSHAKE_NONE, /* of TCP also: a SYN was lost */
    HANDSHAKE_SENT, /* a SYN went, what became of it is not known yet */
    HANDSHAKE_DONE
};

struct talk_side {
    int end; /* ENDS_NONE: outside of the journal */
    enum net_tcp_state state;
    unsigned long waiting; /* bytes (of datagrams: how many) sent to this side and not received */
    bool finished;         /* it said that its stream ends */
    bool held;             /* and its FIN waits behind bytes for which its peer has no room */
    bool heard;            /* the other's end of stream reached it */
    bool deaf;             /* it said SHUT_RD: an end of stream that it reads may be its own */
    bool gone;             /* closed */
};

/* One conversation. */
struct talk {
    enum talk_kind kind;
    unsigned number; /* from 1; 0: no row was shown yet */
    struct talk_side sides[SEQUENCE_SIDES];
    enum talk_handshake handshake;
    enum sequence_side caller;  /* who connects */
    int listener;               /* an end, ENDS_NONE where not known */
    bool begun;                 /* its connect() was played */
    bool accepted;              /* or needs no accept() */
    bool dead;                  /* reset, or given up by TCP */
    bool itself;                /* of a socket with itself: the other side is nobody */
    struct net_address outside; /* of datagrams: the side that is no end */
};

/* What is believed of one socket. */
struct actor {
    enum sequence_side lane;
    enum net_tcp_state state; /* as long as it has no conversation */
    int talk;                 /* of a stream; TALK_NONE */
    size_t setups_ahead;      /* calls of bind() and listen() that are still to be played */
    bool closed;
};

struct flying {
    int talk;
    int to;               /* an end */
    unsigned long length; /* of the datagram */
};

struct stage {
    const struct journal *journal;
    const struct sequence_request *request;
    struct sequence *out;
    struct ends ends;
    struct actor *actors; /* one for each end */
    int target;           /* the end that was asked for; ENDS_NONE */
    struct talk *talks;
    size_t talk_count, talk_capacity;
    struct flying *flying; /* datagrams that nobody received yet, oldest first */
    size_t flying_count, flying_capacity;
    size_t row_capacity, text_capacity;

    size_t played[JOURNAL_ORIGINS]; /* up to which entry of each shell, by index */
    const struct journal_entry *entry;
    double time;                      /* of the row that comes next */
    bool muted;                       /* rows of this entry are not asked for */
    struct sequence_row unseen;       /* is written to instead */
    struct sequence_row *last;        /* the latest row; valid until the next one */
    unsigned long repeated;           /* how often the last row's call was made in a row */
    size_t repeated_length;           /* of its text without the count */
    bool known[SEQUENCE_SIDES];       /* a call was shown there */
    unsigned origins[SEQUENCE_SIDES]; /* bits, of the calls there */
    bool saw_pair, saw_other;         /* kinds of conversations */
    bool failed;                      /* for want of memory */
};

/* sequence_stage.c */

/* Prepares to play the journal; false where there is no memory. */
bool stage_open(struct stage *stage);
void stage_close(struct stage *stage);

/* `array` with room for one element more than `count`; NULL where there is no memory. */
void *stage_grow(struct stage *stage, void *array, size_t count, size_t *capacity, size_t size);

/* Makes a conversation and returns its index; TALK_NONE where there is no memory. */
int stage_add_talk(struct stage *stage, enum talk_kind kind);
struct talk *stage_talk(struct stage *stage, int index);

/* Which side of the conversation an end is. */
enum sequence_side stage_side(const struct talk *talk, int end);
enum sequence_side stage_other(enum sequence_side side);

bool stage_is_tcp(const struct end *end);

/* The end of a socket of the entry's shell. */
int stage_end(const struct stage *stage, unsigned long serial);

/* Whether an end can be reached by an address: it is open, and made so by now. */
bool stage_is_reached(const struct stage *stage, int end, const struct net_address *address);

/* Says whether the rows that follow are of those that were asked for. */
void stage_focus(struct stage *stage, int end, const struct talk *talk);

/* sequence_row.c */

/* Adds a row; never NULL. `text` must live as long as the sequence. */
struct sequence_row *row_add(struct stage *stage, enum sequence_kind kind, enum sequence_side side,
                             const char *text);

/* A row of the entry's call with its result, or without where that stands in a row of its own. */
struct sequence_row *row_add_call(struct stage *stage, struct talk *talk, enum sequence_side side,
                                  bool with_result);
struct sequence_row *row_add_return(struct stage *stage, const struct talk *talk,
                                    enum sequence_side side);
struct sequence_row *row_add_segment(struct stage *stage, struct talk *talk,
                                     enum sequence_side from, const char *text);
struct sequence_row *row_add_data(struct stage *stage, struct talk *talk, enum sequence_side from,
                                  unsigned long length);

/* Keeps a text for the sequence and empties the buffer; "" where there is no memory. */
const char *row_keep(struct stage *stage, struct buffer *text);

/* Moves the state and shows it at the row where it changed. */
void row_set_state(struct sequence_row *row, enum sequence_side side, enum net_tcp_state *state,
                   enum net_tcp_state now);

/* sequence_call.c */

/* Whether a call belongs into the picture. */
bool call_is_drawn(const struct net_record *record);

/* `send(4, "hello")`, and ` = 5`, which is nothing for a plain 0. */
void call_append(struct buffer *out, const struct net_record *record);
void call_append_result(struct buffer *out, const struct net_record *record);

/* 127.0.0.1 is left out: `:8080`. */
void call_append_address(struct buffer *out, const struct net_address *address);

/* sequence_connect.c */

enum connect_part { CONNECT_WHOLE, CONNECT_BEGINS, CONNECT_ENDS };

/* Whether other calls may have come in between its begin and its end. */
bool connect_is_slow(const struct net_record *record);
void connect_play(struct stage *stage, int end, enum connect_part part);
void connect_play_accept(struct stage *stage, int listener);
void connect_play_pair(struct stage *stage);

/* Shows what is missing of a handshake that has come to its end. */
void connect_finish(struct stage *stage, struct talk *talk);

/* The conversation of a stream socket, made where it is new and the partner has none. */
int connect_talk(struct stage *stage, int end);

/* sequence_ending.c: how a stream ends */

/* Whether the connection stands, so that something can end it; and whether a side's end is still to
 * come. */
bool ending_can_come(const struct talk *talk);
bool ending_is_to_come(const struct talk_side *other);

/* The side ends by a call; its FIN may wait behind data. */
void ending_begin(struct stage *stage, struct talk *talk, enum sequence_side side);

/* Its FIN, or of sockets without segments the fact; an ACK of the other's; a RST. */
void ending_add(struct stage *stage, struct talk *talk, enum sequence_side from);
void ending_add_ack(struct stage *stage, struct talk *talk, enum sequence_side from);
void ending_add_reset(struct stage *stage, struct talk *talk, enum sequence_side from);

/* The end of stream of the other side is here, at the row `row`. */
void ending_hear(const struct talk *talk, struct talk_side *side, const struct talk_side *other,
                 enum sequence_side where, struct sequence_row *row);

/* What the record says of the socket, against what is believed: before the call's rows, and after.
 */
void ending_heed_before(struct stage *stage, struct talk *talk, enum sequence_side side);
void ending_heed_after(struct stage *stage, struct talk *talk, enum sequence_side side);

/* sequence_stream.c: calls of streams, but for those above */

void stream_play(struct stage *stage, int end);

/* sequence_self.c: any call of a stream socket that is connected to itself */

void self_play(struct stage *stage, struct talk *talk, enum sequence_side side);

/* sequence_datagram.c */

void datagram_play(struct stage *stage, int end);

/* The datagram that a call of the entry received; SIZE_MAX: its sending was not recorded. */
size_t datagram_find(const struct stage *stage, int end);

/* sequence_order.c */

struct event {
    double time;
    size_t index;
    enum connect_part part;
};

/* The entries in the order in which they took effect; `events` is the caller's to free. Returns 0
 * or ENOMEM. */
int order_read(const struct journal *journal, struct event **events, size_t *count);

/* Which of the events comes next, of two shells whose clocks may differ: `heads` are the first of
 * each that were not played yet. */
size_t order_next(struct stage *stage, const struct event *events, size_t count,
                  const size_t heads[JOURNAL_ORIGINS]);

#endif
