/* SPDX-License-Identifier: MIT
 *
 * Linux's ways to tell of a socket: TCP_INFO, and the tables in /proc. All of them are open to
 * everybody; a process's descriptors only to its own user. It must not know what the facts are for.
 */
#include "inspect_system.h"

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A search among all processes reads no more links than this: about a tenth of a second. */
#define MOST_LINKS 65536

/* A line of /proc/net/tcp6 takes about 180 bytes. */
#define LINE_ROOM 512

void inspect_tcp(const struct net_sys *sys, int fd, struct net_view *view)
{
    struct tcp_info info;
    socklen_t length = sizeof info;
    int held = 0;
    memset(&info, 0, sizeof info);
    if (sys->getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
        return;
    if (info.tcpi_state > NET_TCP_CLOSING) /* NEW_SYN_RECV: within the kernel only */
        return;
    view->state = (enum net_tcp_state)info.tcpi_state;
    view->had_peer = info.tcpi_rtt != 0; /* measured by the handshake, and left so by the end */
    if (view->state != NET_TCP_LISTEN) {
        if (sys->ioctl_int(fd, SIOCOUTQNSD, &held) == 0)
            view->held = held;
        return;
    }
    view->queued = info.tcpi_unacked;
    view->queue_limit = info.tcpi_sacked;
}

/* Where a line is being read. A field that is not as expected fails the whole line. */
struct cursor {
    const char *at;
    bool failed;
};

static unsigned long read_number(struct cursor *c, int base)
{
    char *end;
    unsigned long number = strtoul(c->at, &end, base); /* skips blanks in front */
    if (end == c->at)
        c->failed = true;
    c->at = end;
    return number;
}

static void skip_char(struct cursor *c, char expected)
{
    if (*c->at != expected)
        c->failed = true;
    else
        c->at++;
}

static void skip_fields(struct cursor *c, int count)
{
    for (int i = 0; i < count; i++) {
        c->at += strspn(c->at, " ");
        c->at += strcspn(c->at, " \n");
    }
}

/* The address's bytes, printed as words of 32 bits in the machine's own byte order. */
static void read_words(struct cursor *c, unsigned char *bytes, size_t size)
{
    c->at += strspn(c->at, " ");
    for (size_t i = 0; i < size; i += 4) {
        char digits[9];
        size_t length = strnlen(c->at, 8);
        memcpy(digits, c->at, length);
        digits[length] = '\0';
        if (strspn(digits, "0123456789ABCDEFabcdef") != 8) {
            c->failed = true;
            return;
        }
        uint32_t word = (uint32_t)strtoul(digits, NULL, 16);
        memcpy(bytes + i, &word, sizeof word);
        c->at += 8;
    }
}

/* "0100007F:3039" */
static void read_address(struct cursor *c, int family, struct net_address *a)
{
    memset(a, 0, sizeof *a);
    a->u.any.sa_family = (sa_family_t)family;
    if (family == AF_INET) {
        a->length = sizeof a->u.in;
        read_words(c, (unsigned char *)&a->u.in.sin_addr, sizeof a->u.in.sin_addr);
    } else {
        a->length = sizeof a->u.in6;
        read_words(c, a->u.in6.sin6_addr.s6_addr, sizeof a->u.in6.sin6_addr.s6_addr);
    }
    skip_char(c, ':');
    net_address_set_port(a, (int)read_number(c, 16));
}

/* The timer's time is in ticks of user space, whatever the kernel's own are. */
static double ticks_to_seconds(unsigned long ticks)
{
    long per_second = sysconf(_SC_CLK_TCK);
    return per_second > 0 ? (double)ticks / (double)per_second : -1;
}

/* sl local remote st tx:rx tr:when retrnsmt uid timeout inode ... (proc_pid_net(5)) */
static bool read_entry(const char *line, int family, struct net_tcp_entry *entry)
{
    struct cursor c = {.at = line};
    unsigned long state, ticks;
    skip_fields(&c, 1);
    read_address(&c, family, &entry->local);
    read_address(&c, family, &entry->remote);
    state = read_number(&c, 16);
    skip_fields(&c, 1);
    read_number(&c, 16);
    skip_char(&c, ':');
    ticks = read_number(&c, 16);
    skip_fields(&c, 1);
    entry->uid = (unsigned)read_number(&c, 10);
    skip_fields(&c, 1);
    entry->inode = read_number(&c, 10);
    entry->state = state <= NET_TCP_CLOSING ? (enum net_tcp_state)state : NET_TCP_SYN_RECV;
    entry->seconds_left = entry->state == NET_TCP_TIME_WAIT ? ticks_to_seconds(ticks) : -1;
    return !c.failed;
}

typedef bool inspect_each(void *context, const struct net_tcp_entry *entry);

/* Returns false where the caller wants no more; `found` tells whether there is such a table. */
static bool read_table(const char *path, int family, inspect_each *each, void *context, bool *found)
{
    char line[LINE_ROOM];
    bool more = true;
    FILE *file = fopen(path, "re");
    if (!file)
        return true;
    *found = true;
    if (!fgets(line, sizeof line, file)) /* the heading */
        more = false;
    while (more && fgets(line, sizeof line, file)) {
        struct net_tcp_entry entry;
        if (read_entry(line, family, &entry))
            more = each(context, &entry);
    }
    fclose(file);
    return more;
}

int net_inspect_table(int type, inspect_each *each, void *context)
{
    bool tcp = type == SOCK_STREAM;
    bool found = false;
    if (read_table(tcp ? "/proc/net/tcp" : "/proc/net/udp", AF_INET, each, context, &found))
        read_table(tcp ? "/proc/net/tcp6" : "/proc/net/udp6", AF_INET6, each, context, &found);
    return found ? 0 : ENOSYS;
}

/* Whether one of the process's descriptors is the socket `wanted`. */
static bool process_holds(const char *pid, const char *wanted, int *budget)
{
    char path[64], target[64];
    bool holds = false;
    snprintf(path, sizeof path, "/proc/%.20s/fd", pid);
    DIR *dir = opendir(path);
    if (!dir)
        return false;
    for (struct dirent *fd; !holds && *budget > 0 && (fd = readdir(dir));) {
        ssize_t length = readlinkat(dirfd(dir), fd->d_name, target, sizeof target - 1);
        (*budget)--;
        if (length < 0)
            continue;
        target[length] = '\0';
        holds = strcmp(target, wanted) == 0;
    }
    closedir(dir);
    return holds;
}

static void read_process_name(const char *pid, char *name, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%.20s/comm", pid);
    FILE *file = fopen(path, "re");
    name[0] = '\0';
    if (!file)
        return;
    size_t length = fread(name, 1, size - 1, file);
    name[length] = '\0';
    if (length > 0 && name[length - 1] == '\n')
        name[length - 1] = '\0';
    fclose(file);
}

int net_inspect_process(unsigned long inode, long *pid, char *name, size_t name_size)
{
    char wanted[64];
    int budget = MOST_LINKS, error = ENOENT;
    DIR *processes = inode == 0 ? NULL : opendir("/proc");
    if (!processes)
        return ENOENT;
    snprintf(wanted, sizeof wanted, "socket:[%lu]", inode);
    for (struct dirent *entry; error && budget > 0 && (entry = readdir(processes));) {
        if (!isdigit((unsigned char)entry->d_name[0]) ||
            !process_holds(entry->d_name, wanted, &budget))
            continue;
        *pid = strtol(entry->d_name, NULL, 10);
        read_process_name(entry->d_name, name, name_size);
        error = 0;
    }
    closedir(processes);
    return error;
}

int net_inspect_first_open_port(void)
{
    char line[16];
    long port = IPPORT_RESERVED;
    FILE *file = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "re");
    if (!file)
        return IPPORT_RESERVED;
    if (fgets(line, sizeof line, file))
        port = strtol(line, NULL, 10);
    fclose(file);
    return (int)port;
}

#endif
