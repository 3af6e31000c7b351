/* SPDX-License-Identifier: MIT
 *
 * The rows of the diagram and the texts that they point to. Knows what a row consists of, not why
 * it is there.
 */
#include "sequence_inside.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

const char *row_keep(struct stage *stage, struct buffer *text)
{
    struct sequence *out = stage->out;
    struct buffer *texts = stage_grow(stage, out->texts, out->text_count, &stage->text_capacity,
                                      sizeof(struct buffer));
    if (texts != NULL)
        out->texts = texts;
    if (texts == NULL || text->failed) {
        stage->failed = true;
        buffer_free(text);
        return "";
    }
    texts[out->text_count++] = *text;
    *text = BUFFER_EMPTY;
    return buffer_text(&texts[out->text_count - 1]);
}

/* The clocks of two shells may differ, and a call that began earlier may be shown later: in the
 * picture time only goes on. */
static double next_time(const struct stage *stage)
{
    const struct sequence *out = stage->out;
    double before = out->count > 0 ? out->rows[out->count - 1].time : stage->time;
    return stage->time > before ? stage->time : before;
}

struct sequence_row *row_add(struct stage *stage, enum sequence_kind kind, enum sequence_side side,
                             const char *text)
{
    struct sequence *out = stage->out;
    struct sequence_row *rows =
        stage->muted ? NULL
                     : stage_grow(stage, out->rows, out->count, &stage->row_capacity, sizeof *rows);
    struct sequence_row *row = &stage->unseen;
    if (rows != NULL) {
        out->rows = rows;
        row = &rows[out->count];
    }
    *row = (struct sequence_row){.kind = kind,
                                 .side = side,
                                 .time = next_time(stage),
                                 .text = text,
                                 .origin = stage->entry->origin,
                                 .entry = stage->entry->number};
    if (rows != NULL)
        out->count++;
    stage->last = row;
    stage->repeated = 0;
    return row;
}

static const char *keep_task(struct stage *stage)
{
    struct buffer text = BUFFER_EMPTY;
    const char *task = stage->entry->record.task;
    if (task == NULL || stage->muted)
        return NULL;
    text_append_safe(&text, task, strlen(task), false);
    return row_keep(stage, &text);
}

/* Whether the call is the last row's once more: a loop that asks until there is something. */
static bool is_repeated(const struct stage *stage, const struct buffer *text,
                        enum sequence_side side)
{
    const struct sequence *out = stage->out;
    if (stage->muted || stage->repeated == 0 || out->count == 0 || text->failed)
        return false;
    const struct sequence_row *row = &out->rows[out->count - 1];
    return stage->entry->record.error != 0 && row->side == side &&
           row->origin == stage->entry->origin && stage->repeated_length == text->length &&
           strncmp(row->text, buffer_text(text), text->length) == 0;
}

/* Among those that were kept: the last, or in front of the row's remarks. */
static struct buffer *find_kept(const struct sequence *out, const char *text)
{
    size_t i = out->text_count - 1;
    while (i > 0 && buffer_text(&out->texts[i]) != text)
        i--;
    return &out->texts[i];
}

static struct sequence_row *count_repeated(struct stage *stage, struct buffer *text)
{
    struct sequence *out = stage->out;
    struct sequence_row *row = &out->rows[out->count - 1];
    struct buffer *kept = find_kept(out, row->text);
    buffer_printf(text, " (%lu times)", ++stage->repeated);
    if (text->failed) {
        stage->failed = true;
        buffer_free(text);
        return row;
    }
    buffer_free(kept);
    *kept = *text;
    row->text = buffer_text(kept);
    stage->last = row;
    return row;
}

static unsigned number_of(const struct talk *talk)
{
    return talk != NULL ? talk->number : 0;
}

/* A conversation has its number from its first row that is shown. */
static void count_talk(struct stage *stage, struct talk *talk)
{
    if (stage->muted || talk->number != 0)
        return;
    talk->number = ++stage->out->conversations;
    bool pair = talk->sides[SEQUENCE_LEFT].end != ENDS_NONE &&
                stage->ends.list[talk->sides[SEQUENCE_LEFT].end].role == END_PAIR_FIRST;
    stage->saw_pair = stage->saw_pair || pair;
    stage->saw_other = stage->saw_other || !pair;
}

struct sequence_row *row_add_call(struct stage *stage, struct talk *talk, enum sequence_side side,
                                  bool with_result)
{
    const struct net_record *record = &stage->entry->record;
    struct buffer text = BUFFER_EMPTY;
    call_append(&text, record);
    if (with_result)
        call_append_result(&text, record);
    if (is_repeated(stage, &text, side))
        return count_repeated(stage, &text);
    size_t length = text.length;
    const char *task = keep_task(stage);
    if (talk != NULL)
        count_talk(stage, talk);
    struct sequence_row *row = row_add(stage, SEQUENCE_CALL, side, row_keep(stage, &text));
    row->failed = with_result && record->error != 0;
    row->task = task;
    row->conversation = number_of(talk);
    if (row->failed) {
        stage->repeated = 1;
        stage->repeated_length = length;
    }
    if (!stage->muted) {
        stage->known[side] = true;
        stage->origins[side] |= 1U << (row->origin % JOURNAL_ORIGINS);
    }
    return row;
}

struct sequence_row *row_add_return(struct stage *stage, const struct talk *talk,
                                    enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    struct buffer text = BUFFER_EMPTY;
    call_append_result(&text, record);
    const char *kept = record->error != 0 ? row_keep(stage, &text) : " = 0";
    buffer_free(&text);
    struct sequence_row *row = row_add(stage, SEQUENCE_RETURN, side, *kept != '\0' ? kept + 1 : "");
    row->failed = record->error != 0;
    row->task = keep_task(stage);
    row->conversation = number_of(talk);
    return row;
}

struct sequence_row *row_add_segment(struct stage *stage, struct talk *talk,
                                     enum sequence_side from, const char *text)
{
    count_talk(stage, talk);
    struct sequence_row *row = row_add(stage, SEQUENCE_SEGMENT, from, text);
    row->inferred = true;
    row->conversation = talk->number;
    return row;
}

struct sequence_row *row_add_data(struct stage *stage, struct talk *talk, enum sequence_side from,
                                  unsigned long length)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_printf(&text, "%lu byte%s", length, length == 1 ? "" : "s");
    struct sequence_row *row = row_add_segment(stage, talk, from, row_keep(stage, &text));
    row->data = true;
    row->inferred = false;
    return row;
}

void row_set_state(struct sequence_row *row, enum sequence_side side, enum net_tcp_state *state,
                   enum net_tcp_state now)
{
    if (now == NET_TCP_UNKNOWN || *state == now)
        return;
    *state = now;
    row->state[side] = net_tcp_state_name(now);
}
