/* SPDX-License-Identifier: MIT
 *
 * What the socket options' values are: a number, a flag, a struct. setsockopt(), getsockopt() and
 * the call line are made from it; which option has which stands in src/net/name.list. Knows
 * neither Lua nor how a value is shown.
 */
#ifndef NET_OPTION_H
#define NET_OPTION_H

#include "net/inspect.h"
#include "net/name.h"

/* The type of an option's value; NET_VALUE_INT where the option is not known. */
enum net_option_type net_option_type(int level, int option);

/* Bytes that a value takes; of TEXT, BYTES and TCP_INFO the room that getsockopt() should be given;
 * 0 for POINTER, and for a struct that this system lacks. */
size_t net_option_size(enum net_option_type type);

/* Which kind of constant values of the type are; NET_KIND_COUNT for none. */
enum net_kind net_option_value_kind(enum net_option_type type);

/* What a student gives for a value of the type, as in "a number of seconds"; NULL where that is a
 * number, a constant or bytes. */
const char *net_option_value_text(enum net_option_type type);

/* The kind of the options that belong to a level: NET_TCP_OPTION for IPPROTO_TCP; NET_KIND_COUNT
 * for a level without names. */
enum net_kind net_option_kind(int level);

/* The preferred name of an option, NULL where it has none. The MCAST_ options, of the kind
 * NET_IP_OPTION, are found at the level IPPROTO_IPV6 too. */
const struct net_name *net_option_name(int level, int option);

/* What a CREDENTIALS value says, which is of net_option_size() bytes. */
struct net_credentials {
    long pid, uid, gid;
};

void net_option_credentials(const void *value, struct net_credentials *credentials);

/* What a TCP_INFO value of `length` bytes says: the state, NET_TCP_UNKNOWN where it says none; and
 * its further numbers one by one, by the names of their fields without "tcpi_": false past the last
 * that this system's headers have, 0 for one that the value is too short for. */
enum net_tcp_state net_option_tcp_state(const void *value, size_t length);
bool net_option_tcp_number(size_t place, const void *value, size_t length, const char **name,
                           unsigned long *number);

/* How far it reaches that an option is set: what may be left to a stranger. */
enum net_reach {
    NET_REACH_SOCKET,  /* the socket itself and its own connections */
    NET_REACH_NETWORK, /* something is sent to the network around, as on joining a group */
    NET_REACH_SYSTEM   /* anything else, an option that is not known among it */
};

enum net_reach net_option_reach(int level, int option);

/* Appends the level's name as POSIX has it: `SOL_SOCKET`, `IPPROTO_TCP`; or `SOL_NETLINK`; or a
 * number. And the option's, or its number. */
void net_option_append_level(struct buffer *out, int level);
void net_option_append_name(struct buffer *out, int level, int option);

#endif
