/* SPDX-License-Identifier: MIT
 *
 * The ring: entries of any size in one block of memory each, the oldest given up once they weigh
 * more than the budget. What an entry points to lies behind it in its block.
 */
#include "view/journal.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct slot {
    size_t weight;
    struct journal_entry entry;
};

struct journal {
    struct slot **slots; /* a ring of pointers */
    size_t capacity;     /* a power of two */
    size_t first, count;
    size_t weight, budget;
    unsigned long lost, lost_calls, next;
    unsigned holds;
    bool starved;
    double epoch;
    char names[JOURNAL_ORIGINS][96];
};

/* What monotonic time 0 was on the clock on the wall. */
static double find_epoch(void)
{
    struct timespec wall, monotonic;
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    return (double)(wall.tv_sec - monotonic.tv_sec) +
           (double)(wall.tv_nsec - monotonic.tv_nsec) / 1e9;
}

int journal_new(size_t budget, const char *name, struct journal **journal)
{
    struct journal *j = calloc(1, sizeof *j);
    if (j == NULL)
        return ENOMEM;
    j->budget = budget;
    j->next = 1;
    j->epoch = find_epoch();
    journal_set_name(j, 0, name);
    *journal = j;
    return 0;
}

static struct slot *slot_at(const struct journal *j, size_t index)
{
    return j->slots[(j->first + index) & (j->capacity - 1)];
}

void journal_free(struct journal *j)
{
    if (j == NULL)
        return;
    for (size_t i = 0; i < j->count; i++)
        free(slot_at(j, i));
    free(j->slots);
    free(j);
}

const char *journal_name(const struct journal *j, unsigned origin)
{
    return origin < JOURNAL_ORIGINS ? j->names[origin] : "";
}

void journal_set_name(struct journal *j, unsigned origin, const char *name)
{
    if (origin >= JOURNAL_ORIGINS)
        return;
    strncpy(j->names[origin], name, sizeof j->names[origin] - 1);
}

double journal_epoch(const struct journal *j)
{
    return j->epoch;
}

void journal_set_epoch(struct journal *j, double epoch)
{
    j->epoch = epoch;
}

static void lose(struct journal *j, enum journal_kind kind)
{
    j->lost++;
    j->lost_calls += kind == JOURNAL_CALL;
}

static void drop_oldest(struct journal *j)
{
    struct slot *slot = slot_at(j, 0);
    lose(j, slot->entry.kind);
    j->weight -= slot->weight;
    j->first = (j->first + 1) & (j->capacity - 1);
    j->count--;
    free(slot);
}

/* Room for one more pointer; false where there is no memory. */
static bool make_room(struct journal *j)
{
    if (j->count < j->capacity)
        return true;
    size_t capacity = j->capacity > 0 ? 2 * j->capacity : 64;
    struct slot **slots = malloc(capacity * sizeof(struct slot *));
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < j->count; i++)
        slots[i] = slot_at(j, i);
    free(j->slots);
    j->slots = slots;
    j->capacity = capacity;
    j->first = 0;
    return true;
}

/* Lays the parts of an entry behind it, one after the other; with a NULL base it only counts. */
struct packer {
    char *base;
    size_t used;
};

static const void *pack(struct packer *packer, const void *data, size_t size)
{
    const size_t step = _Alignof(max_align_t);
    if (data == NULL)
        return NULL;
    char *place = packer->base != NULL ? packer->base + packer->used : NULL;
    if (place != NULL)
        memcpy(place, data, size);
    packer->used += (size + step - 1) / step * step;
    return place;
}

/* At least one byte, so that data of no bytes still is data. */
static const char *pack_bytes(struct packer *packer, const char *data, size_t length)
{
    if (data != NULL && length == 0)
        return pack(packer, "", 1);
    return pack(packer, data, length);
}

static const char *pack_text(struct packer *packer, const char *text)
{
    return pack(packer, text, text != NULL ? strlen(text) + 1 : 0);
}

