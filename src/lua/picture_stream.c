/* SPDX-License-Identifier: MIT
 *
 * stream: the bytes of a connection, and who cut them where.
 */
#include "lua/argument.h"
#include "lua/picture.h"
#include "lua/snapshot.h"
#include "view/stream.h"

#include <errno.h>
#include <lauxlib.h>

static int free_ends(lua_State *L)
{
    ends_free(lua_touserdata(L, 1));
    return 0;
}

static int free_directions(lua_State *L)
{
    stream_free(lua_touserdata(L, 1));
    return 0;
}

static void push_pieces(lua_State *L, const struct stream_piece *pieces, size_t count)
{
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_createtable(L, 0, 3);
        picture_set_count(L, "offset", (long)pieces[i].offset);
        picture_set_count(L, "length", (long)pieces[i].length);
        lua_pushlstring(L, pieces[i].kept > 0 ? pieces[i].data : "", pieces[i].kept);
        lua_setfield(L, -2, "data");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_direction(lua_State *L, const struct stream_direction *direction)
{
    lua_createtable(L, 0, 5);
    push_pieces(L, direction->sends, direction->send_count);
    lua_setfield(L, -2, "sends");
    push_pieces(L, direction->receives, direction->receive_count);
    lua_setfield(L, -2, "receives");
    if (direction->sender_known)
        picture_set_count(L, "sent", (long)direction->sent);
    if (direction->receiver_known)
        picture_set_count(L, "received", (long)direction->received);
    picture_set_flag(L, "ended", direction->ended);
}

/* "c (4)": what an end is called in a picture. */
static void append_end(struct buffer *out, const struct snapshot *now, const struct ends *ends,
                       int index)
{
    const struct end *end = &ends->list[index];
    for (size_t i = 0; i < now->count; i++)
        if (now->rows[i].serial == end->serial && now->rows[i].variable[0] != '\0')
            buffer_printf(out, "%s ", now->rows[i].variable);
    buffer_printf(out, end->closed ? "(%d, closed)" : "(%d)", end->fd);
}

static void append_names(struct buffer *own, struct buffer *other, const struct snapshot *now,
                         const struct ends *ends, int end)
{
    int partner = ends->list[end].partner;
    append_end(own, now, ends, end);
    if (partner != ENDS_NONE)
        append_end(other, now, ends, partner);
    else if (ends->list[end].peer.length != 0)
        net_address_append(other, &ends->list[end].peer);
    else
        buffer_puts(other, "peer");
}

static int picture_stream(lua_State *L)
{
    struct engine *e = engine_of(L);
    struct display display = picture_display(e);
    struct snapshot now;
    const struct socket *s = socket_check(L, 1);
    argument_end(L, 1);
    struct journal **holder = picture_push_journal(L, e);
    const struct journal *journal = *holder;
    struct buffer *text = binding_buffer(L), *own = binding_buffer(L), *other = binding_buffer(L);
    struct ends *ends = picture_push_owner(L, sizeof *ends, free_ends);
    struct stream_direction *directions =
        picture_push_owner(L, 2 * sizeof *directions, free_directions);
    snapshot_push(L, e, JOURNAL_TABLE_LIMIT, &now);
    picture_check(L, ends_read(journal, now.rows, now.count, ends));
    int end = ends_find(ends, 0, s->serial);
    int error = end == ENDS_NONE ? ENOENT : stream_read(journal, ends, end, directions);
    if (error == ENOENT)
        return luaL_error(L, "stream: nothing was recorded of this socket");
    picture_check(L, error);
    append_names(own, other, &now, ends, end);
    picture_check(L, own->failed || other->failed ? ENOMEM : 0);
    lua_createtable(L, 2, 0);
    for (int i = 0; i < 2; i++) {
        const char *names[2] = {buffer_text(i == 0 ? own : other),
                                buffer_text(i == 0 ? other : own)};
        if (i == 0 || ends->list[end].partner != end) /* with itself, both ways are one */
            stream_append(text, &directions[i], names, display.columns, display.utf8);
        push_direction(L, &directions[i]);
        lua_rawseti(L, -2, i + 1);
    }
    picture_let_go(holder);
    ends_free(ends);
    stream_free(directions);
    buffer_free(own);
    buffer_free(other);
    picture_make(L, text);
    return 1;
}

void picture_open_stream(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"stream", picture_stream}, {NULL, NULL}};
    binding_register(L, e, functions);
}
