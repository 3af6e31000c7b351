/* SPDX-License-Identifier: MIT
 *
 * What the page's files share: html.c has the frame, html_step.c the steps, html_table.c the table
 * of sockets, html_badge.c a shell's name.
 */
#ifndef PAGE_HTML_INSIDE_H
#define PAGE_HTML_INSIDE_H

#include "view/sequence.h"

struct html_page {
    struct buffer *out;
    const struct journal *journal;
    struct sequence sequence;
    double begin;     /* the diagram's time 0 */
    bool merged;      /* of two shells: say whose everything is */
    bool by_call;     /* nothing was typed or told, as in a script: each call is a step */
    unsigned step;    /* the one in hand, from 1 */
    unsigned chapter; /* the step whose narration it belongs to; 0: of none */
    unsigned origin;  /* whose step it is */
    bool in_log;      /* a list of calls and results is open */
};

/* Looks the journal over. */
void html_survey(struct html_page *page);

/* Entries before the first step that belong to none; says where the first step begins. */
size_t html_append_notes(struct html_page *page);
void html_append_steps(struct html_page *page, size_t first);

/* The name of a shell as a badge. */
void html_append_who(struct html_page *page, unsigned origin);

void html_append_table(struct html_page *page, const struct journal_entry *entry);

#endif
