/* SPDX-License-Identifier: MIT
 *
 * The words that hints have in common: what a placeholder stands for, and the states of a socket
 * for which a row is written. It must not know the rows.
 */
#include "fault_hint.h"

#include "base/text.h"
#include "net/name.h"
#include "net/option.h"

#include <string.h>

/* A host or service of a lookup may be of any length; this much of it is quoted. */
#define LONGEST_QUOTE 64

/* The type without the flags that socket() takes along with it. */
static int fault_type(const struct net_fault *fault)
{
    return net_type_alone(fault->facts.type);
}

bool hint_is_listening(const struct net_fault *fault)
{
    return fault->facts.listening;
}

bool hint_is_unix(const struct net_fault *fault)
{
    return fault->facts.family == AF_UNIX;
}

bool hint_is_unix_abstract(const struct net_fault *fault)
{
    size_t length;
    const char *path = net_address_path(&fault->address, &length);
    return length > 0 && path[0] == '\0';
}

bool hint_is_internet(const struct net_fault *fault)
{
    return fault->facts.family == AF_INET || fault->facts.family == AF_INET6;
}

bool hint_is_inet6(const struct net_fault *fault)
{
    return fault->facts.family == AF_INET6;
}

bool hint_is_connecting(const struct net_fault *fault)
{
    return fault->facts.connecting;
}

bool hint_is_to_many(const struct net_fault *fault)
{
    return net_address_is_many(&fault->address);
}

/* TCP has one peer: an address that means many is refused. */
bool hint_is_stream_to_many(const struct net_fault *fault)
{
    return fault_type(fault) == SOCK_STREAM && hint_is_to_many(fault);
}

bool hint_is_datagram(const struct net_fault *fault)
{
    return fault_type(fault) == SOCK_DGRAM;
}

bool hint_is_connected(const struct net_fault *fault)
{
    return fault->seen.view.peer.length != 0;
}

bool hint_was_connected(const struct net_fault *fault)
{
    return !hint_is_connected(fault) && (fault->facts.ended || fault->seen.view.had_peer);
}

bool hint_is_own_timeout(const struct net_fault *fault)
{
    return fault->cause == NET_OWN_TIMEOUT;
}

bool hint_is_nonblocking(const struct net_fault *fault)
{
    return fault->facts.exists && fault->facts.timeout >= 0 && fault->facts.timeout <= 0;
}

static void append_name(struct buffer *out, const struct hint_scene *scene, const char *otherwise)
{
    const struct net_witness *witness = scene->witness;
    int fd = scene->fault->facts.fd;
    bool knows = witness->name && scene->fault->facts.exists && fd >= 0;
    if (!knows || !witness->name(witness->owner, &scene->fault->facts, out))
        buffer_puts(out, otherwise);
}

static void append_s(struct buffer *out, const struct hint_scene *scene)
{
    append_name(out, scene, "s");
}

static void append_this(struct buffer *out, const struct hint_scene *scene)
{
    append_name(out, scene, "this socket");
}

static void append_This(struct buffer *out, const struct hint_scene *scene)
{
    append_name(out, scene, "This socket");
}

static void append_call(struct buffer *out, const struct hint_scene *scene)
{
    const struct net_fault *fault = scene->fault;
    if (fault->name)
        buffer_puts(out, fault->name);
    else
        buffer_puts(out, fault->call < NET_CALL_COUNT ? net_call_name(fault->call) : "the call");
}

static void append_place(struct buffer *out, const struct net_address *a)
{
    if (a->length == 0) {
        buffer_puts(out, "that address");
        return;
    }
    if (net_address_port(a) < 0) {
        net_address_append(out, a);
        return;
    }
    net_address_append_host(out, a);
    buffer_printf(out, " port %d", net_address_port(a));
}

static void append_where(struct buffer *out, const struct hint_scene *scene)
{
    append_place(out, &scene->fault->address);
}

static void append_address(struct buffer *out, const struct hint_scene *scene)
{
    if (net_address_port(&scene->fault->address) < 0)
        append_where(out, scene);
    else
        net_address_append_host(out, &scene->fault->address);
}

static void append_local(struct buffer *out, const struct hint_scene *scene)
{
    append_place(out, &scene->fault->seen.view.local);
}

static void append_peer(struct buffer *out, const struct hint_scene *scene)
{
    append_place(out, &scene->fault->seen.view.peer);
}

