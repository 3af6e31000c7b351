/* SPDX-License-Identifier: MIT
 *
 * diagram and export: the conversations as they went.
 */
#include "lua/argument.h"
#include "lua/picture.h"
#include "lua/snapshot.h"
#include "view/sequence.h"

#include <lauxlib.h>

/* Rows that are drawn, the newest; the table has all. */
#define MOST_DRAWN 300

static int free_sequence(lua_State *L)
{
    sequence_free(lua_touserdata(L, 1));
    return 0;
}

/* Pushes the sequence of all conversations, or those of the socket. */
static struct sequence *push_sequence(lua_State *L, struct engine *e, const struct socket *s)
{
    struct snapshot now;
    const struct journal *journal = picture_journal(L, e);
    struct sequence *sequence = picture_push_owner(L, sizeof *sequence, free_sequence);
    snapshot_push(L, e, JOURNAL_TABLE_LIMIT, &now);
    struct sequence_request request = {.now = now.rows, .now_count = now.count};
    request.serial = s != NULL ? s->serial : 0;
    picture_check(L, sequence_build(journal, &request, sequence));
    lua_pop(L, 1);
    return sequence;
}

static const char *kind_name(enum sequence_kind kind)
{
    static const char *const names[] = {[SEQUENCE_CALL] = "call",
                                        [SEQUENCE_RETURN] = "return",
                                        [SEQUENCE_SEGMENT] = "segment",
                                        [SEQUENCE_NOTE] = "note"};
    return names[kind];
}

static const char *fate_name(enum sequence_fate fate)
{
    static const char *const names[] = {
        [SEQUENCE_ARRIVES] = "arrives", [SEQUENCE_LOST] = "lost", [SEQUENCE_REFUSED] = "reset"};
    return names[fate];
}

static void push_sequence_row(lua_State *L, const struct sequence_row *row)
{
    static const char *const sides[] = {"left", "right"};
    lua_createtable(L, 0, 10);
    picture_set_text(L, "kind", kind_name(row->kind));
    picture_set_text(L, "text", row->text);
    lua_pushnumber(L, row->time);
    lua_setfield(L, -2, "time");
    if (row->kind != SEQUENCE_NOTE)
        picture_set_text(L, row->kind == SEQUENCE_SEGMENT ? "from" : "side", sides[row->side]);
    if (row->kind == SEQUENCE_SEGMENT)
        picture_set_text(L, "fate", fate_name(row->fate));
    picture_set_flag(L, "inferred", row->inferred);
    picture_set_flag(L, "failed", row->failed);
    if (row->task != NULL)
        picture_set_text(L, "task", row->task);
    picture_set_count(L, "conversation", (long)row->conversation);
    for (int side = 0; side < SEQUENCE_SIDES; side++) {
        if (row->state[side] != NULL)
            picture_set_text(L, side == 0 ? "left_state" : "right_state", row->state[side]);
        if (row->note[side] != NULL)
            picture_set_text(L, side == 0 ? "left_note" : "right_note", row->note[side]);
    }
}

static void push_sequence_rows(lua_State *L, const struct sequence *sequence)
{
    lua_createtable(L, (int)sequence->count, 2);
    for (size_t i = 0; i < sequence->count; i++) {
        push_sequence_row(L, &sequence->rows[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    picture_set_text(L, "left", sequence->title[SEQUENCE_LEFT]);
    picture_set_text(L, "right", sequence->title[SEQUENCE_RIGHT]);
}

/* The last rows, and how many are above them. */
static void draw(const struct engine *e, const struct sequence *sequence, struct buffer *out)
{
    struct display display = picture_display(e);
    struct sequence drawn = *sequence;
    if (drawn.count > MOST_DRAWN) {
        size_t above = drawn.count - MOST_DRAWN;
        buffer_printf(out, "%zu earlier rows are in the table, not in this picture\n", above);
        drawn.rows += above;
        drawn.count -= above;
    }
    sequence_append(out, &drawn, display.columns, display.utf8);
}

static int picture_diagram(lua_State *L)
{
    struct engine *e = engine_of(L);
    static const char *const suffixes[] = {".svg", NULL};
    int file = lua_type(L, 1) == LUA_TSTRING ? 1 : 2;
    const struct socket *s = file == 1 || lua_isnoneornil(L, 1) ? NULL : socket_check(L, 1);
    const char *path = lua_isnoneornil(L, file)
                           ? NULL
                           : picture_check_file(L, file, suffixes, "a name that ends in .svg");
    argument_end(L, file);
    struct sequence *sequence = push_sequence(L, e, s);
    if (path != NULL) {
        picture_write_svg(L, path, sequence);
        sequence_free(sequence);
        lua_pushvalue(L, file);
        return 1;
    }
    struct buffer *text = binding_buffer(L);
    draw(e, sequence, text);
    push_sequence_rows(L, sequence);
    sequence_free(sequence);
    picture_make(L, text);
    return 1;
}

void picture_open_diagram(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"diagram", picture_diagram}, {NULL, NULL}};
    binding_register(L, e, functions);
}
