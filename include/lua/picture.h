/* SPDX-License-Identifier: MIT
 *
 * Pictures as values: a table of data that prints as a drawing. What a picture asks the kernel for
 * is never recorded as the student's.
 */
#ifndef LUA_PICTURE_H
#define LUA_PICTURE_H

#include "base/buffer.h"
#include "lua/socket.h"
#include "view/sequence.h"

struct display picture_display(const struct engine *e);

/* Makes a picture of the table at the top of the stack: it prints as the text, one of
 * binding_buffer(), without its last newline. */
void picture_make(lua_State *L, struct buffer *text);

/* Sets a field of the table at the top of the stack. */
void picture_set_text(lua_State *L, const char *field, const char *text);
void picture_set_address(lua_State *L, struct engine *e, const char *field,
                         const struct net_address *address);
void picture_set_count(lua_State *L, const char *field, long count); /* nothing where negative */

void picture_set_flag(lua_State *L, const char *field, bool value); /* nothing where false */

/* The journal; raises where nothing was recorded yet. */
struct journal *picture_journal(lua_State *L, const struct engine *e);

/* The same for who keeps entries while Lua allocates: the collector may close a socket or run a
 * finalizer of the student's, which records, and the oldest entries would fall out. Pushes a
 * holder; picture_let_go() ends its hold, or the collector after an error. */
struct journal **picture_push_journal(lua_State *L, const struct engine *e);
void picture_let_go(struct journal **holder);

/* Pushes a userdata of zero bytes with a `__gc` of its own, so that what it owns is freed whatever
 * is raised. Who comes to the end frees it there: a finalizer needs memory to run. */
void *picture_push_owner(lua_State *L, size_t size, lua_CFunction gc);

/* Raises an errno value; 0 is none. */
void picture_check(lua_State *L, int error);

/* The name of a file to be written, which ends in one of the suffixes; refused to a lesson. */
const char *picture_check_file(lua_State *L, int index, const char *const *suffixes,
                               const char *expected);

/* Writes the diagram as SVG; raises where that fails. */
void picture_write_svg(lua_State *L, const char *path, const struct sequence *sequence);

/* The functions, by file; each adds its own to the table at the top of the stack. */
void picture_open_sockets(lua_State *L, struct engine *e); /* sockets, state, states */
void picture_open_calls(lua_State *L, struct engine *e);   /* calls, hexdump */
void picture_open_stream(lua_State *L, struct engine *e);  /* stream */
void picture_open_diagram(lua_State *L, struct engine *e); /* diagram */
void picture_open_file(lua_State *L, struct engine *e);    /* export */

#endif
