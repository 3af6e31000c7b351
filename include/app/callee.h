/* SPDX-License-Identifier: MIT
 *
 * Which of the shell's functions a half-typed call means, and the line that reminds of its
 * parameters. Looks at values and runs nothing.
 */
#ifndef APP_CALLEE_H
#define APP_CALLEE_H

#include "app/context.h"
#include "help/help.h"

#include <lua.h>

/* The topic of what is called, if that is still the shell's own; NULL otherwise. A method of
 * something that is not known, as a local variable is not, is taken for a socket's. May raise for
 * want of memory. */
const struct help_topic *callee_topic(lua_State *L, const char *text,
                                      const struct context *context);

/* Whether it is called as a method. */
bool callee_is_method(const char *text, const struct context *context);

/* Appends `bind(s, host, port) -- give the socket an address`, on two lines where `width` columns
 * are too few for one. A method's has no socket. */
void callee_append_signature(struct buffer *out, const struct help_topic *topic, bool method,
                             size_t width);

#endif
