/* SPDX-License-Identifier: MIT
 *
 * A port as text, which is digits or the name of a service. Read here because glibc's getaddrinfo()
 * takes "65536" for port 0. The local services file is all that it asks.
 */
#include "net/lookup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool lookup_is_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
    }
    return length > 0;
}

/* Leading zeros are digits like others; a number that is too large stops growing at once. */
static int lookup_parse_digits(const char *text, size_t length, int *port)
{
    int number = 0;
    for (size_t i = 0; i < length; i++) {
        number = number * 10 + (text[i] - '0');
        if (number > UINT16_MAX)
            return ERANGE;
    }
    *port = number;
    return 0;
}

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)

static bool lookup_find_service(const char *name, const char *protocol, int *port)
{
    char strings[8192]; /* the entry's name and its aliases, many times over */
    struct servent entry, *found = NULL;
    if (getservbyname_r(name, protocol, &entry, strings, sizeof strings, &found) != 0 || !found)
        return false;
    *port = ntohs((uint16_t)found->s_port);
    return true;
}

#else

static bool lookup_find_service(const char *name, const char *protocol, int *port)
{
    const struct servent *found = getservbyname(name, protocol);
    if (!found)
        return false;
    *port = ntohs((uint16_t)found->s_port);
    return true;
}

#endif

int lookup_port(const char *text, size_t length, int type, int *port)
{
    char name[256];
    if (lookup_is_digits(text, length))
        return lookup_parse_digits(text, length, port);
    if (length == 0 || length >= sizeof name || memchr(text, '\0', length))
        return ENOENT;
    memcpy(name, text, length);
    name[length] = '\0';
    if (type != SOCK_DGRAM && lookup_find_service(name, "tcp", port))
        return 0;
    if (type != SOCK_STREAM && lookup_find_service(name, "udp", port))
        return 0;
    return ENOENT;
}
