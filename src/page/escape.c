/* SPDX-License-Identifier: MIT
 *
 * First what would steer a terminal, then what would be markup. The first step leaves nothing that
 * XML 1.0 forbids in a document.
 */
#include "page/escape.h"

#include "base/text.h"

#include <string.h>

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void append_markup(struct buffer *out, const char *text, size_t length)
{
    size_t plain = 0; /* where begins what was not appended yet */
    for (size_t i = 0; i < length; i++) {
        const char *entity = entity_of(text[i]);
        if (entity == NULL)
            continue;
        buffer_append(out, text + plain, i - plain);
        buffer_puts(out, entity);
        plain = i + 1;
    }
    buffer_append(out, text + plain, length - plain);
}

void escape_append(struct buffer *out, const char *bytes, size_t length, bool layout)
{
    struct buffer safe = BUFFER_EMPTY;
    text_append_safe(&safe, bytes, length, layout);
    append_markup(out, buffer_text(&safe), safe.length);
    out->failed |= safe.failed;
    buffer_free(&safe);
}

void escape_puts(struct buffer *out, const char *text)
{
    escape_append(out, text, strlen(text), false);
}
