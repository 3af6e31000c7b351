/* SPDX-License-Identifier: MIT
 *
 * A journal in a file and back, whatever kind of file its name asks for.
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "view/journal.h"

/* Reads the journal out of a page, or out of JSON alone. Returns 0 or an errno value; `why` then
 * says in words what was wrong where it is not the system's to say (EINVAL). */
int page_load(const char *path, struct journal **journal, struct buffer *why);

/* Writes a page (.html, .htm), the sequence diagram (.svg) or the journal (.json), whole or not at
 * all. `title` is the page's, or NULL. Returns 0, EINVAL with `why` for another name, or an errno
 * value. */
int page_save(const char *path, const struct journal *journal, const char *title,
              struct buffer *why);

#endif
