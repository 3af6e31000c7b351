/* SPDX-License-Identifier: MIT
 *
 * The search for the hint of a failed call. The hints stand in tables by subject; this file only
 * finds the row that fits. It must not know what any of them says.
 */
#include "fault_hint.h"

#include <stddef.h>

static bool hint_fits(const struct hint *hint, const struct net_fault *fault)
{
    if (hint->error != fault->error)
        return false;
    if (hint->calls != ANY_CALL && !(hint->calls & CALL(fault->call)))
        return false;
    return !hint->when || hint->when(fault);
}

static const struct hint *hint_find(const struct hint_table *table, const struct net_fault *fault)
{
    for (size_t i = 0; i < table->count; i++) {
        if (hint_fits(&table->hints[i], fault))
            return &table->hints[i];
    }
    return NULL;
}

static const struct hint *hint_choose(const struct net_fault *fault)
{
    static const struct hint_table *const tables[] = {
        &hint_option, &hint_path, &hint_address, &hint_connection, &hint_transfer, &hint_socket};
    const struct hint *hint = NULL;
    if (fault->cause == NET_LOOKUP)
        return hint_find(&hint_lookup, fault);
    for (size_t i = 0; !hint && i < sizeof tables / sizeof tables[0]; i++)
        hint = hint_find(tables[i], fault);
    return hint;
}

void net_fault_append_hint(struct buffer *out, const struct net_sys *sys,
                           const struct net_fault *fault, const struct net_witness *witness)
{
    static const struct net_witness nobody = {NULL, NULL, NULL};
    struct net_fault observed = *fault;
    net_fault_observe(sys, &observed);
    const struct hint_scene scene = {&observed, witness ? witness : &nobody};
    const struct hint *hint = hint_choose(&observed);
    if (!hint)
        return;
    if (hint->text)
        hint_append(out, &scene, hint->text);
    else
        hint->write(out, &scene);
}
