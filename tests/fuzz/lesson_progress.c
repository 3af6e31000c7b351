/* SPDX-License-Identifier: MIT
 *
 * A progress file of any bytes: it is read, or refused with a reason that can be shown; what is
 * read is written and read again the same.
 */
#include "bytes.h"

#include "lesson/progress.h"

#include <errno.h>
#include <unistd.h>

static char path[64];

static void remove_file(void)
{
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

static void make_place(void)
{
    char folder[] = "/tmp/sockrepl-fuzz-XXXXXX";
    HOLDS(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/progress", folder);
    atexit(remove_file);
}

static void write_file(const uint8_t *bytes, size_t length)
{
    FILE *file = fopen(path, "w");
    HOLDS(file != NULL);
    HOLDS(fwrite(bytes, 1, length, file) == length);
    HOLDS(fclose(file) == 0);
}

static void check_same(const struct progress *a, const struct progress *b)
{
    HOLDS(a->hash == b->hash && a->step_count == b->step_count && a->here == b->here);
    HOLDS(a->here <= a->step_count && progress_count(a) <= a->step_count);
    for (size_t i = 0; i < a->step_count; i++) {
        const struct progress_entries *one = &a->steps[i].entries, *other = &b->steps[i].entries;
        HOLDS(a->steps[i].state == b->steps[i].state && one->count == other->count);
        for (size_t k = 0; k < one->count; k++) {
            HOLDS(strcmp(one->items[k].code, other->items[k].code) == 0);
            HOLDS(one->items[k].failed == other->items[k].failed);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct progress progress, again;
    struct buffer why = BUFFER_EMPTY;
    if (path[0] == '\0')
        make_place();
    write_file(data, size);
    int error = progress_read(path, &progress, &why);
    HOLDS(error == 0 || error == EINVAL);
    HOLDS((error == 0) == (why.length == 0));
    bytes_check_shown(buffer_text(&why), why.length, false, true);
    if (error == 0) {
        HOLDS(progress_write(path, &progress) == 0);
        HOLDS(progress_read(path, &again, &why) == 0);
        check_same(&progress, &again);
        progress_fits(&progress, 1, 1, &why);
        progress_free(&progress);
        progress_free(&again);
    }
    buffer_free(&why);
    return 0;
}
