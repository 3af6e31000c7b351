/* SPDX-License-Identifier: MIT
 *
 * Why an address is taken: by a socket of this shell, by another process, by a connection that is
 * over but rests in TIME_WAIT, by a file. Each has another remedy. Asked when the hint is read, so
 * that it tells what is so now.
 */
#include "fault_holder.h"

#include "base/text.h"

#include <string.h>
#include <unistd.h>

/* What stands in the way, the stronger reason last: a listener does so whatever the options. */
enum hold { HOLD_NONE, HOLD_TIME_WAIT, HOLD_ENDING, HOLD_OPEN, HOLD_LISTEN };

struct search {
    const struct net_address *wanted;
    bool stream;
    enum hold hold;
    struct net_tcp_entry entry;
};

static enum hold hold_of(const struct net_tcp_entry *entry, bool stream)
{
    if (!stream)
        return HOLD_OPEN;
    if (entry->state == NET_TCP_LISTEN)
        return HOLD_LISTEN;
    if (entry->state == NET_TCP_TIME_WAIT)
        return HOLD_TIME_WAIT;
    return entry->inode == 0 ? HOLD_ENDING : HOLD_OPEN;
}

static bool search_entry(void *context, const struct net_tcp_entry *entry)
{
    struct search *search = context;
    enum hold hold = hold_of(entry, search->stream);
    if (!net_address_clashes(search->wanted, &entry->local) || hold < search->hold)
        return true;
    if (hold == search->hold && entry->seconds_left <= search->entry.seconds_left)
        return true;
    search->hold = hold;
    search->entry = *entry;
    return hold != HOLD_LISTEN;
}

static void append_process(struct buffer *out, unsigned long inode)
{
    char name[32];
    long pid;
    if (net_inspect_process(inode, &pid, name, sizeof name) != 0) {
        buffer_puts(out, "another program");
        return;
    }
    if (pid == (long)getpid()) {
        buffer_puts(out, "another socket of this shell");
        return;
    }
    text_append_safe(out, name, strlen(name), false);
    buffer_printf(out, " (process %ld)", pid);
}

/* SO_REUSEADDR must have been set on the socket that was closed as well: Linux looks at both. */
static void append_remedy(struct buffer *out, const struct hint_scene *scene)
{
    if (scene->fault->seen.reuses) {
        buffer_puts(out, " SO_REUSEADDR does not help this time, as the socket before this one "
                         "lacked it: wait, or choose another port.");
        return;
    }
    hint_append(
        out, scene,
        " A server that calls setsockopt({s}, SOL_SOCKET, SO_REUSEADDR, 1) before each bind() "
        "need not wait.");
}

static void write_time_wait(struct buffer *out, const struct hint_scene *scene, double seconds)
{
    int port = net_address_port(&scene->fault->address);
    buffer_printf(out, "Port %d rests", port);
    if (seconds >= 0)
        buffer_printf(out, " for %ld s more", (long)(seconds + 0.99));
    buffer_puts(out, ": a connection that was closed here is in TIME_WAIT.");
    append_remedy(out, scene);
}

static void write_ending(struct buffer *out, const struct hint_scene *scene,
                         enum net_tcp_state state)
{
    int port = net_address_port(&scene->fault->address);
    buffer_printf(out, "A connection on port %d that was closed here has not ended yet (%s).", port,
                  net_tcp_state_name(state));
    append_remedy(out, scene);
}

static void write_open(struct buffer *out, const struct hint_scene *scene,
                       const struct search *search)
{
    int port = net_address_port(&scene->fault->address);
    bool connection = search->stream && search->hold == HOLD_OPEN;
    if (connection)
        buffer_printf(out, "A connection on port %d is still open, held by ", port);
    else
        buffer_printf(out, "Port %d is taken by ", port);
    append_process(out, search->entry.inode);
    buffer_puts(out, connection ? ". Close it first, or choose another port."
                                : ". End that first, or choose another port.");
}

/* The system's table has nothing about it, or there is none to ask. */
static void write_unknown(struct buffer *out, const struct hint_scene *scene, bool asked)
{
    if (asked || hint_is_datagram(scene->fault)) {
        hint_append(out, scene,
                    "Another program has {where} already. End that first, or choose another port; "
                    "port 0 lets the kernel choose a free one.");
        return;
    }
    hint_append(out, scene,
                "Another program has {where}, or a connection that was closed here is in "
                "TIME_WAIT. End the program, or choose another port; in TIME_WAIT, it is free in "
                "some minutes.");
    append_remedy(out, scene);
}

static void write_port_holder(struct buffer *out, const struct hint_scene *scene)
{
    struct search search = {.wanted = &scene->fault->address,
                            .stream = !hint_is_datagram(scene->fault),
                            .entry.seconds_left = -2};
    int unknown =
        net_inspect_table(search.stream ? SOCK_STREAM : SOCK_DGRAM, search_entry, &search);
    switch (search.hold) {
    case HOLD_TIME_WAIT:
        write_time_wait(out, scene, search.entry.seconds_left);
        break;
    case HOLD_ENDING:
        write_ending(out, scene, search.entry.state);
        break;
    case HOLD_OPEN:
    case HOLD_LISTEN:
        write_open(out, scene, &search);
        break;
    default:
        write_unknown(out, scene, unknown == 0);
    }
}

/* What is no socket is nobody's to remove for a socket's sake. */
static void write_path_holder(struct buffer *out, const struct hint_scene *scene)
{
    const struct net_address *a = &scene->fault->address;
    size_t length;
    const char *path = net_address_path(a, &length);
    if (length == 0 || path[0] == '\0') {
        net_address_append(out, a);
        buffer_puts(out, " is the name of another socket already. Choose another name.");
        return;
    }
    net_address_append(out, a);
    if (scene->fault->seen.standing == NET_STANDS_OTHER) {
        buffer_puts(out, " is there already, and is no socket but a file, directory or link. "
                         "bind() makes a file and replaces none: choose another path.");
        return;
    }
    buffer_puts(out,
                " exists already: closing a socket leaves its file behind. If no server uses it, "
                "remove it before bind(): os.remove(");
    text_append_quoted(out, path, length, length);
    buffer_putc(out, ')');
}

/* By a socket of this shell, where the witness knows one. */
static bool write_own_holder(struct buffer *out, const struct hint_scene *scene)
{
    const struct net_witness *witness = scene->witness;
    const struct net_fault *fault = scene->fault;
    struct buffer holder = BUFFER_EMPTY;
    bool known = witness->holder &&
                 witness->holder(witness->owner, &fault->address, fault->facts.type, &holder);
    if (known) {
        hint_append(out, scene, "{where} is taken by ");
        buffer_puts(out, buffer_text(&holder));
        buffer_puts(out, hint_is_unix_abstract(fault)
                             ? ". Close that one first, or choose another name."
                         : hint_is_unix(fault)
                             ? ". Close that one and remove its file, or choose another path."
                             : ". Close that one first, or choose another port.");
    }
    out->failed |= holder.failed;
    buffer_free(&holder);
    return known;
}

void hint_write_holder(struct buffer *out, const struct hint_scene *scene)
{
    const struct net_address *taken = &scene->fault->address;
    if (net_address_port(taken) == 0) {
        buffer_puts(out, "No free port is left on this computer for bind() to choose.");
        return;
    }
    if (write_own_holder(out, scene))
        return;
    if (net_address_family(taken) == AF_UNIX)
        write_path_holder(out, scene);
    else
        write_port_holder(out, scene);
}