static void append_family(struct buffer *out, const struct hint_scene *scene)
{
    net_name_append(out, NET_FAMILY, scene->fault->facts.family);
}

static void append_other(struct buffer *out, const struct hint_scene *scene)
{
    net_name_append(out, NET_FAMILY, net_address_family(&scene->fault->address));
}

static void append_type(struct buffer *out, const struct hint_scene *scene)
{
    net_name_append(out, NET_TYPE, fault_type(scene->fault));
}

static void append_kind(struct buffer *out, const struct hint_scene *scene)
{
    net_kind_of_socket(out, scene->fault->facts.family, fault_type(scene->fault), 0);
}

static void append_size(struct buffer *out, const struct hint_scene *scene)
{
    buffer_printf(out, "%zu", scene->fault->size);
}

static void append_sent(struct buffer *out, const struct hint_scene *scene)
{
    buffer_printf(out, "%ld", scene->fault->sent);
}

static void append_seconds(struct buffer *out, const struct hint_scene *scene)
{
    buffer_printf(out, "%g", scene->fault->facts.timeout);
}

static void append_fd(struct buffer *out, const struct hint_scene *scene)
{
    buffer_printf(out, "%d", scene->fault->facts.fd);
}

/* The errno behind EAI_SYSTEM. */
static void append_error(struct buffer *out, const struct hint_scene *scene)
{
    const struct net_fault system = {.error = scene->fault->system_error};
    buffer_printf(out, "%s (", net_fault_message(&system));
    net_fault_append_name(out, &system);
    buffer_putc(out, ')');
}

static void append_option(struct buffer *out, const struct hint_scene *scene)
{
    net_option_append_name(out, scene->fault->level, scene->fault->option);
}

static void append_lack(struct buffer *out, const struct hint_scene *scene)
{
    if (scene->fault->facts.connecting && scene->fault->call != NET_CONNECT) {
        buffer_puts(out, "the connection is still being made");
        return;
    }
    switch (scene->fault->call) {
    case NET_ACCEPT:
        buffer_puts(out, "no client has connected");
        break;
    case NET_CONNECT:
        append_where(out, scene);
        buffer_puts(out, " has not answered");
        break;
    case NET_SEND:
    case NET_SENDTO:
        buffer_puts(out, hint_is_unix(scene->fault) && hint_is_datagram(scene->fault)
                             ? "the receiver's queue is full, as it does not read"
                             : "the send buffer is full, as the peer does not read");
        break;
    default:
        buffer_puts(out, "nothing has arrived");
    }
}

static void append_quoted(struct buffer *out, const char *text)
{
    text_append_quoted(out, text ? text : "", text ? strlen(text) : 0, LONGEST_QUOTE);
}

static void append_host(struct buffer *out, const struct hint_scene *scene)
{
    append_quoted(out, scene->fault->host);
}

static void append_service(struct buffer *out, const struct hint_scene *scene)
{
    append_quoted(out, scene->fault->service);
}

static const struct placeholder {
    const char *name;
    void (*append)(struct buffer *out, const struct hint_scene *scene);
} placeholders[] = {
    {"s", append_s},         {"this", append_this},       {"This", append_This},
    {"call", append_call},   {"where", append_where},     {"address", append_address},
    {"local", append_local}, {"peer", append_peer},       {"family", append_family},
    {"other", append_other}, {"type", append_type},       {"kind", append_kind},
    {"size", append_size},   {"sent", append_sent},       {"seconds", append_seconds},
    {"fd", append_fd},       {"error", append_error},     {"lack", append_lack},
    {"host", append_host},   {"service", append_service}, {"option", append_option},
};

static const struct placeholder *placeholder_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++) {
        const struct placeholder *p = &placeholders[i];
        if (strlen(p->name) == length && memcmp(p->name, name, length) == 0)
            return p;
    }
    return NULL;
}

void hint_append(struct buffer *out, const struct hint_scene *scene, const char *text)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "{");
        buffer_append(out, text, plain);
        text += plain;
        if (*text == '\0')
            return;
        size_t length = strcspn(text + 1, "}");
        const struct placeholder *p = placeholder_find(text + 1, length);
        length += 1 + (text[1 + length] == '}');
        if (p)
            p->append(out, scene);
        else
            buffer_append(out, text, length); /* so that a misspelt one is seen */
        text += length;
    }
}
