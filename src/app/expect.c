/* SPDX-License-Identifier: MIT
 *
 * The table of places: where a constant of which kind belongs. That a parameter is a socket or a
 * task is told by the signatures in the help texts.
 */
#include "app/expect.h"
#include "net/option.h"

#include <ctype.h>
#include <string.h>

static const struct place {
    const char *function;
    unsigned argument; /* of the function, the socket included */
    enum expect_what what;
    enum net_kind kind;
} places[] = {
    {"socket", 1, EXPECT_CONSTANT, NET_FAMILY},
    {"socket", 2, EXPECT_CONSTANT, NET_TYPE},
    {"socket", 3, EXPECT_CONSTANT, NET_PROTOCOL},
    {"socketpair", 1, EXPECT_CONSTANT, NET_FAMILY},
    {"socketpair", 2, EXPECT_CONSTANT, NET_TYPE},
    {"socketpair", 3, EXPECT_CONSTANT, NET_PROTOCOL},
    {"accept", 1, EXPECT_LISTENER, NET_KIND_COUNT},
    {"listen", 2, EXPECT_CONSTANT, NET_LIMIT},
    {"shutdown", 2, EXPECT_CONSTANT, NET_DIRECTION},
    {"send", 3, EXPECT_CONSTANT, NET_MESSAGE_FLAG},
    {"sendall", 3, EXPECT_CONSTANT, NET_MESSAGE_FLAG},
    {"sendto", 5, EXPECT_CONSTANT, NET_MESSAGE_FLAG},
    {"recv", 3, EXPECT_CONSTANT, NET_MESSAGE_FLAG},
    {"recvfrom", 3, EXPECT_CONSTANT, NET_MESSAGE_FLAG},
    {"setsockopt", 2, EXPECT_LEVEL, NET_LEVEL},
    {"setsockopt", 3, EXPECT_OPTION, NET_KIND_COUNT},
    {"setsockopt", 4, EXPECT_CONSTANT, NET_KIND_COUNT}, /* of the option's kind */
    {"getsockopt", 2, EXPECT_LEVEL, NET_LEVEL},
    {"getsockopt", 3, EXPECT_OPTION, NET_KIND_COUNT},
    {"getaddrinfo", 3, EXPECT_CONSTANT, NET_FAMILY},
    {"getaddrinfo", 4, EXPECT_CONSTANT, NET_TYPE},
    {"getaddrinfo", 5, EXPECT_CONSTANT, NET_PROTOCOL},
    {"getaddrinfo", 6, EXPECT_CONSTANT, NET_LOOKUP_FLAG},
    {"getnameinfo", 2, EXPECT_CONSTANT, NET_NAMEINFO_FLAG},
    {"inet_pton", 1, EXPECT_CONSTANT, NET_FAMILY},
    {"inet_ntop", 1, EXPECT_CONSTANT, NET_FAMILY},
    {"wait", 1, EXPECT_TASK, NET_KIND_COUNT},
    {"cancel", 1, EXPECT_TASK, NET_KIND_COUNT},
    {"help", 1, EXPECT_TOPIC, NET_KIND_COUNT},
};

/* The arguments that are tables of sockets. */
static bool is_list_of_sockets(const char *function, unsigned argument)
{
    if (strcmp(function, "poll") == 0)
        return argument == 1;
    return strcmp(function, "socket.select") == 0 && argument <= 2;
}

bool expect_takes_socket(const struct help_topic *topic)
{
    const char *parameters = strchr(topic->signature, '(');
    return parameters != NULL && parameters[1] == 's' && !isalnum((unsigned char)parameters[2]);
}

/* The constant that an argument consists of, NULL where it is something else. */
static const struct net_name *constant_at(const char *text, const struct context *context,
                                          unsigned argument)
{
    static const char table[] = "socket.";
    char name[HELP_NAME_MAX + 1];
    size_t length;
    const char *found = context_argument(text, context, argument, &length);
    if (found == NULL)
        return NULL;
    const size_t skip = length > sizeof table && strncmp(found, table, sizeof table - 1) == 0
                            ? sizeof table - 1
                            : 0;
    if (length - skip >= sizeof name)
        return NULL;
    memcpy(name, found + skip, length - skip);
    name[length - skip] = '\0';
    return net_name_find(name);
}

/* What the arguments before it say: the level of an option, the option of a value. `first` is the
 * place of the level. */
