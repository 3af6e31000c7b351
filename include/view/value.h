/* SPDX-License-Identifier: MIT
 *
 * The value of a socket option as it is shown: by name, as a struct's fields, or as quoted bytes
 * where it has not the size that its option wants. Knows what net/option.h says, not who set it.
 */
#ifndef VIEW_VALUE_H
#define VIEW_VALUE_H

#include "base/buffer.h"

/* Appends `1`, `SOCK_STREAM`, `{onoff=1, linger=5}`, `2.5` (seconds), `"cubic"`. The bytes are the
 * option's raw value, of any alignment. */
void value_append(struct buffer *out, int level, int option, const char *data, size_t length);

#endif
