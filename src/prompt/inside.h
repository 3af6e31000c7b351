/* SPDX-License-Identifier: MIT
 *
 * What the files of this room know of each other. Readline's callbacks carry no owner, so that each
 * of them asks prompt_current() whose it is.
 */
#ifndef PROMPT_INSIDE_H
#define PROMPT_INSIDE_H

#include "prompt/prompt.h"

#include <stdio.h>

enum { PROMPT_PORTS = 4 };

struct prompt_guard {
    struct prompt *prompt;
    struct port *port;
};

struct prompt {
    struct loop_watch watch; /* first, so that its address is the prompt's */
    struct loop *loop;
    struct port *out;
    struct prompt_host host;
    char *history_path; /* owned; NULL for a history in memory alone */
    struct prompt_guard guards[PROMPT_PORTS];
    size_t guard_count;
    struct buffer paste; /* what came of a paste that has not ended yet */
    char *line;          /* owned; what Readline took, until the host gets it */
    const char *typed;   /* what the startup hook inserts */
    unsigned hidden;     /* how many bursts of output the line makes room for */
    bool cleared;        /* the line was taken off the screen for them */
    bool shown;
    bool suspended;
    bool message; /* a search or a count stands where the prompt would */
    bool pasting;
    bool behind_return;          /* the last byte pasted was a carriage return */
    size_t end_seen;             /* how much of the mark behind a paste has come */
    bool taken;                  /* `line` waits for the host; NULL is the end */
    bool ended;                  /* standard input has no more */
    size_t completed;            /* where what Tab completed last begins in the line */
    const char *completed_links; /* characters between the parts of such names */
    bool suggested;              /* the line began as a suggestion */
    bool untouched;              /* and no key has changed it */
    bool in_sequence;            /* a key of several bytes began while it was untouched */
};

/* The one prompt, or NULL. */
struct prompt *prompt_current(void);
void prompt_set_current(struct prompt *prompt);

/* Waits for one byte. ENODATA at the end of input, EINTR when a signal came and nothing is there.
 */
int terminal_read_byte(int fd, unsigned char *byte);

/* Readline's key reader. EOF at the end of input and at an error, which is noted in the prompt;
 * does not return where a signal came. */
int terminal_read_key(FILE *stream);

/* A byte of a key is about to be taken, or a paste: what is typed replaces an untouched suggestion.
 */
void suggestion_meet(struct prompt *prompt, int byte);
void suggestion_replace(struct prompt *prompt);

/* What was read of the keyboard has been dealt with: the suggestion may be gone by now. */
void suggestion_settle(struct prompt *prompt);

/* Readline's functions before and after a line. */
void terminal_prepare(int meta);
void terminal_release(void);

/* The key binding for the sequence that begins a bracketed paste. */
int paste_begin(int count, int key);

/* Takes what has arrived of a paste; inserts it once its end is there. */
void paste_read(struct prompt *prompt);

/* Whether the terminal echoed when the line was begun: otherwise Readline draws nothing of it. */
bool terminal_echoes(void);

/* Whether Readline draws rows at all: a text on a terminal without a way up has one, which is
 * scrolled. */
bool terminal_draws_rows(void);

/* As rl_redisplay(), but of a text that is taller than the terminal the rows around the cursor. */
void tall_redisplay(void);

/* The key binding for Enter. */
int tall_accept(int count, int key);

/* Hangs completion into Readline, and takes it out. */
void complete_start(void);
void complete_stop(void);

/* Where the quote stands that is open behind `end` bytes of Lua, -1 where none is. Comments and
 * long brackets hold no quotes. */
int quote_open_at(const char *text, int end);

/* What a word could become. */
struct offer {
    char *text; /* owned */
    char append;
    bool first; /* in a list */
};

struct prompt_offers {
    struct offer *items;
    size_t count, capacity;
    bool files;         /* are to be offered, whose names begin at */
    size_t files_begin; /* an offset in the line */
    bool starved;       /* some are missing */
};

void offers_free(struct prompt_offers *offers);

/* By text, each once. */
void offers_sort(struct prompt_offers *offers);

/* Offers the files whose names begin with what was typed behind `quote`, or plain where that is
 * '\0'. */
void files_offer(struct prompt_offers *offers, const char *typed, char quote);

/* Writes words in columns, as ls does; after `most` of them (0: no limit) it says how many are
 * left. The first `skip` bytes of each word are not shown. */
void list_show(struct port *port, char *const *words, size_t count, size_t skip, size_t most);

/* Reads the file into Readline's list and cuts a file that grew too long. Returns 0 or an errno
 * value; a missing file is an empty one. */
int recall_load(const char *path);

/* Adds an entry at the end of the file, which is made with mode 0600. Returns 0 or an errno value;
 * a failure leaves the file as it was. */
int recall_append(const char *path, const char *entry);

#endif
