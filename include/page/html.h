/* SPDX-License-Identifier: MIT
 *
 * A journal as one page that needs nothing else: its steps, the sockets as they stood, the sequence
 * diagram, and the journal itself as JSON. It can be stepped through by keys and buttons, is whole
 * without a script and on paper, and lets nothing in from anywhere.
 */
#ifndef PAGE_HTML_H
#define PAGE_HTML_H

#include "view/journal.h"

/* `title` in any bytes; NULL for a plain one. Returns 0 or ENOMEM; the buffer is incomplete then.
 */
int html_append(struct buffer *out, const struct journal *journal, const char *title);

/* Where the journal stands in a page that html_append() wrote; false where there is none. */
bool html_find_journal(const char *page, size_t length, const char **json, size_t *json_length);

#endif
