/* SPDX-License-Identifier: MIT
 *
 * What net/option.h leaves to each system, within this room.
 */
#ifndef NET_OPTION_SYSTEM_H
#define NET_OPTION_SYSTEM_H

#include "net/option.h"

/* Room for a value of any length. */
enum { OPTION_BYTES = 4096 };

/* As what a value is to be read: CREDENTIALS and TCP_INFO are BYTES to a system without them. */
enum net_option_type option_system_type(enum net_option_type type);

/* How long a value of these two types is. */
size_t option_system_size(enum net_option_type type);

#endif
