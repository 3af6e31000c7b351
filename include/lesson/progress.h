/* SPDX-License-Identifier: MIT
 *
 * How far a student came in a lesson: for each step whether it is done, and what was typed in it. A
 * plain text file for each lesson in the XDG state directory, replaced as a whole, so that whatever
 * happens the last step that was saved is there. Knows no player.
 */
#ifndef LESSON_PROGRESS_H
#define LESSON_PROGRESS_H

#include "base/buffer.h"

#include <stdint.h>

enum progress_state { PROGRESS_OPEN, PROGRESS_DONE, PROGRESS_SKIPPED };

struct progress_entry {
    char *code;
    bool failed; /* it raised an error when it was typed */
};

struct progress_entries {
    struct progress_entry *items;
    size_t count;
};

struct progress_step {
    enum progress_state state;
    struct progress_entries entries;
};

struct progress {
    uint64_t hash; /* the lesson's */
    struct progress_step *steps;
    size_t step_count;
    size_t here; /* index of the step in hand; `step_count` once the lesson is through */
};

/* Nothing done yet. Returns 0 or ENOMEM. */
int progress_init(struct progress *progress, uint64_t hash, size_t step_count);
void progress_free(struct progress *progress);

/* How many steps are done or skipped. */
size_t progress_count(const struct progress *progress);

bool progress_add_entry(struct progress_entries *entries, const char *code, bool failed);
void progress_clear_entries(struct progress_entries *entries);

/* The file of a lesson, its directories made with mode 0700; the caller frees it. ENOENT where
 * there is no home, or ENOMEM; it is NULL then. */
int progress_path(const char *lesson_name, char **path);

/* Writes the file by rename, once its bytes are on the disk; mode 0600. */
int progress_write(const char *path, const struct progress *progress);

/* Reads the file. ENOENT where there is none. EINVAL where it cannot be used: `why` then says why,
 * in words that follow "the progress file". */
int progress_read(const char *path, struct progress *progress, struct buffer *why);

/* Whether it was made in this very text of the lesson; `why` as above where not. */
bool progress_fits(const struct progress *progress, uint64_t hash, size_t step_count,
                   struct buffer *why);

/* Renames the file to PATH.old, so that what it says is not lost; harmless where there is none. */
int progress_put_aside(const char *path);

#endif
