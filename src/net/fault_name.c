/* SPDX-License-Identifier: MIT
 *
 * What an error is called, and what it says.
 */
#include "net/fault.h"

#include "net/name.h"

void net_fault_append_name(struct buffer *out, const struct net_fault *fault)
{
    bool lookup = fault->cause == NET_LOOKUP;
    const struct net_name *name = net_name_of(lookup ? NET_LOOKUP_ERROR : NET_ERRNO, fault->error);
    if (name)
        buffer_puts(out, name->name);
    else
        buffer_printf(out, "%d", fault->error);
}

const char *net_fault_message(const struct net_fault *fault)
{
    return net_error_text(fault->cause == NET_LOOKUP ? NET_LOOKUP_ERROR : NET_ERRNO, fault->error);
}
