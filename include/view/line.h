/* SPDX-License-Identifier: MIT
 *
 * The call line: one recorded call in strace's notation. One line of text without a newline at its
 * end, fit for a terminal whatever the record holds; it knows neither colours nor where it is
 * written.
 */
#ifndef VIEW_LINE_H
#define VIEW_LINE_H

#include "net/record.h"

/* Appends `bind(3, 127.0.0.1:12345) = 0`, with `[task] ` in front where a task made the call. What
 * a failed call did not fill in (accept's address, recv's data) is left out; data that was given
 * and not recorded is `...`. Of getnameinfo and gethostname, whose results are names, `host` and
 * `service` are the results. */
void line_append(struct buffer *out, const struct net_record *record);

/* The same for a terminal of so many columns, `margin` of which are taken in front. Where that
 * would cut the result, it stands below the call, two columns further in; a call that is too long
 * by itself is folded between its arguments. */
void line_append_within(struct buffer *out, const struct net_record *record, size_t margin,
                        size_t columns);

#endif
