/* SPDX-License-Identifier: MIT
 *
 * Whose Readline is: its callbacks carry no owner, and there is one Readline. Knows nothing else.
 */
#include "inside.h"

static struct prompt *current;

struct prompt *prompt_current(void)
{
    return current;
}

void prompt_set_current(struct prompt *prompt)
{
    current = prompt;
}
