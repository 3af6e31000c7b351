/* SPDX-License-Identifier: MIT
 *
 * What happened in a session, in the order in which it happened: what was typed and told, the calls
 * that were made, and how the sockets stood after each step. Recorded once; the pictures and the
 * page are renderings of it. It is a ring of a stated size in bytes: the oldest entries fall out,
 * and how many did is known. Knows neither Lua nor where a picture goes.
 */
#ifndef VIEW_JOURNAL_H
#define VIEW_JOURNAL_H

#include "net/inspect.h"
#include "net/record.h"

/* Of all entries together, with what they point to. */
#define JOURNAL_BUDGET ((size_t)4 << 20)

/* Bytes of a call's data that are kept; its record's result and size tell the whole length. */
#define JOURNAL_DATA_LIMIT 1024

/* Sockets that one table of them keeps. */
#define JOURNAL_TABLE_LIMIT 64

/* Shells whose journals are merged into one. */
enum { JOURNAL_ORIGINS = 2 };

enum journal_kind {
    JOURNAL_CALL,   /* `record` */
    JOURNAL_TYPED,  /* `text`: what was typed, or the lesson's own line */
    JOURNAL_TOLD,   /* `text`: a lesson's narration; its first line is the step's title */
    JOURNAL_SHOWN,  /* `text`: a value or an error as it was shown */
    JOURNAL_TABLE,  /* `sockets`: how they stood when a step had ended */
    JOURNAL_PAUSED, /* from here on calls are not recorded */
    JOURNAL_RESUMED,
    JOURNAL_KIND_COUNT
};

/* One row of the table of sockets. */
struct journal_socket {
    unsigned long serial; /* 0: unknown, as of a connection in TIME_WAIT */
    int fd;               /* -1: closed, but the kernel still keeps the connection */
    int family, type, protocol;
    bool bound, listening, connecting;
    char variable[32]; /* the global that holds it; "" for none */
    double closed;     /* seconds since close(); -1 where it is open or that is unknown */
    struct net_view view;
};

struct journal_entry {
    enum journal_kind kind;
    unsigned origin;      /* which shell recorded it: below JOURNAL_ORIGINS */
    unsigned long number; /* counts up from 1, without gaps but for entries that found no memory */
    double time;          /* seconds of CLOCK_MONOTONIC; of a call, when it returned */
    const char *text;     /* zero-terminated; NULL for none. May hold any bytes but zero. */
    struct net_record record;
    const struct journal_socket *sockets;
    size_t socket_count, socket_rest; /* at `sockets`, and how many more there were */
    size_t socket_unasked; /* closed ones of which the kernel was not asked what it keeps */
};

struct journal;

/* Returns 0 or ENOMEM. `name` says whose it is, as "lab3 (pid 4711)". */
int journal_new(size_t budget, const char *name, struct journal **journal);
void journal_free(struct journal *journal);

/* Who an origin is; "" where there is none. */
const char *journal_name(const struct journal *journal, unsigned origin);
void journal_set_name(struct journal *journal, unsigned origin, const char *name);

/* Seconds of the real-time clock (since 1970) when the monotonic clock of `time` was 0. */
double journal_epoch(const struct journal *journal);
void journal_set_epoch(struct journal *journal, double epoch);

/* Copies the entry and all that it points to, cut to the limits above; its number is given by the
 * journal. Returns 0, or ENOMEM: the entry counts as one that fell out then. */
int journal_add(struct journal *journal, const struct journal_entry *entry);

/* As journal_add(), of a call or of a text at a time. */
int journal_add_call(struct journal *journal, const struct net_record *record);
int journal_add_text(struct journal *journal, enum journal_kind kind, double time,
                     const char *text);

/* The entries that are there, oldest first; each valid until the next is added, or as long as the
 * journal is held. */
size_t journal_count(const struct journal *journal);
const struct journal_entry *journal_at(const struct journal *journal, size_t index);

/* Between the two nothing falls out, whatever is added: entries stay where they are while somebody
 * reads them and other code may run. Holds count; with the last one's end the budget holds again.
 */
void journal_hold(struct journal *journal);
void journal_release(struct journal *journal);

/* How many fell out, and how many of those were calls. */
unsigned long journal_lost(const struct journal *journal);
unsigned long journal_lost_calls(const struct journal *journal);

/* Whether any is missing for want of memory, and not as an old one in favour of a new one. */
bool journal_is_starved(const struct journal *journal);

/* Of a journal that is read back: so many had fallen out before its first entry. Called before that
 * is added; its number follows theirs. */
void journal_set_lost(struct journal *journal, unsigned long lost, unsigned long lost_calls);

/* The number that the next entry will have. */
unsigned long journal_next(const struct journal *journal);

#endif
