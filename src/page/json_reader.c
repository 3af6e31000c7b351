/* SPDX-License-Identifier: MIT
 *
 * The reader's own affairs: what it says of the place where something was wrong, and the memory
 * that the entry in hand needs. Knows nothing of what is read.
 */
#include "json_inside.h"

#include "base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct json_kept {
    struct json_kept *next;
    max_align_t memory[];
};

bool json_refuse(struct json_reader *reader, const char *format, ...)
{
    va_list arguments;
    if (reader->why->length > 0 || reader->out_of_memory)
        return false;
    if (reader->path.failed) {
        reader->out_of_memory = true; /* it is not known where */
        return false;
    }
    if (reader->path.length > 0)
        buffer_printf(reader->why, "%s: ", buffer_text(&reader->path));
    va_start(arguments, format);
    buffer_vprintf(reader->why, format, arguments);
    va_end(arguments);
    return false;
}

bool json_refuse_word(struct json_reader *reader, const char *before, const char *word,
                      const char *after)
{
    struct buffer shown = BUFFER_EMPTY;
    text_append_quoted(&shown, word, strlen(word), 40);
    reader->out_of_memory |= shown.failed;
    json_refuse(reader, "%s%s%s", before, buffer_text(&shown), after);
    buffer_free(&shown);
    return false;
}

void *json_keep(struct json_reader *reader, size_t size)
{
    struct json_kept *kept = calloc(1, sizeof *kept + size);
    if (kept == NULL) {
        reader->out_of_memory = true;
        return NULL;
    }
    kept->next = reader->kept;
    reader->kept = kept;
    return kept->memory;
}

void json_let_go(struct json_reader *reader)
{
    while (reader->kept != NULL) {
        struct json_kept *next = reader->kept->next;
        free(reader->kept);
        reader->kept = next;
    }
}