static void read_option(const char *text, const struct context *context, unsigned first,
                        struct expect *expect)
{
    const struct net_name *level = constant_at(text, context, first);
    const struct net_name *option = constant_at(text, context, first + 1);
    if (level != NULL)
        expect->level = (int)level->value;
    if (expect->what == EXPECT_OPTION && level != NULL)
        expect->kind = net_option_kind(expect->level);
    if (expect->what == EXPECT_CONSTANT && level != NULL && option != NULL)
        expect->kind = net_option_value_kind(net_option_type(expect->level, (int)option->value));
    if (expect->what == EXPECT_CONSTANT && expect->kind == NET_KIND_COUNT)
        expect->what = EXPECT_ANYTHING;
}

void expect_read(const struct help_topic *topic, bool method, const char *text,
                 const struct context *context, struct expect *expect)
{
    const unsigned argument = context->argument + method;
    *expect = (struct expect){EXPECT_ANYTHING, NET_KIND_COUNT, -1};
    if (topic == NULL)
        return;
    if (context->nested > 0) {
        if (context->nested == 1 && is_list_of_sockets(topic->name, argument))
            expect->what = EXPECT_SOCKET;
        return;
    }
    if (argument == 1 && expect_takes_socket(topic))
        expect->what = EXPECT_SOCKET;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct place *p = &places[i];
        if (p->argument == argument && strcmp(p->function, topic->name) == 0) {
            expect->what = p->what;
            expect->kind = p->kind;
            if (p->kind == NET_KIND_COUNT && p->what >= EXPECT_OPTION)
                read_option(text, context, method ? 1 : 2, expect);
        }
    }
}

/* Whether a constant is how a level is usually written: SOL_SOCKET, IPPROTO_TCP. */
static bool is_usual_level(const struct net_name *name)
{
    if (net_option_kind((int)name->value) == NET_KIND_COUNT)
        return false;
    struct buffer usual = BUFFER_EMPTY;
    net_option_append_level(&usual, (int)name->value);
    const bool is = strcmp(buffer_text(&usual), name->name) == 0;
    buffer_free(&usual);
    return is;
}

static bool fits_level(const struct net_name *name, const char *prefix)
{
    if (name->kind == NET_LEVEL && *prefix != '\0')
        return true;
    return (name->kind == NET_LEVEL || name->kind == NET_PROTOCOL) && is_usual_level(name);
}

/* The multicast options of both IP levels have one set of names. */
static bool fits_option(const struct expect *expect, const struct net_name *name)
{
    if (name->kind < NET_SOCKET_OPTION || name->kind > NET_IPV6_OPTION)
        return false;
    if (expect->level == -1)
        return true;
    const bool shared = expect->kind == NET_IPV6_OPTION && name->kind == NET_IP_OPTION &&
                        strncmp(name->name, "MCAST_", 6) == 0;
    return (shared || name->kind == expect->kind) &&
           net_option_type(expect->level, (int)name->value) != NET_VALUE_POINTER;
}

static bool fits(const struct expect *expect, const struct net_name *name, const char *prefix)
{
    switch (expect->what) {
    case EXPECT_LEVEL:
        return fits_level(name, prefix);
    case EXPECT_OPTION:
        return fits_option(expect, name);
    case EXPECT_CONSTANT:
        return name->kind == expect->kind;
    default:
        return true;
    }
}

/* Whether the constant has a page, as those have that are used every day. */
static bool is_common(const struct net_name *name)
{
    const struct help_topic *topic = help_find(name->name);
    return topic != NULL && strcmp(topic->name, name->name) == 0;
}

static bool is_covered(const struct net_name *name, const char *prefix)
{
    const struct net_name *usual = net_name_of(name->kind, name->value);
    return usual != name && usual != NULL && strncmp(usual->name, prefix, strlen(prefix)) == 0;
}

void expect_constants(const struct expect *expect, const char *prefix,
                      void (*visit)(void *owner, const char *name, bool common), void *owner)
{
    size_t count, common = 0;
    const struct net_name *names = net_names(&count);
    /* A level is asked for by no beginning that all have: its names are few, and come at once. */
    const bool choose = *prefix == '\0' && expect->what != EXPECT_LEVEL;
    /* One option alone would be typed at once, as if its level had no other. */
    const size_t least = expect->what == EXPECT_OPTION ? 2 : 1;
    for (size_t i = 0; choose && i < count; i++)
        common += fits(expect, &names[i], prefix) && is_common(&names[i]);
    for (size_t i = 0; i < count; i++) {
        const struct net_name *name = &names[i];
        if (strncmp(name->name, prefix, strlen(prefix)) != 0 || !fits(expect, name, prefix) ||
            is_covered(name, prefix))
            continue;
        if (common < least || is_common(name))
            visit(owner, name->name, is_common(name));
    }
}
