/* SPDX-License-Identifier: MIT
 *
 * Words in columns. Readline's own list asks and pages, and waits for the answer with the loop
 * standing still; this one shows so many and says how many there are besides.
 */
#include "inside.h"

#include "base/text.h"

#include <string.h>

enum { GAP = 2 };

/* File names come from elsewhere: nothing of them may steer the terminal. */
static size_t append_word(struct buffer *out, const char *word, size_t skip)
{
    const size_t before = out->length;
    word += strnlen(word, skip);
    text_append_safe(out, word, strlen(word), false);
    return out->failed ? 0 : text_columns(out->data + before, out->length - before);
}

static size_t widest_word(char *const *words, size_t count, size_t skip)
{
    struct buffer word = BUFFER_EMPTY;
    size_t widest = 1;
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&word);
        const size_t width = append_word(&word, words[i], skip);
        widest = width > widest ? width : widest;
    }
    buffer_free(&word);
    return widest;
}

static void append_row(struct buffer *out, char *const *words, size_t count, size_t skip,
                       size_t rows, size_t row, size_t widest)
{
    for (size_t i = row; i < count; i += rows) {
        const size_t width = append_word(out, words[i], skip);
        if (i + rows < count)
            buffer_fill(out, ' ', widest + GAP - width);
    }
    buffer_putc(out, '\n');
}

void list_show(struct port *port, char *const *words, size_t count, size_t skip, size_t most)
{
    struct buffer out = BUFFER_EMPTY;
    const size_t shown = most > 0 && count > most ? most : count;
    const size_t widest = widest_word(words, shown, skip);
    const size_t fitting = ((size_t)port_columns(port) - 1 + GAP) / (widest + GAP);
    const size_t columns = fitting > 0 ? fitting : 1;
    const size_t rows = (shown + columns - 1) / columns;
    for (size_t row = 0; row < rows; row++)
        append_row(&out, words, shown, skip, rows, row, widest);
    if (shown < count)
        buffer_printf(&out, "... and %zu more\n", count - shown);
    port_write(port, buffer_text(&out), out.length);
    buffer_free(&out);
}
