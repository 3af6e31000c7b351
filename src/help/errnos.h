/* SPDX-License-Identifier: MIT
 *
 * Which errors a call can fail with, and which calls with an error, within this room.
 */
#ifndef ERRNOS_H
#define ERRNOS_H

#include "base/buffer.h"

/* Appends the calls that can fail with the error: `bind, connect`; nothing where there is none. */
void errnos_append_calls(struct buffer *out, const char *error);

/* Appends those errors of the call that the lines of `explained` ("EBADF: ...") do not have. */
void errnos_append_others(struct buffer *out, const char *call, const char *explained);

#endif
