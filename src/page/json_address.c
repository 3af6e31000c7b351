/* SPDX-License-Identifier: MIT
 *
 * Addresses and constants in JSON, both ways. What differs between systems, the numbers of families
 * and the layout of a sockaddr, stays on this side.
 */
#include "json_inside.h"

#include "net/name.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_OFFSET offsetof(struct sockaddr, sa_data)

static void append_family(struct buffer *out, int family)
{
    buffer_puts(out, "{\"family\":\"");
    net_name_append(out, NET_FAMILY, family);
    buffer_putc(out, '"');
}

static void append_internet(struct buffer *out, const struct net_address *a)
{
    char text[NET_HOST_TEXT_SIZE];
    bool v6 = net_address_family(a) == AF_INET6;
    const void *host = v6 ? (const void *)&a->u.in6.sin6_addr : (const void *)&a->u.in.sin_addr;
    buffer_printf(out, ",\"host\":\"%s\",\"port\":%d",
                  net_host_text(net_address_family(a), host, text), net_address_port(a));
    if (v6 && a->u.in6.sin6_scope_id != 0)
        buffer_printf(out, ",\"scope\":%lu", (unsigned long)a->u.in6.sin6_scope_id);
}

static void append_unix(struct buffer *out, const struct net_address *a)
{
    size_t length;
    const char *path = net_address_path(a, &length);
    bool abstract = length > 0 && path[0] == '\0';
    if (length == 0)
        return;
    buffer_puts(out, abstract ? ",\"abstract\":" : ",\"path\":");
    json_append_bytes(out, path + abstract, length - abstract);
}

static void append_other(struct buffer *out, const struct net_address *a)
{
    size_t end = a->length < sizeof a->u ? a->length : sizeof a->u;
    const unsigned char *bytes = (const unsigned char *)&a->u;
    buffer_puts(out, ",\"bytes\":\"");
    for (size_t i = CONTENT_OFFSET; i < end; i++)
        buffer_printf(out, "%02x", bytes[i]);
    buffer_putc(out, '"');
}

void json_append_address(struct buffer *out, const struct net_address *a)
{
    int family = net_address_family(a);
    append_family(out, family);
    if (family == AF_INET || family == AF_INET6)
        append_internet(out, a);
    else if (family == AF_UNIX)
        append_unix(out, a);
    else
        append_other(out, a);
    buffer_putc(out, '}');
}

/* A string without a zero byte; NULL for anything else. */
static const char *plain_string(const json_t *value)
{
    const char *text = json_string_value(value);
    return text != NULL && strlen(text) == json_string_length(value) ? text : NULL;
}

/* One word of a constant: a name, or a number as strtol() reads it. */
static bool read_word(struct json_reader *reader, const char *word, unsigned long names,
                      long long *value)
{
    const struct net_name *name = net_name_find(word);
    char *end;
    if (name != NULL && (names >> name->kind & 1) != 0) {
        *value = name->value;
        return true;
    }
    errno = 0;
    *value = strtoll(word, &end, 0);
    if (*end == '\0' && end != word && errno == 0 && *value >= INT_MIN && *value <= UINT_MAX)
        return true;
    return json_refuse_word(reader, "", word, " is no constant that belongs here");
}

bool json_read_constant(struct json_reader *reader, const json_t *value, unsigned long names,
                        int *constant)
{
    char word[64];
    unsigned bits = 0;
    if (json_is_integer(value)) {
        json_int_t number = json_integer_value(value);
        *constant = (int)number;
        return (number >= INT_MIN && number <= INT_MAX) ||
               json_refuse(reader, "the number is out of range");
    }
    if (plain_string(value) == NULL)
        return json_refuse(reader, "the name of a constant is expected");
    for (const char *rest = json_string_value(value);; rest++) {
        size_t length = strcspn(rest, "|");
        long long number;
        if (length >= sizeof word)
            return json_refuse(reader, "no constant has so long a name");
        memcpy(word, rest, length);
        word[length] = '\0';
        if (!read_word(reader, word, names, &number))
            return false;
        bits |= (unsigned)number;
        rest += length;
        if (*rest == '\0')
            break;
    }
    *constant = (int)bits;
    return true;
}

static bool read_number(struct json_reader *reader, const json_t *object, const char *name,
                        json_int_t most, json_int_t *number)
{
    const json_t *value = json_object_get(object, name);
    *number = value != NULL ? json_integer_value(value) : 0;
    if (value == NULL || (json_is_integer(value) && *number >= 0 && *number <= most))
        return true;
    return json_refuse(reader, "%s: a number from 0 to %lld is expected", name, (long long)most);
}

