/* SPDX-License-Identifier: MIT
 *
 * The tables. A name once given stays: pages outlive the program that wrote them.
 */
#include "field.h"

#include "net/option.h"

#include <limits.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define BIT(kind) (1UL << (kind))

_Static_assert(sizeof(enum net_call) == sizeof(int), "an enum is read and written as an int");

static const char *call_word(int value)
{
    return net_call_name((enum net_call)value);
}

static const char *state_word(int value)
{
    return net_tcp_state_name((enum net_tcp_state)value);
}

static const char *kind_word(int value)
{
    static const char *const words[JOURNAL_KIND_COUNT] = {
        [JOURNAL_CALL] = "call",       [JOURNAL_TYPED] = "typed", [JOURNAL_TOLD] = "told",
        [JOURNAL_SHOWN] = "shown",     [JOURNAL_TABLE] = "table", [JOURNAL_PAUSED] = "paused",
        [JOURNAL_RESUMED] = "resumed",
    };
    return words[value];
}

static enum net_kind names_of_family(const void *object)
{
    (void)object;
    return NET_FAMILY;
}

static enum net_kind names_of_type(const void *object)
{
    (void)object;
    return NET_TYPE;
}

static enum net_kind names_of_how(const void *object)
{
    (void)object;
    return NET_DIRECTION;
}

static enum net_kind names_of_error(const void *object)
{
    const struct net_record *record = object;
    bool lookup = record->call == NET_GETADDRINFO || record->call == NET_GETNAMEINFO;
    return lookup ? NET_LOOKUP_ERROR : NET_ERRNO;
}

static enum net_kind names_of_flags(const void *object)
{
    const struct net_record *record = object;
    if (record->call == NET_GETADDRINFO)
        return NET_LOOKUP_FLAG;
    return record->call == NET_GETNAMEINFO ? NET_NAMEINFO_FLAG : NET_MESSAGE_FLAG;
}

static enum net_kind names_of_level(const void *object)
{
    const struct net_record *record = object;
    return record->level == SOL_SOCKET ? NET_LEVEL : NET_PROTOCOL;
}

static enum net_kind names_of_option(const void *object)
{
    const struct net_record *record = object;
    return net_option_kind(record->level);
}

#define ERROR_NAMES (BIT(NET_ERRNO) | BIT(NET_LOOKUP_ERROR))
#define FLAG_NAMES (BIT(NET_MESSAGE_FLAG) | BIT(NET_LOOKUP_FLAG) | BIT(NET_NAMEINFO_FLAG))
#define LEVEL_NAMES (BIT(NET_LEVEL) | BIT(NET_PROTOCOL))
#define OPTION_NAMES                                                                               \
    (BIT(NET_SOCKET_OPTION) | BIT(NET_TCP_OPTION) | BIT(NET_UDP_OPTION) | BIT(NET_IP_OPTION) |     \
     BIT(NET_IPV6_OPTION))

/* One line for a member: its name here, its kind, its place. */
#define MEMBER(structure, label, sort, member)                                                     \
    .name = (label), .kind = FIELD_##sort, .offset = offsetof(struct structure, member)
#define COUNTED_BY(structure, member) .count_offset = offsetof(struct structure, member)
#define WITHIN(low, high) .least = (low), .most = (high)
#define NAMED(set, function) .names = (set), .names_of = (function)
#define WORDS(function, count) .word = (function), .words = (count)

#define ENTRY(label, sort, member) MEMBER(journal_entry, label, sort, member)
static const struct field entry_fields[] = {
    {ENTRY("kind", WORD, kind), WORDS(kind_word, JOURNAL_KIND_COUNT)},
    {ENTRY("origin", INT, origin), WITHIN(0, JOURNAL_ORIGINS - 1)},
    {ENTRY("time", SECONDS, time)},
    {ENTRY("text", TEXT, text)},
    {ENTRY("record", RECORD, record)},
    {ENTRY("sockets", SOCKETS, sockets), COUNTED_BY(journal_entry, socket_count),
     WITHIN(0, JOURNAL_TABLE_LIMIT)},
    {ENTRY("more_sockets", SIZE, socket_rest), WITHIN(0, INT_MAX)},
    {ENTRY("closed_sockets", SIZE, socket_unasked), WITHIN(0, INT_MAX)},
};

