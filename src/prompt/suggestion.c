/* SPDX-License-Identifier: MIT
 *
 * A line that begins as a suggestion: what is typed replaces it, until a key has changed or
 * confirmed it. Knows bytes and Readline's line, and nothing of what is suggested.
 */
#include "inside.h"

#include <readline/readline.h>

enum { END_OF_INPUT = 4, ESCAPE = 033, DELETE = 0177 };

/* Of a key of several bytes, such as an arrow, it is known at its end that it was no paste. */
void suggestion_settle(struct prompt *p)
{
    if (p->shown && rl_end == 0)
        p->suggested = p->untouched = false; /* wiped off */
    if (!p->in_sequence || RL_ISSTATE(RL_STATE_MULTIKEY) || p->pasting)
        return;
    p->in_sequence = p->untouched = false;
}

void suggestion_replace(struct prompt *p)
{
    p->in_sequence = false;
    if (!p->untouched)
        return;
    p->untouched = p->suggested = false;
    rl_replace_line("", 1);
    rl_point = 0;
}

void suggestion_meet(struct prompt *p, int byte)
{
    if (!p->untouched || RL_ISSTATE(RL_STATE_MULTIKEY) || byte == '\r' || byte == '\n')
        return;
    if (byte == ESCAPE)
        p->in_sequence = true;
    else if ((byte >= ' ' && byte != DELETE) || byte == END_OF_INPUT)
        suggestion_replace(p);
    else
        p->untouched = false;
}
