/* SPDX-License-Identifier: MIT
 *
 * The names of the recorded calls. How a call is shown is a rendering's business, not this file's.
 */
#include "net/record.h"

#define NAME_OF(call, name) [call] = (name),

const char *net_call_name(enum net_call call)
{
    static const char *const names[NET_CALL_COUNT] = {NET_CALLS(NAME_OF)};
    return names[call];
}