#define RECORD(label, sort, member) MEMBER(net_record, label, sort, member)
static const struct field record_fields[] = {
    {RECORD("call", WORD, call), WORDS(call_word, NET_CALL_COUNT)},
    {RECORD("fd", INT, fd), WITHIN(-1, INT_MAX)},
    {RECORD("result", LONG, result), WITHIN(-1, INT_MAX)},
    {RECORD("error", CONSTANT, error), NAMED(ERROR_NAMES, names_of_error)},
    {RECORD("start", SECONDS, start)},
    {RECORD("end", SECONDS, end)},
    {RECORD("serial", ULONG, serial)},
    {RECORD("made", ULONG, made[0])},
    {RECORD("made_second", ULONG, made[1])},
    {RECORD("reached", ULONG, reached)},
    {RECORD("view", VIEW_AT, view)},
    {RECORD("reached_view", VIEW_AT, reached_view)},
    {RECORD("reset", BOOL, reset)},
    {RECORD("family", CONSTANT, family), NAMED(BIT(NET_FAMILY), names_of_family)},
    {RECORD("type", CONSTANT, type), NAMED(BIT(NET_TYPE), names_of_type)},
    {RECORD("protocol", INT, protocol), WITHIN(INT_MIN, INT_MAX)},
    {RECORD("second_fd", INT, second_fd), WITHIN(-1, INT_MAX)},
    {RECORD("backlog", INT, backlog), WITHIN(INT_MIN, INT_MAX)},
    {RECORD("how", CONSTANT, how), NAMED(BIT(NET_DIRECTION), names_of_how)},
    {RECORD("level", CONSTANT, level), NAMED(LEVEL_NAMES, names_of_level)},
    {RECORD("option", CONSTANT, option), NAMED(OPTION_NAMES, names_of_option)},
    {RECORD("flags", CONSTANT, flags), NAMED(FLAG_NAMES, names_of_flags)},
    {RECORD("address", ADDRESS, address)},
    {RECORD("data", DATA, data), COUNTED_BY(net_record, data_length),
     WITHIN(0, JOURNAL_DATA_LIMIT)},
    {RECORD("came", SIZE, came), WITHIN(0, INT_MAX)},
    {RECORD("size", SIZE, size), WITHIN(0, LONG_MAX / 4)},
    {RECORD("host", TEXT, host)},
    {RECORD("service", TEXT, service)},
    {RECORD("task", TEXT, task)},
};

#define VIEW(label, sort, member) MEMBER(net_view, label, sort, member)
static const struct field view_fields[] = {
    {VIEW("local", ADDRESS, local)},
    {VIEW("peer", ADDRESS, peer)},
    {VIEW("state", WORD, state), WORDS(state_word, NET_TCP_CLOSING + 1)},
    {VIEW("had_peer", BOOL, had_peer)},
    {VIEW("queued", LONG, queued), WITHIN(-1, INT_MAX)},
    {VIEW("queue_limit", LONG, queue_limit), WITHIN(-1, INT_MAX)},
    {VIEW("to_read", LONG, to_read), WITHIN(-1, INT_MAX)},
    {VIEW("unsent", LONG, unsent), WITHIN(-1, INT_MAX)},
    {VIEW("held", LONG, held), WITHIN(0, INT_MAX)},
};

#define ROW(label, sort, member) MEMBER(journal_socket, label, sort, member)
static const struct field socket_fields[] = {
    {ROW("serial", ULONG, serial)},
    {ROW("fd", INT, fd), WITHIN(-1, INT_MAX)},
    {ROW("family", CONSTANT, family), NAMED(BIT(NET_FAMILY), names_of_family)},
    {ROW("type", CONSTANT, type), NAMED(BIT(NET_TYPE), names_of_type)},
    {ROW("protocol", INT, protocol), WITHIN(INT_MIN, INT_MAX)},
    {ROW("bound", BOOL, bound)},
    {ROW("listening", BOOL, listening)},
    {ROW("connecting", BOOL, connecting)},
    {ROW("variable", CHARS, variable),
     WITHIN(0, sizeof(((struct journal_socket *)0)->variable) - 1)},
    {ROW("closed", SECONDS, closed)},
    {ROW("view", VIEW, view)},
};

const struct field *field_list(enum fields which, size_t *count)
{
    static const struct {
        const struct field *list;
        size_t count;
    } lists[FIELDS_COUNT] = {
        [FIELDS_ENTRY] = {entry_fields, COUNT(entry_fields)},
        [FIELDS_RECORD] = {record_fields, COUNT(record_fields)},
        [FIELDS_VIEW] = {view_fields, COUNT(view_fields)},
        [FIELDS_SOCKET] = {socket_fields, COUNT(socket_fields)},
    };
    *count = lists[which].count;
    return lists[which].list;
}

static bool is_absent_record(const void *object)
{
    const struct journal_entry *entry = object;
    return entry->kind != JOURNAL_CALL;
}

bool field_is_absent(const struct field *field, const void *object)
{
    switch (field->kind) {
    case FIELD_INT:
    case FIELD_CONSTANT:
        return FIELD_OF(int, object, field->offset) == 0;
    case FIELD_LONG:
        return FIELD_OF(long, object, field->offset) == 0;
    case FIELD_ULONG:
        return FIELD_OF(unsigned long, object, field->offset) == 0;
    case FIELD_SIZE:
        return FIELD_OF(size_t, object, field->offset) == 0;
    case FIELD_SECONDS:
        return FIELD_OF(double, object, field->offset) == 0;
    case FIELD_BOOL:
        return !FIELD_OF(bool, object, field->offset);
    case FIELD_CHARS:
        return FIELD_OF(char, object, field->offset) == '\0';
    case FIELD_TEXT:
    case FIELD_DATA:
        return FIELD_OF(char *, object, field->offset) == NULL;
    case FIELD_VIEW_AT:
        return FIELD_OF(struct net_view *, object, field->offset) == NULL;
    case FIELD_SOCKETS:
        return FIELD_OF(size_t, object, field->count_offset) == 0;
    case FIELD_ADDRESS:
        return net_address_family(&FIELD_OF(struct net_address, object, field->offset)) ==
               AF_UNSPEC;
    case FIELD_RECORD:
        return is_absent_record(object);
    default: /* an enum's first value has a name too */
        return false;
    }
}
