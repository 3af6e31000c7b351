/* SPDX-License-Identifier: MIT
 *
 * A journal as JSON and back, whole: so that a page can be taken apart again and joined with
 * another. Constants go by their names, which mean the same on every system. What is read may come
 * from a stranger: any wrong shape is an error, and none is repaired.
 */
#ifndef PAGE_JSON_H
#define PAGE_JSON_H

#include "view/journal.h"

/* Bytes of text that are read at most. */
#define JSON_LIMIT ((size_t)64 << 20)

/* Of a journal that is read: structures may weigh more here than where they were recorded. */
#define JSON_BUDGET (2 * JOURNAL_BUDGET)

/* Appends the journal as one object. Strings hold bytes: each is the character of its number, 0 to
 * 255. The text is ASCII, without `<`, `>` and `&`, so that it may stand in a page's <script>. */
void json_append_journal(struct buffer *out, const struct journal *journal);

/* Returns 0, ENOMEM, or EINVAL with `why` in words: "entries[3].record.call: there is no ...", fit
 * for a terminal. */
int json_read_journal(const char *text, size_t length, struct journal **journal,
                      struct buffer *why);

#endif
