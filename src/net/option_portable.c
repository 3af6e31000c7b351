/* SPDX-License-Identifier: MIT
 *
 * Where the structs that a system gives as values of options are not known: none is read.
 */
#include "option_system.h"

#if !defined(__linux__) || defined(SOCKREPL_PORTABLE)

enum net_option_type option_system_type(enum net_option_type type)
{
    bool lacks = type == NET_VALUE_CREDENTIALS || type == NET_VALUE_TCP_INFO;
    return lacks ? NET_VALUE_BYTES : type;
}

size_t option_system_size(enum net_option_type type)
{
    (void)type;
    return OPTION_BYTES;
}

void net_option_credentials(const void *value, struct net_credentials *credentials)
{
    (void)value;
    *credentials = (struct net_credentials){-1, -1, -1};
}

enum net_tcp_state net_option_tcp_state(const void *value, size_t length)
{
    (void)value, (void)length;
    return NET_TCP_UNKNOWN;
}

bool net_option_tcp_number(size_t place, const void *value, size_t length, const char **name,
                           unsigned long *number)
{
    (void)place, (void)value, (void)length, (void)name, (void)number;
    return false;
}

#endif
