/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out: the linker puts these functions in the place of malloc() and its kin in
 * every room of a test that is called test_scarce*, shared libraries excepted. One allocation in
 * turn fails, or that one and all after it. Knows nothing of who allocates.
 */
#ifndef TESTS_SCARCE_H
#define TESTS_SCARCE_H

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* One for a program, as there is one malloc(); threads of lookups ask it, too. */
static struct {
    atomic_long left; /* allocations that succeed until one does not; negative: all do */
    atomic_bool stays;
    atomic_long denied;
} scarce = {.left = -1};

/* From now on: `left` allocations succeed. */
static inline void scarce_begin(long left, bool stays)
{
    scarce.denied = 0;
    scarce.stays = stays;
    scarce.left = left;
}

/* Memory suffices again; returns whether it had not. */
static inline bool scarce_end(void)
{
    scarce.left = -1;
    return scarce.denied > 0;
}

static inline bool scarce_denies(void)
{
    long left = scarce.left;
    if (left < 0)
        return false;
    if (left > 0) {
        scarce.left = left - 1;
        return false;
    }
    if (!scarce.stays)
        scarce.left = -1;
    scarce.denied++;
    return true;
}

/* How many descriptors are open, counted without an allocation. */
static inline int scarce_count_descriptors(void)
{
    const int most = 1024;
    int count = 0;
    for (int fd = 0; fd < most; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);

void *__wrap_malloc(size_t size)
{
    return scarce_denies() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return scarce_denies() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return scarce_denies() ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *text)
{
    return scarce_denies() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t length)
{
    return scarce_denies() ? NULL : __real_strndup(text, length);
}

/* Lua's memory, where it is not Lua's that is to run out. */
static inline void *scarce_plenty(void *owner, void *block, size_t old, size_t new)
{
    (void)owner;
    (void)old;
    if (new > 0)
        return __real_realloc(block, new);
    free(block);
    return NULL;
}
/* NOLINTEND(bugprone-reserved-identifier) */

#endif
