/* SPDX-License-Identifier: MIT
 *
 * What a word could become: the list that the host fills. Knows neither files nor Readline, nor
 * what is done with it.
 */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

void prompt_offers_starve(struct prompt_offers *offers)
{
    offers->starved = true;
}

static bool add_offer(struct prompt_offers *offers, const char *text, char append, bool first)
{
    if (offers->count == offers->capacity) {
        const size_t capacity = offers->capacity ? offers->capacity * 2 : 16;
        struct offer *items = realloc(offers->items, capacity * sizeof *items);
        offers->starved |= !items;
        if (!items)
            return false;
        offers->items = items;
        offers->capacity = capacity;
    }
    struct offer *const item = &offers->items[offers->count];
    item->text = strdup(text);
    item->append = append;
    item->first = first;
    offers->starved |= !item->text;
    if (!item->text)
        return false;
    offers->count++;
    return true;
}

bool prompt_offer(struct prompt_offers *offers, const char *text, char append)
{
    return add_offer(offers, text, append, false);
}

bool prompt_offer_first(struct prompt_offers *offers, const char *text, char append)
{
    return add_offer(offers, text, append, true);
}

void prompt_offer_files(struct prompt_offers *offers, size_t begin)
{
    offers->files = true;
    offers->files_begin = begin;
}

void offers_free(struct prompt_offers *offers)
{
    for (size_t i = 0; i < offers->count; i++)
        free(offers->items[i].text);
    free(offers->items);
}

static int compare_offers(const void *a, const void *b)
{
    return strcmp(((const struct offer *)a)->text, ((const struct offer *)b)->text);
}

void offers_sort(struct prompt_offers *offers)
{
    if (offers->count == 0)
        return;
    qsort(offers->items, offers->count, sizeof *offers->items, compare_offers);
    size_t kept = 1;
    for (size_t i = 1; i < offers->count; i++) {
        if (strcmp(offers->items[i].text, offers->items[kept - 1].text) == 0)
            free(offers->items[i].text);
        else
            offers->items[kept++] = offers->items[i];
    }
    offers->count = kept;
}
