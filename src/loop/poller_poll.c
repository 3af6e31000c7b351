/* SPDX-License-Identifier: MIT
 *
 * POSIX's poll(2) behind the loop's table, for systems without epoll. The set of descriptors is
 * kept dense, and each descriptor's place in it is known, so that changing one costs the same with
 * many.
 */
#include "loop/poller.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

enum { SMALLEST = 64 };

struct set {
    struct pollfd *entries;
    unsigned *stamps; /* of each entry */
    size_t count, room;
    size_t *places; /* by descriptor: place of its entry plus one, 0 where there is none */
    size_t place_count;
    size_t start; /* where the next scan begins, so that none starves behind a full batch */
};

int poller_milliseconds(double seconds)
{
    const double milliseconds = seconds * 1000;
    if (seconds >= INFINITY)
        return -1;
    if (milliseconds >= INT_MAX)
        return INT_MAX;
    const int whole = milliseconds > 0 ? (int)milliseconds : 0;
    return whole < milliseconds ? whole + 1 : whole;
}

bool poller_is_readable(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return poll(&one, 1, 0) == 1;
}

static int set_open(void **poller)
{
    struct set *const set = calloc(1, sizeof *set);
    if (!set)
        return ENOMEM;
    *poller = set;
    return 0;
}

static void set_close(void *poller)
{
    struct set *const set = poller;
    free(set->entries);
    free(set->stamps);
    free(set->places);
    free(set);
}

static bool grow_entries(struct set *set)
{
    if (set->count < set->room)
        return true;
    const size_t room = set->room ? 2 * set->room : SMALLEST;
    struct pollfd *entries = realloc(set->entries, room * sizeof *entries);
    if (entries)
        set->entries = entries;
    unsigned *stamps = realloc(set->stamps, room * sizeof *stamps);
    if (stamps)
        set->stamps = stamps;
    if (!entries || !stamps)
        return false;
    set->room = room;
    return true;
}

static bool grow_places(struct set *set, size_t fd)
{
    if (fd < set->place_count)
        return true;
    size_t count = set->place_count ? set->place_count : SMALLEST;
    while (count <= fd)
        count *= 2;
    size_t *places = realloc(set->places, count * sizeof *places);
    if (!places)
        return false;
    for (size_t i = set->place_count; i < count; i++)
        places[i] = 0;
    set->places = places;
    set->place_count = count;
    return true;
}

/* Gives the descriptor an entry where it has none; to change one never wants for memory. */
static bool set_find(struct set *set, int fd)
{
    if (!grow_places(set, (size_t)fd))
        return false;
    if (set->places[fd] != 0)
        return true;
    if (!grow_entries(set))
        return false;
    set->places[fd] = ++set->count;
    return true;
}

static int set_set(void *poller, int fd, unsigned events, bool edge, unsigned stamp)
{
    struct set *const set = poller;
    (void)edge;
    if (!set_find(set, fd))
        return ENOMEM;
    struct pollfd entry = {.fd = fd};
    if (events & LOOP_READ)
        entry.events |= POLLIN;
    if (events & LOOP_WRITE)
        entry.events |= POLLOUT;
    set->entries[set->places[fd] - 1] = entry;
    set->stamps[set->places[fd] - 1] = stamp;
    return 0;
}

static void set_drop(void *poller, int fd)
{
    struct set *const set = poller;
    if ((size_t)fd >= set->place_count || set->places[fd] == 0)
        return;
    const size_t place = set->places[fd] - 1;
    const size_t last = --set->count;
    set->entries[place] = set->entries[last];
    set->stamps[place] = set->stamps[last];
    set->places[set->entries[place].fd] = place + 1;
    set->places[fd] = 0;
}

static struct poller_event translate(const struct pollfd *in, unsigned stamp)
{
    enum { HUNG = POLLHUP | POLLERR | POLLNVAL };
    struct poller_event out = {.fd = in->fd, .stamp = stamp, .hung = (in->revents & HUNG) != 0};
    if (in->revents & (POLLIN | HUNG))
        out.events |= LOOP_READ;
    if (in->revents & (POLLOUT | HUNG))
        out.events |= LOOP_WRITE;
    return out;
}

static int set_wait(void *poller, double seconds, struct poller_event *events, size_t room,
                    size_t *count)
{
    struct set *const set = poller;
    *count = 0;
    int left = poll(set->entries, (nfds_t)set->count, poller_milliseconds(seconds));
    if (left < 0)
        return errno;
    const size_t start = set->count ? set->start % set->count : 0;
    for (size_t i = 0; i < set->count && left > 0 && *count < room; i++) {
        const size_t place = (start + i) % set->count;
        if (set->entries[place].revents == 0)
            continue;
        events[(*count)++] = translate(&set->entries[place], set->stamps[place]);
        set->start = place + 1;
        left--;
    }
    return 0;
}

const struct poller_ops poller_poll = {
    .edges = false,
    .open = set_open,
    .close = set_close,
    .set = set_set,
    .drop = set_drop,
    .wait = set_wait,
};
