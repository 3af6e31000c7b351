/* SPDX-License-Identifier: MIT
 *
 * Who holds an address that bind() found taken, within this room.
 */
#ifndef NET_FAULT_HOLDER_H
#define NET_FAULT_HOLDER_H

#include "fault_hint.h"

/* Writes who has the address of the fault, and what can be done about it. */
void hint_write_holder(struct buffer *out, const struct hint_scene *scene);

#endif