static void pack_record(struct packer *packer, const struct net_record *from, struct net_record *to)
{
    size_t length = from->data_length < JOURNAL_DATA_LIMIT ? from->data_length : JOURNAL_DATA_LIMIT;
    struct net_record copy = *from;
    copy.data_length = from->data != NULL ? length : 0;
    copy.data = pack_bytes(packer, from->data, length);
    copy.host = pack_text(packer, from->host);
    copy.service = pack_text(packer, from->service);
    copy.task = pack_text(packer, from->task);
    copy.view = pack(packer, from->view, sizeof *from->view);
    copy.reached_view = pack(packer, from->reached_view, sizeof *from->reached_view);
    if (to != NULL)
        *to = copy;
}

static void pack_entry(struct packer *packer, const struct journal_entry *from,
                       struct journal_entry *to)
{
    size_t count =
        from->socket_count < JOURNAL_TABLE_LIMIT ? from->socket_count : JOURNAL_TABLE_LIMIT;
    struct journal_entry copy = *from;
    copy.text = pack_text(packer, from->text);
    copy.sockets =
        pack(packer, count > 0 ? from->sockets : NULL, count * sizeof(struct journal_socket));
    copy.socket_count = count;
    copy.socket_rest = from->socket_rest + (from->socket_count - count);
    if (to != NULL)
        *to = copy;
    pack_record(packer, &from->record, to != NULL ? &to->record : NULL);
}

static struct slot *slot_new(const struct journal_entry *entry)
{
    struct packer packer = {NULL, 0};
    const size_t step = _Alignof(max_align_t);
    size_t head = (sizeof(struct slot) + step - 1) / step * step;
    pack_entry(&packer, entry, NULL);
    struct slot *slot = malloc(head + packer.used);
    if (slot == NULL)
        return NULL;
    slot->weight = head + packer.used;
    packer = (struct packer){(char *)slot + head, 0};
    pack_entry(&packer, entry, &slot->entry);
    return slot;
}

static void keep_budget(struct journal *j)
{
    while (j->holds == 0 && j->weight > j->budget && j->count > 1)
        drop_oldest(j);
}

int journal_add(struct journal *j, const struct journal_entry *entry)
{
    struct slot *slot = make_room(j) ? slot_new(entry) : NULL;
    unsigned long number = j->next++;
    if (slot == NULL) {
        j->starved = true;
        lose(j, entry->kind);
        return ENOMEM;
    }
    slot->entry.number = number;
    j->slots[(j->first + j->count) & (j->capacity - 1)] = slot;
    j->count++;
    j->weight += slot->weight;
    keep_budget(j);
    return 0;
}

void journal_hold(struct journal *j)
{
    j->holds++;
}

void journal_release(struct journal *j)
{
    j->holds--;
    keep_budget(j);
}

int journal_add_call(struct journal *j, const struct net_record *record)
{
    struct journal_entry entry = {.kind = JOURNAL_CALL, .time = record->end, .record = *record};
    return journal_add(j, &entry);
}

int journal_add_text(struct journal *j, enum journal_kind kind, double time, const char *text)
{
    struct journal_entry entry = {.kind = kind, .time = time, .text = text};
    return journal_add(j, &entry);
}

size_t journal_count(const struct journal *j)
{
    return j->count;
}

const struct journal_entry *journal_at(const struct journal *j, size_t index)
{
    return &slot_at(j, index)->entry;
}

unsigned long journal_lost(const struct journal *j)
{
    return j->lost;
}

unsigned long journal_lost_calls(const struct journal *j)
{
    return j->lost_calls;
}

bool journal_is_starved(const struct journal *j)
{
    return j->starved;
}

void journal_set_lost(struct journal *j, unsigned long lost, unsigned long lost_calls)
{
    j->lost = lost;
    j->lost_calls = lost_calls;
    j->next = lost + 1;
}

unsigned long journal_next(const struct journal *j)
{
    return j->next;
}
