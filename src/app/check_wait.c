/* SPDX-License-Identifier: MIT
 *
 * How the process of a lesson waits: the loop turns meanwhile, and the one that prints knows where.
 */
#include "checking.h"

bool check_wait(struct check *check, bool (*is)(const struct check *check), double seconds)
{
    double until = loop_now() + seconds;
    check_say(check, CHECK_PLACE, check->line, "%s", "");
    while (!is(check) && loop_now() < until)
        engine_turn(check->session.engine, until);
    return is(check);
}
