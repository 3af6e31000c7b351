/* SPDX-License-Identifier: MIT
 *
 * Texts of calls in a lane that is narrower than they are. A call's name, its other arguments and
 * its result stay whole; of quoted data the beginning stays, cut between two characters.
 */
#include "sequence_draw.h"

#include "base/text.h"

#include <string.h>

#define MARGIN ((size_t)2)     /* of a line that continues another */
#define LEAST_DATA ((size_t)4) /* columns of data; fewer tell nothing */

/* Bytes of the character, or of the escape that stands for one, at the begin of quoted data. */
static size_t unit_length(const char *text, size_t length)
{
    uint32_t code = 0;
    if (text[0] != '\\' || length < 2) {
        size_t size = text_decode(text, length, &code);
        return size > 0 ? size : 1;
    }
    if (text[1] == 'x')
        return length < 4 ? length : 4;
    const char *close = text[1] == 'u' ? memchr(text, '}', length) : NULL;
    return close != NULL ? (size_t)(close - text) + 1 : 2;
}

/* The next quotation mark that is none of the text's own; NULL where there is none. */
static const char *find_mark(const char *text)
{
    while (*text != '\0' && *text != '"')
        text += unit_length(text, strlen(text));
    return *text == '"' ? text : NULL;
}

static size_t fitting_data(const char *data, size_t length, size_t columns)
{
    size_t at = 0;
    while (at < length) {
        size_t unit = unit_length(data + at, length - at);
        if (text_columns(data, at + unit) > columns)
            break;
        at += unit;
    }
    return at;
}

/* The data of `text`, of which there is one at most: where it begins behind its quotation mark, and
 * its length. */
static const char *find_data(const char *text, size_t *length)
{
    const char *open = find_mark(text);
    const char *close = open != NULL ? find_mark(open + 1) : NULL;
    *length = close != NULL ? (size_t)(close - open) - 1 : 0;
    return close != NULL ? open + 1 : NULL;
}

/* Leaves as much of the data as makes the text fit, but some of it always. */
static void append_shortened(struct buffer *out, const char *text, size_t room)
{
    size_t length = 0, columns = text_columns(text, strlen(text));
    const char *data = find_data(text, &length);
    if (columns <= room || data == NULL) {
        buffer_puts(out, text);
        return;
    }
    const char *rest = data + length + 1;
    bool dotted = strncmp(rest, "...", 3) == 0;
    size_t excess = columns - room + (dotted ? 0 : 3);
    size_t all = text_columns(data, length);
    size_t kept = all > excess + LEAST_DATA ? all - excess : LEAST_DATA;
    if (kept + 3 > all) {
        buffer_puts(out, text);
        return;
    }
    buffer_append(out, text, (size_t)(data - text));
    buffer_append(out, data, fitting_data(data, length, kept));
    buffer_puts(out, "\"...");
    buffer_puts(out, dotted ? rest + 3 : rest);
}

/* Where the result begins, outside of data; the text's length where there is none. */
static size_t find_result(const char *text)
{
    size_t length = 0, all = strlen(text);
    const char *data = find_data(text, &length);
    const char *equals = strstr(text, " = ");
    if (equals != NULL && data != NULL && equals > data)
        equals = strstr(data + length, " = ");
    return equals != NULL ? (size_t)(equals - text) : all;
}

/* How much goes on a line: up to a space, or where there is none up to the line's end. */
static size_t fitting_words(const char *text, size_t length, size_t room)
{
    size_t at = 0, space = 0;
    while (at < length) {
        size_t unit = unit_length(text + at, length - at);
        if (at > 0 && text_columns(text, at + unit) > room)
            return space > 0 ? space : at;
        if (text[at] == ' ')
            space = at;
        at += unit;
    }
    return length;
}

static void append_lines(struct buffer *out, const char *text, size_t room, size_t margin)
{
    size_t length = strlen(text);
    while (length > 0) {
        size_t taken = fitting_words(text, length, room - margin);
        buffer_fill(out, ' ', margin);
        buffer_append(out, text, taken);
        buffer_putc(out, '\n');
        text += taken;
        length -= taken;
        for (; length > 0 && *text == ' '; length--)
            text++;
        margin = MARGIN;
    }
}

void fit_append(struct buffer *out, const char *text, size_t room)
{
    append_lines(out, text, room, 0);
}

/* Only what send and recv transfer is data; the name of a host or a file is told whole. */
static bool has_data(const struct sequence_row *row)
{
    return strncmp(row->text, "send", 4) == 0 || strncmp(row->text, "recv", 4) == 0;
}

static void append_part(struct buffer *out, const struct buffer *part, size_t room, size_t margin,
                        bool data)
{
    struct buffer cut = BUFFER_EMPTY;
    if (data)
        append_shortened(&cut, buffer_text(part), room - margin);
    else
        buffer_append(&cut, part->data, part->length);
    append_lines(out, buffer_text(&cut), room, margin);
    out->failed = out->failed || part->failed || cut.failed;
    buffer_free(&cut);
}

/* In one line where shorter data makes that possible; otherwise the result has its own. */
static void append_whole(struct buffer *out, const struct buffer *whole, size_t room, bool data)
{
    const char *text = buffer_text(whole);
    struct buffer lines = BUFFER_EMPTY, head = BUFFER_EMPTY, tail = BUFFER_EMPTY;
    size_t result = find_result(text), length = 0;
    append_part(&lines, whole, room, 0, data);
    if (fit_line(&lines, 1, &length) == NULL || result == whole->length) {
        buffer_append(out, lines.data, lines.length);
    } else {
        buffer_append(&head, text, result);
        buffer_puts(&tail, text + result + 1);
        append_part(out, &head, room, 0, data);
        append_part(out, &tail, room, MARGIN, data);
    }
    out->failed = out->failed || lines.failed || head.failed || tail.failed;
    buffer_free(&lines);
    buffer_free(&head);
    buffer_free(&tail);
}

/* A task may have any name: of a long one, which often is a path, the end tells most; and a
 * quotation mark in it does not begin the call's data. */
static void append_task(struct buffer *out, const char *task, size_t room)
{
    size_t length = strlen(task);
    bool cut = text_columns(task, length) > room;
    while (cut && length > 0 && text_columns(task, length) + 3 > room) {
        size_t unit = unit_length(task, length);
        task += unit;
        length -= unit;
    }
    buffer_puts(out, cut ? "[..." : "[");
    for (; *task != '\0'; task++) {
        if (*task == '"' || *task == '\\')
            buffer_putc(out, '\\');
        buffer_putc(out, *task);
    }
    buffer_puts(out, "] ");
}

void fit_append_call(struct buffer *out, const struct sequence_row *row, size_t room, bool utf8)
{
    struct buffer text = BUFFER_EMPTY, ascii = BUFFER_EMPTY;
    if (row->task != NULL && row->kind == SEQUENCE_CALL)
        append_task(&text, row->task, 2 * room / 5);
    buffer_puts(&text, row->text);
    text_append_ascii(&ascii, buffer_text(&text), text.length);
    append_whole(out, utf8 ? &text : &ascii, room, has_data(row));
    out->failed = out->failed || text.failed || ascii.failed;
    buffer_free(&text);
    buffer_free(&ascii);
}

const char *fit_line(const struct buffer *lines, size_t index, size_t *length)
{
    const char *line = buffer_text(lines), *end = strchr(line, '\n');
    for (; index > 0 && end != NULL; index--) {
        line = end + 1;
        end = strchr(line, '\n');
    }
    *length = end != NULL ? (size_t)(end - line) : 0;
    return end != NULL ? line : NULL;
}
