/* SPDX-License-Identifier: MIT
 *
 * What the session enters into the journal beside the calls: what was typed, what was shown, and
 * how the sockets stood after each statement.
 */
#include "app/lesson.h"
#include "lua/snapshot.h"
#include "view/sequence.h"

#include <lauxlib.h>

/* Rows of a diagram that is not asked for, the newest. */
#define MOST_ROWS 100

void record_text(struct session *session, enum journal_kind kind, const char *text)
{
    const struct engine *e = session->engine;
    if (e->journal == NULL || !(session->asking || session->play != NULL))
        return; /* trace(false) is about calls alone */
    if (kind == JOURNAL_TYPED && session->play != NULL)
        record_heading(session->play);
    journal_add_text(e->journal, kind, loop_now(), text);
}

void record_buffer(struct session *session, enum journal_kind kind, const struct buffer *text)
{
    if (!text->failed)
        record_text(session, kind, buffer_text(text));
    else
        record_text(session, JOURNAL_TOLD, "\nnot enough memory: something is missing here");
}

void record_told(struct lesson_play *play, const char *text)
{
    struct buffer whole = BUFFER_EMPTY;
    buffer_printf(&whole, "%s\n%s", buffer_text(&play->heading), text);
    whole.failed |= play->heading.failed;
    record_buffer(play->session, JOURNAL_TOLD, &whole);
    buffer_clear(&play->heading);
    buffer_free(&whole);
}

void record_heading(struct lesson_play *play)
{
    if (play->heading.length > 0)
        record_told(play, "");
}

static int enter_sockets(lua_State *L)
{
    snapshot_enter(L, engine_find(L));
    return 0;
}

void record_sockets(struct session *session)
{
    lua_State *L = session->L;
    lua_pushcfunction(L, enter_sockets);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK)
        lua_pop(L, 1); /* no memory for a table that nobody asked for */
}

void record_append_diagram(const struct session *session, unsigned long from, size_t columns,
                           bool utf8, struct buffer *out)
{
    const struct journal *journal = session->engine->journal;
    const struct sequence_request request = {.from = from};
    struct sequence sequence;
    int error = journal == NULL ? 0 : sequence_build(journal, &request, &sequence);
    out->failed |= error != 0;
    if (journal == NULL || error != 0)
        return;
    struct sequence drawn = sequence;
    if (drawn.count > MOST_ROWS) {
        size_t above = drawn.count - MOST_ROWS;
        buffer_printf(out, "(%zu earlier rows: diagram() has them)\n", above);
        drawn.rows += above;
        drawn.count -= above;
    }
    if (drawn.count > 0)
        sequence_append(out, &drawn, columns, utf8);
    sequence_free(&sequence);
}
