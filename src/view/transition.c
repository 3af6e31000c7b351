/* SPDX-License-Identifier: MIT
 *
 * The list, and the search in it: breadth first, from the goal, so that the way can be read off
 * forwards.
 */
#include "transition.h"

const struct transition *transitions(size_t *count)
{
    static const struct transition list[] = {
        {NET_TCP_CLOSED, NET_TCP_LISTEN, "listen()"},
        {NET_TCP_CLOSED, NET_TCP_SYN_SENT, "connect() / SYN"},
        {NET_TCP_LISTEN, NET_TCP_SYN_RECV, "recv SYN / SYN,ACK"},
        {NET_TCP_SYN_SENT, NET_TCP_SYN_RECV, "recv SYN / SYN,ACK"},
        {NET_TCP_SYN_SENT, NET_TCP_ESTABLISHED, "recv SYN,ACK / ACK"},
        {NET_TCP_SYN_RECV, NET_TCP_ESTABLISHED, "recv ACK"},
        {NET_TCP_ESTABLISHED, NET_TCP_FIN_WAIT1, "close() / FIN"},
        {NET_TCP_ESTABLISHED, NET_TCP_CLOSE_WAIT, "recv FIN / ACK"},
        {NET_TCP_FIN_WAIT1, NET_TCP_FIN_WAIT2, "recv ACK"},
        {NET_TCP_FIN_WAIT1, NET_TCP_CLOSING, "recv FIN / ACK"},
        {NET_TCP_FIN_WAIT2, NET_TCP_TIME_WAIT, "recv FIN / ACK"},
        {NET_TCP_CLOSING, NET_TCP_TIME_WAIT, "recv ACK"},
        {NET_TCP_TIME_WAIT, NET_TCP_CLOSED, "2 MSL (Linux 60 s)"},
        {NET_TCP_CLOSE_WAIT, NET_TCP_LAST_ACK, "close() / FIN"},
        {NET_TCP_LAST_ACK, NET_TCP_CLOSED, "recv ACK"},
    };
    *count = sizeof list / sizeof list[0];
    return list;
}

/* Finds out for every state how many steps lead to the goal; TRANSITION_STATES: none do. */
static void measure(enum net_tcp_state goal, size_t steps[TRANSITION_STATES])
{
    size_t count;
    const struct transition *list = transitions(&count);
    for (size_t i = 0; i < TRANSITION_STATES; i++)
        steps[i] = TRANSITION_STATES;
    steps[goal] = 0;
    for (size_t round = 0; round < TRANSITION_STATES; round++) {
        for (size_t i = 0; i < count; i++) {
            bool passes = list[i].to == NET_TCP_CLOSED && goal != NET_TCP_CLOSED;
            size_t way = steps[list[i].to] + 1;
            if (!passes && way < steps[list[i].from])
                steps[list[i].from] = way;
        }
    }
}

/* One step nearer to the goal. */
static enum net_tcp_state step(enum net_tcp_state from, const size_t steps[TRANSITION_STATES])
{
    size_t count;
    const struct transition *list = transitions(&count);
    for (size_t i = 0; i < count; i++) {
        if (list[i].from == from && steps[list[i].to] + 1 == steps[from])
            return list[i].to;
    }
    return NET_TCP_UNKNOWN;
}

bool transition_between(enum net_tcp_state from, enum net_tcp_state to,
                        enum net_tcp_state between[TRANSITION_STATES], size_t *count)
{
    size_t steps[TRANSITION_STATES];
    measure(to, steps);
    *count = 0;
    if (steps[from] >= TRANSITION_STATES)
        return false;
    for (enum net_tcp_state at = from; steps[at] > 1;) {
        at = step(at, steps);
        between[(*count)++] = at;
    }
    return true;
}
