/* SPDX-License-Identifier: MIT
 *
 * The sequence diagram as a list of rows, whatever it is drawn with: a lane for each side, the
 * calls that were made (solid) and the segments that must have gone between (inferred, dashed).
 * Text, SVG and the page draw the same rows. All of its texts are fit to be shown on a terminal,
 * and know no markup: who writes SVG or HTML escapes for that.
 */
#ifndef VIEW_SEQUENCE_H
#define VIEW_SEQUENCE_H

#include "view/ends.h"

/* The left lane has whoever connects, sends first or was made first; the right one listens. */
enum sequence_side { SEQUENCE_LEFT, SEQUENCE_RIGHT, SEQUENCE_SIDES };

enum sequence_kind {
    SEQUENCE_CALL,    /* `text` on `side`: `send(4, "hello") = 5` */
    SEQUENCE_RETURN,  /* the result of a call that stood above, after segments of its own: `= 0` */
    SEQUENCE_SEGMENT, /* between the lanes, from `side` to the other */
    SEQUENCE_NOTE     /* over both lanes: "3 calls were not recorded", "tracing was off" */
};

enum sequence_fate {
    SEQUENCE_ARRIVES,
    SEQUENCE_LOST,   /* nobody answered: a SYN to a full queue */
    SEQUENCE_REFUSED /* answered by, or itself, a reset: drawn with a cross for a head */
};

struct sequence_row {
    enum sequence_kind kind;
    enum sequence_side side;
    double time;      /* seconds since the diagram's first row */
    const char *text; /* never NULL */
    enum sequence_fate fate;
    bool inferred;                     /* dashed: it follows from the calls, nobody saw it */
    bool data;                         /* a segment that carries bytes */
    bool failed;                       /* a call that returned an error */
    const char *state[SEQUENCE_SIDES]; /* TCP state of each side after the row; NULL: as before */
    const char *note[SEQUENCE_SIDES];  /* "unread: 5", "queue 1 of 5"; NULL for none */
    const char *task;                  /* of the call; NULL for the foreground */
    unsigned conversation;             /* counts from 1; 0: of none yet, as socket() is */
    unsigned origin;                   /* of the shell whose call it was */
    unsigned long entry;               /* number of the journal's entry that it came from */
};

struct sequence {
    struct sequence_row *rows;
    size_t count;
    const char
        *title[SEQUENCE_SIDES]; /* "client", "server (outside)"; in a merged one with who it is */
    unsigned conversations;
    struct buffer *texts; /* owns what the rows point to */
    size_t text_count;
};

/* What to draw: everything, or the conversations of one socket. */
struct sequence_request {
    unsigned origin;
    unsigned long serial;             /* 0: of all sockets */
    unsigned long from;               /* the number of the first entry; 0: all that there are */
    const struct journal_socket *now; /* as for ends_read() */
    size_t now_count;
};

/* Returns 0 or ENOMEM. */
int sequence_build(const struct journal *journal, const struct sequence_request *request,
                   struct sequence *sequence);
void sequence_free(struct sequence *sequence);

/* Draws it in lines of at most `width` columns (40 at the least), with borders beyond ASCII only
 * where `utf8` says so. */
void sequence_append(struct buffer *out, const struct sequence *sequence, size_t width, bool utf8);

#endif