static bool read_internet(struct json_reader *reader, json_t *object, int family,
                          struct net_address *a)
{
    json_int_t port, scope;
    const char *host = plain_string(json_object_get(object, "host"));
    bool v6 = family == AF_INET6;
    if (!read_number(reader, object, "port", 65535, &port) ||
        !read_number(reader, object, "scope", v6 ? UINT32_MAX : 0, &scope))
        return false;
    *a = (struct net_address){.length = v6 ? sizeof a->u.in6 : sizeof a->u.in};
    a->u.any.sa_family = (sa_family_t)family;
    void *place = v6 ? (void *)&a->u.in6.sin6_addr : (void *)&a->u.in.sin_addr;
    if (host == NULL || !net_host_parse(family, host, place))
        return json_refuse(reader, "host: a numeric address of the family is expected");
    net_address_set_port(a, (int)port);
    if (v6)
        a->u.in6.sin6_scope_id = (uint32_t)scope;
    return true;
}

/* Set by hand: a file may be called "@name", and an abstract name be read where there are none. */
static bool set_path(struct json_reader *reader, bool abstract, const char *name, size_t length,
                     struct net_address *a)
{
    const size_t room = sizeof a->u.un.sun_path;
    size_t size = length + (abstract ? 1 : 0);
    if (size > room || (!abstract && memchr(name, '\0', length) != NULL))
        return json_refuse(reader, "the name is too long, or has a zero byte inside");
    *a = (struct net_address){.length = 0};
    a->u.any.sa_family = AF_UNIX;
    if (length > 0)
        memcpy(a->u.un.sun_path + (abstract ? 1 : 0), name, length);
    if (!abstract && length > 0 && length < room)
        size++; /* the terminating zero */
    a->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    return true;
}

static bool read_unix(struct json_reader *reader, json_t *object, int family, struct net_address *a)
{
    (void)family;
    const json_t *abstract = json_object_get(object, "abstract");
    const json_t *path = json_object_get(object, "path");
    const char *bytes = "";
    size_t length = 0;
    if (abstract != NULL && path != NULL)
        return json_refuse(reader, "a path and an abstract name exclude each other");
    const json_t *value = abstract != NULL ? abstract : path;
    if (value != NULL && !json_read_bytes(reader, value, &bytes, &length))
        return false;
    return set_path(reader, abstract != NULL, bytes, length, a);
}

static int digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *place = c == '\0' ? NULL : strchr(digits, c);
    return place == NULL ? -1 : (int)(place - digits);
}

static bool read_other(struct json_reader *reader, json_t *object, int family,
                       struct net_address *a)
{
    const char *text = plain_string(json_object_get(object, "bytes"));
    size_t count = text == NULL ? 0 : strlen(text) / 2;
    unsigned char *bytes = (unsigned char *)&a->u;
    *a = (struct net_address){.length = (socklen_t)(CONTENT_OFFSET + count)};
    if (text == NULL || strlen(text) % 2 != 0 || CONTENT_OFFSET + count > sizeof a->u)
        return json_refuse(reader, "bytes: an address in hexadecimal digits is expected");
    a->u.any.sa_family = (sa_family_t)family;
    for (size_t i = 0; i < count; i++) {
        int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return json_refuse(reader, "bytes: hexadecimal digits are expected");
        bytes[CONTENT_OFFSET + i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* Which members an address of a family has, and what reads them. */
static const struct layout {
    const char *members[4];
    bool (*read)(struct json_reader *reader, json_t *object, int family, struct net_address *a);
} layouts[] = {
    {{"host", "port", NULL}, read_internet},
    {{"host", "port", "scope", NULL}, read_internet},
    {{"path", "abstract", NULL}, read_unix},
    {{"bytes", NULL}, read_other},
};

static const struct layout *layout_of(int family)
{
    if (family == AF_INET)
        return &layouts[0];
    if (family == AF_INET6)
        return &layouts[1];
    return family == AF_UNIX ? &layouts[2] : &layouts[3];
}

/* What says nothing of this family's address is an error like any unknown member. */
static bool check_members(struct json_reader *reader, json_t *object, const struct layout *layout)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        size_t i = 0;
        while (layout->members[i] != NULL && strcmp(layout->members[i], name) != 0)
            i++;
        if (layout->members[i] == NULL && strcmp(name, "family") != 0)
            return json_refuse_word(reader, "", name, " does not belong here");
    }
    return true;
}

bool json_read_address(struct json_reader *reader, json_t *object, struct net_address *a)
{
    int family = 0;
    if (!json_is_object(object))
        return json_refuse(reader, "an address is expected");
    if (!json_read_constant(reader, json_object_get(object, "family"), 1UL << NET_FAMILY, &family))
        return false;
    if (family <= 0 || family > UINT8_MAX)
        return json_refuse(reader, "family: there is no such family");
    const struct layout *layout = layout_of(family);
    return check_members(reader, object, layout) && layout->read(reader, object, family, a);
}
