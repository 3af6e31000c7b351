/* SPDX-License-Identifier: MIT
 *
 * The line editor as a client of the loop: GNU Readline's callback interface behind a struct of
 * functions. Knows keys, lines, history and the terminal; what a line means is its host's affair.
 *
 * Standard input is what is read. Readline is one to a process, and so is the prompt.
 */
#ifndef PROMPT_PROMPT_H
#define PROMPT_PROMPT_H

#include "base/port.h"
#include "loop/loop.h"

/* The candidates for a word that Tab completes; prompt_offer() adds to them. */
struct prompt_offers;

struct prompt_host {
    /* A line, or a pasted block with newlines in it; NULL for Ctrl-D on an empty line and for the
     * end of standard input. The editor is hidden and the terminal is cooked when this is called,
     * which is not from within Readline: the host may turn the loop, show the next prompt or free
     * this one. prompt_show() brings the next line. `text` lives until this returns. */
    void (*line)(void *owner, const char *text);

    /* Tab at `end` of the text: offers candidates by prompt_offer(). `start` is where the word that
     * is completed begins: a name with its dots and colons (`socket.AF_`, `s:bi`), or within quotes
     * all that stands behind the opening one. Returns a line to show above the prompt (a call's
     * signature) or NULL; it stays valid until the next call. Where nothing is offered within
     * quotes, file names are. May be NULL. */
    const char *(*complete)(void *owner, const char *text, int start, int end,
                            struct prompt_offers *offers);
    void *owner;
};

struct prompt;

/* `out` is where the prompt is written, and the first port that it guards. The history is read from
 * `history_path` where that is not NULL; a file that is missing, broken or unreadable is an empty
 * history. Returns 0, EBUSY where there is a prompt already, or ENOMEM. */
int prompt_new(struct loop *loop, struct port *out, const char *history_path,
               const struct prompt_host *host, struct prompt **prompt);

/* Ends the reading of a line, restores the terminal and takes the hooks out of the ports. */
void prompt_free(struct prompt *prompt);

/* Fills the hooks of one more port that writes to the same terminal, as standard error does: the
 * line that is being typed makes room for its output too. Returns ENOSPC after four. */
int prompt_guard(struct prompt *prompt, struct port *port);

/* Shows the prompt in column 0 and begins to read a line. What takes no room in `text`, as a
 * colour, stands between \001 and \002. Where a prompt is shown already, its text is replaced and
 * the line stays. `line` is what is typed already, NULL for nothing. Returns 0, or what
 * loop_watch_start() returned. */
int prompt_show(struct prompt *prompt, const char *text, const char *line);

/* As prompt_show(), but the first character that is typed takes the line's place, as it does
 * with a selection; a key that moves the cursor or deletes makes it a line like any other. */
int prompt_suggest(struct prompt *prompt, const char *text, const char *line);

/* Whether the last line was the one suggested, as it stood or edited, and not typed anew. */
bool prompt_was_suggested(const struct prompt *prompt);

/* Whether a line is being read. */
bool prompt_is_shown(const struct prompt *prompt);

/* Drops the line being typed as Ctrl-C does (the text stays on the screen with `^C` behind it),
 * ends the reading of a line, and restores the terminal. Does nothing where no prompt is shown. */
void prompt_interrupt(struct prompt *prompt);

/* The terminal's part in signals: before a stop, after a continue (of a stop that came unannounced
 * too), after a resize. */
void prompt_suspend(struct prompt *prompt);
void prompt_resume(struct prompt *prompt);
void prompt_resize(struct prompt *prompt);

/* Gives the terminal back the settings that it had before the prompt. Async-signal-safe, for the
 * handler of a fatal signal; does nothing while no prompt is shown. */
void prompt_restore_terminal(void);

/* From now on a signal that ends the process by default, as a crash does or Ctrl-\, restores the
 * terminal first; it still ends the process. One that is handled or ignored already stays so. */
void prompt_restore_at_crash(void);

/* Remembers an entry, newlines and all, in memory and at the end of the file at once. An entry that
 * begins with a space, is empty or repeats the last one is not remembered. Returns 0 or an errno
 * value when the file could not be written; the entry is in memory all the same. */
int prompt_remember(struct prompt *prompt, const char *entry);

/* Adds a candidate; `text`, which is copied, replaces the word. `append` is typed after it when it
 * is the only one: '\0' for nothing. Returns false where there is no memory. */
bool prompt_offer(struct prompt_offers *offers, const char *text, char append);

/* The same, of one that is wanted more often than others: in a list it stands before them. */
bool prompt_offer_first(struct prompt_offers *offers, const char *text, char append);

/* In place of candidates: files are offered, whose names begin with what stands from `begin` on, an
 * offset in the text, without quotes. */
void prompt_offer_files(struct prompt_offers *offers, size_t begin);

/* What was offered is not all: nothing is completed then, as one of two would look like the only
 * one. prompt_offer() says so itself where it has no memory. */
void prompt_offers_starve(struct prompt_offers *offers);

/* The history file's path in the XDG state directory, its directories made with mode 0700; NULL
 * where there is no home. The caller frees it. */
char *prompt_history_path(void);

#endif
