/* SPDX-License-Identifier: MIT
 *
 * The line editor as a client of the loop: GNU Readline's callback interface behind a struct of
 * functions. Knows keys, lines, history and the terminal; what a line means is its host's affair.
 */
#ifndef PROMPT_PROMPT_H
#define PROMPT_PROMPT_H

#include "base/port.h"
#include "loop/loop.h"

/* One candidate for a word that Tab completes; both texts are copied by prompt_offer(). */
struct prompt_offers;

struct prompt_host {
    /* A line, or a pasted block with newlines in it; NULL for Ctrl-D on an empty line. The editor is
     * hidden and the terminal is cooked when this is called; prompt_show() brings the next line. */
    void (*line)(void *owner, const char *text);

    /* Tab at `end` of the text: offers candidates by prompt_offer(). `start` is where the word that
     * is completed begins. Returns a line to show above the prompt (a call's signature) or NULL; it
     * stays valid until the next call. */
    const char *(*complete)(void *owner, const char *text, int start, int end,
                            struct prompt_offers *offers);
    void *owner;
};

struct prompt;

/* `out` is the port whose hooks the prompt fills. The history is read from `history_path` where that
 * is not NULL (a missing file is an empty history). Returns 0 or an errno value. */
int prompt_new(struct loop *loop, struct port *out, const char *history_path,
               const struct prompt_host *host, struct prompt **prompt);
void prompt_free(struct prompt *prompt);

/* Shows the prompt and begins to read a line. */
void prompt_show(struct prompt *prompt, const char *text);

/* As prompt_show(), with `line` typed already. */
void prompt_show_with(struct prompt *prompt, const char *text, const char *line);

/* Whether a line is being read. */
bool prompt_is_shown(const struct prompt *prompt);

/* Drops the line being typed as Ctrl-C does (the text stays on the screen behind `^C`), ends the
 * reading of a line, and restores the terminal. */
void prompt_interrupt(struct prompt *prompt);

/* The terminal's part in signals: before a stop, after a continue, after a resize. */
void prompt_suspend(struct prompt *prompt);
void prompt_resume(struct prompt *prompt);
void prompt_resize(struct prompt *prompt);

/* Remembers an entry, newlines and all, in memory and at the end of the file at once. An entry that
 * begins with a space, is empty or repeats the last one is not remembered. Returns 0 or an errno
 * value when the file could not be written; the entry is in memory all the same. */
int prompt_remember(struct prompt *prompt, const char *entry);

/* Adds a candidate; `text` replaces the word. `append` is typed after it when it is the only one:
 * '\0' for nothing. Returns false where there is no memory. */
bool prompt_offer(struct prompt_offers *offers, const char *text, char append);

/* The history file's path in the XDG state directory, its directories made with mode 0700; NULL
 * where there is no home. The caller frees it. */
char *prompt_history_path(void);

#endif
