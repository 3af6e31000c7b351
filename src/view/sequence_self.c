/* SPDX-License-Identifier: MIT
 *
 * A stream socket that is connected to itself: it connected to its own address, and the two SYNs of
 * a simultaneous open (RFC 9293, 3.5) were one and the same. It has no other side, so that nothing
 * goes between the lanes; what it sends waits at its own.
 */
#include "sequence_inside.h"

static void note(struct stage *stage, struct sequence_row *row, const struct talk_side *side,
                 const char *what)
{
    struct buffer text = BUFFER_EMPTY;
    if (stage->muted || (*what == '\0' && side->waiting == 0))
        return;
    buffer_puts(&text, what);
    if (side->waiting > 0)
        buffer_printf(&text, "%sunread: %lu", *what != '\0' ? ", " : "", side->waiting);
    row->note[row->side] = row_keep(stage, &text);
}

static void receive(struct talk_side *side, const struct net_record *record)
{
    unsigned long length = record->result > 0 ? (unsigned long)record->result : 0;
    if ((record->flags & MSG_PEEK) == 0)
        side->waiting -= length < side->waiting ? length : side->waiting;
}

/* Its FIN reaches the one that sent it: a simultaneous close, which leads to TIME_WAIT. */
static void end(struct talk_side *side, struct sequence_row *row, bool reset)
{
    row_set_state(row, row->side, &side->state, reset ? NET_TCP_CLOSED : NET_TCP_TIME_WAIT);
    side->finished = true;
}

static void play_success(struct stage *stage, struct talk_side *side, struct sequence_row *row)
{
    const struct net_record *record = &stage->entry->record;
    const char *what = "";
    switch (record->call) {
    case NET_CONNECT:
        row_set_state(row, row->side, &side->state, NET_TCP_ESTABLISHED);
        what = "to itself";
        break;
    case NET_SEND:
    case NET_SENDTO:
        side->waiting += record->result > 0 ? (unsigned long)record->result : 0;
        what = "to itself";
        break;
    case NET_RECV:
    case NET_RECVFROM:
        receive(side, record);
        break;
    case NET_SHUTDOWN:
    case NET_CLOSE:
        if (!side->finished && (record->call == NET_CLOSE || record->how != SHUT_RD))
            end(side, row, record->reset);
        side->waiting = record->call == NET_CLOSE ? 0 : side->waiting;
        break;
    default:
        break;
    }
    note(stage, row, side, what);
}

void self_play(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    struct sequence_row *row = row_add_call(stage, talk, side, true);
    talk->begun = talk->accepted = true;
    talk->handshake = HANDSHAKE_DONE;
    if (stage->entry->record.error == 0)
        play_success(stage, &talk->sides[side], row);
}
