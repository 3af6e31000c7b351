/* SPDX-License-Identifier: MIT
 *
 * Plays the journal from its first entry to its last and keeps the rows that were asked for. Knows
 * which call is whose business; what each one does stands in the files of its kind.
 */
#include "sequence_inside.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void play_note(struct stage *stage)
{
    stage->muted = stage->entry->number < stage->request->from;
    if (stage->entry->kind == JOURNAL_PAUSED)
        row_add(stage, SEQUENCE_NOTE, SEQUENCE_LEFT,
                "the record was paused: calls from here on are missing");
    else if (stage->entry->kind == JOURNAL_RESUMED)
        row_add(stage, SEQUENCE_NOTE, SEQUENCE_LEFT, "calls are recorded again");
}

/* A call that has no socket, as a lookup that failed. */
static void play_without_socket(struct stage *stage)
{
    stage_focus(stage, ENDS_NONE, NULL);
    row_add_call(stage, NULL, SEQUENCE_LEFT, true);
}

static void play_on_socket(struct stage *stage, int end, enum connect_part part)
{
    const struct net_record *record = &stage->entry->record;
    struct actor *actor = &stage->actors[end];
    int type = stage->ends.list[end].type;
    bool good = record->error == 0;
    bool stream = type == SOCK_STREAM || type == SOCK_SEQPACKET;
    if (record->call == NET_ACCEPT)
        connect_play_accept(stage, end);
    else if (record->call == NET_CONNECT && stream)
        connect_play(stage, end, part);
    else if (part == CONNECT_BEGINS)
        return;
    else if (stream)
        stream_play(stage, end);
    else
        datagram_play(stage, end);
    if (good && record->call == NET_CLOSE)
        actor->closed = true;
    if (good && actor->setups_ahead > 0 && (record->call == NET_BIND || record->call == NET_LISTEN))
        actor->setups_ahead--;
}

static void play_call(struct stage *stage, enum connect_part part)
{
    const struct net_record *record = &stage->entry->record;
    bool makes = record->call == NET_SOCKET || record->call == NET_SOCKETPAIR;
    int end = stage_end(stage, makes ? record->made[0] : record->serial);
    if (!call_is_drawn(record))
        return;
    if (record->call == NET_SOCKETPAIR)
        connect_play_pair(stage);
    else if (end == ENDS_NONE)
        play_without_socket(stage);
    else
        play_on_socket(stage, end, part);
}

static void play_event(struct stage *stage, const struct event *event)
{
    stage->entry = journal_at(stage->journal, event->index);
    size_t *played = &stage->played[stage->entry->origin];
    *played = *played > event->index ? *played : event->index;
    stage->time = event->time;
    if (stage->entry->kind == JOURNAL_CALL)
        play_call(stage, event->part);
    else
        play_note(stage);
}

static size_t find_head(const struct stage *stage, const struct event *events, size_t count,
                        size_t from, unsigned origin)
{
    while (from < count && journal_at(stage->journal, events[from].index)->origin != origin)
        from++;
    return from;
}

static void play_all(struct stage *stage, const struct event *events, size_t count)
{
    size_t heads[JOURNAL_ORIGINS];
    for (unsigned i = 0; i < JOURNAL_ORIGINS; i++)
        heads[i] = find_head(stage, events, count, 0, i);
    while ((heads[0] < count || heads[1] < count) && !stage->failed) {
        size_t next = order_next(stage, events, count, heads);
        unsigned origin = heads[0] == next ? 0 : 1;
        play_event(stage, &events[next]);
        heads[origin] = find_head(stage, events, count, next + 1, origin);
    }
}

/* Above the picture: what it cannot show. */
static void tell_of_losses(struct stage *stage, double time)
{
    static const struct journal_entry nothing;
    unsigned long lost = journal_lost_calls(stage->journal);
    struct buffer text = BUFFER_EMPTY;
    bool all = journal_count(stage->journal) == 0 ||
               journal_at(stage->journal, 0)->number >= stage->request->from;
    if (lost == 0 || !all)
        return;
    stage->entry = journal_count(stage->journal) > 0 ? journal_at(stage->journal, 0) : &nothing;
    stage->time = time;
    buffer_printf(&text, "%lu earlier call%s fell out of the record", lost, lost == 1 ? "" : "s");
    row_add(stage, SEQUENCE_NOTE, SEQUENCE_LEFT, row_keep(stage, &text));
}

/* Whether a conversation came about with a peer of that side who has no calls here; a listener's
 * queue is no such peer. */
static bool is_outside(const struct stage *stage, enum sequence_side side)
{
    for (size_t i = 0; i < stage->talk_count; i++) {
        const struct talk *talk = &stage->talks[i];
        if (talk->number != 0 && talk->handshake == HANDSHAKE_DONE && talk->accepted &&
            !talk->itself && talk->sides[side].end == ENDS_NONE)
            return true;
    }
    return false;
}

/* A lane without calls of its own belongs to somebody who is not in the journal. */
static const char *make_title(struct stage *stage, enum sequence_side side)
{
    static const char *const names[2][SEQUENCE_SIDES] = {{"client", "server"},
                                                         {"first socket", "second socket"}};
    const char *name = names[stage->saw_pair && !stage->saw_other][side];
    unsigned origins = stage->origins[side];
    bool merged = (stage->origins[SEQUENCE_LEFT] | stage->origins[SEQUENCE_RIGHT]) == 3;
    struct buffer text = BUFFER_EMPTY;
    buffer_puts(&text, name);
    if (merged && (origins == 1 || origins == 2)) {
        const char *shell = journal_name(stage->journal, origins - 1);
        bool says_more = *shell != '\0' && strcmp(shell, name) != 0;
        buffer_puts(&text, says_more ? ": " : "");
        text_append_safe(&text, shell, says_more ? strlen(shell) : 0, false);
    }
    if (!stage->known[side] && is_outside(stage, side))
        buffer_puts(&text, " (outside)");
    return row_keep(stage, &text);
}

static void finish(struct stage *stage)
{
    struct sequence *out = stage->out;
    double first = out->count > 0 ? out->rows[0].time : 0;
    for (size_t i = 0; i < out->count; i++)
        out->rows[i].time -= first;
    out->title[SEQUENCE_LEFT] = make_title(stage, SEQUENCE_LEFT);
    out->title[SEQUENCE_RIGHT] = make_title(stage, SEQUENCE_RIGHT);
}

int sequence_build(const struct journal *journal, const struct sequence_request *request,
                   struct sequence *sequence)
{
    struct stage stage = {.journal = journal, .request = request, .out = sequence};
    struct event *events = NULL;
    size_t count = 0;
    *sequence = (struct sequence){.title = {"", ""}};
    stage.failed = !stage_open(&stage) || order_read(journal, &events, &count) != 0;
    if (!stage.failed) {
        tell_of_losses(&stage, count > 0 ? events[0].time : 0);
        play_all(&stage, events, count);
        finish(&stage);
    }
    free(events);
    stage_close(&stage);
    if (!stage.failed)
        return 0;
    sequence_free(sequence);
    return ENOMEM;
}

void sequence_free(struct sequence *sequence)
{
    for (size_t i = 0; i < sequence->text_count; i++)
        buffer_free(&sequence->texts[i]);
    free(sequence->texts);
    free(sequence->rows);
    *sequence = (struct sequence){.title = {"", ""}};
}
