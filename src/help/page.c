/* SPDX-License-Identifier: MIT
 *
 * A topic as a page of text: heading, C prototype, text, errors, example, where to read on. Knows
 * columns, and neither colours nor who asked.
 */
#include "base/fold.h"
#include "base/text.h"
#include "errnos.h"
#include "help/help.h"

#include <string.h>

/* Names of errors stand in a column of at most this width. */
#define LABEL_MAX 30

#define GLOSS_LEAST 20 /* columns for an explanation, or it stands below */
#define GLOSS_INDENT 8 /* a line that is further in goes on with an explanation */

/* Appends text behind a label, its further lines indented as far as the first. */
static void append_hanging(struct buffer *out, const char *label, size_t label_length,
                           size_t column, const char *text, size_t width)
{
    char indent[LABEL_MAX + 1] = "";
    if (column > LABEL_MAX)
        column = LABEL_MAX;
    memset(indent, ' ', column);
    const size_t start = out->length;
    text_append_wrapped(out, text, width, indent);
    if (!out->failed && label_length <= column && out->length - start >= column)
        memcpy(out->data + start, label, label_length);
}

/* As append_hanging(), for a text that is a part of a longer one. */
static void append_hanging_part(struct buffer *out, const char *label, size_t label_length,
                                size_t column, const char *part, size_t length, size_t width)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append(&text, part, length);
    append_hanging(out, label, label_length, column, buffer_text(&text), width);
    out->failed |= text.failed;
    buffer_free(&text);
}

static void append_labelled(struct buffer *out, const char *label, const char *text, size_t width)
{
    const size_t length = strlen(label);
    append_hanging(out, label, length, length, text, width);
}

static size_t longest_error_name(const char *errors)
{
    size_t longest = 0;
    while (*errors) {
        const size_t name = strcspn(errors, ":");
        if (name > longest)
            longest = name;
        errors += strcspn(errors, "\n");
        errors += *errors == '\n';
    }
    return longest;
}

/* "EBADF: the socket is closed\n..." as a table of two columns. */
static void append_errors(struct buffer *out, const char *errors, size_t width)
{
    const size_t column = 2 + longest_error_name(errors) + 2;
    buffer_puts(out, "\nErrors:\n");
    while (*errors) {
        const size_t line = strcspn(errors, "\n");
        const size_t name = strcspn(errors, ":");
        const char *meaning = errors + name + strspn(errors + name, ": ");
        char label[LABEL_MAX] = "  ";
        const size_t room = sizeof label - 3;
        strncat(label, errors, name < room ? name : room);
        append_hanging_part(out, label, strlen(label), column, meaning,
                            (size_t)(errors + line - meaning), width);
        errors += line;
        errors += *errors == '\n';
    }
}

/* Further errors of a call, or the calls that an error comes from. */
static void append_pairs(struct buffer *out, const struct help_topic *topic, size_t width)
{
    struct buffer names = BUFFER_EMPTY;
    const bool error = topic->group == HELP_ERROR;
    if (error)
        errnos_append_calls(&names, topic->name);
    else
        errnos_append_others(&names, topic->name, topic->errors ? topic->errors : "");
    const char *label = error ? "Calls: " : topic->errors ? "  Also: " : "Errors: ";
    if (names.length > 0) {
        buffer_puts(out, *label == ' ' ? "" : "\n");
        append_labelled(out, label, buffer_text(&names), width);
    }
    out->failed |= names.failed;
    buffer_free(&names);
}

/* Where the explanation begins of what stands in front of it, two blanks or more between them;
 * `length` where there is none. */
static size_t find_gloss(const char *line, size_t length)
{
    size_t at = fold_blanks(line, length);
    while (at + 1 < length && !(line[at] == ' ' && line[at + 1] == ' '))
        at++;
    return at + 1 < length ? at + fold_blanks(line + at, length - at) : length;
}

/* Beside what it explains, or below where there is no room for it. */
static void append_glossed(struct buffer *out, const char *line, size_t length, size_t gloss,
                           size_t width)
{
    const size_t below = fold_blanks(line, length) + 4;
    const bool beside = gloss <= LABEL_MAX && gloss + GLOSS_LEAST <= width;
    size_t shown = gloss;
    while (shown > 0 && line[shown - 1] == ' ')
        shown--;
    if (!beside) {
        buffer_append(out, line, shown);
        buffer_putc(out, '\n');
    }
    append_hanging_part(out, line, beside ? gloss : 0, beside ? gloss : below, line + gloss,
                        length - gloss, width);
}

static bool holds_comment(const char *line, size_t length)
{
    for (size_t at = 0; at + 1 < length; at++)
        if (line[at] == '-' && line[at + 1] == '-')
            return true;
    return false;
}

/* A line that is laid out already: code, or what is typed with its explanation. The rest of a
 * comment would be code if it stood on a line of its own. */
static void append_laid_out(struct buffer *out, const char *line, size_t length, size_t width)
{
    const size_t indent = fold_blanks(line, length), gloss = find_gloss(line, length);
    if (text_columns(line, length) <= width || holds_comment(line, length)) {
        buffer_append(out, line, length);
        buffer_putc(out, '\n');
    } else if (gloss < length) {
        append_glossed(out, line, length, gloss, width);
    } else {
        fold_append_part(out, line, length, 0, width, indent < GLOSS_INDENT ? indent + 2 : indent);
        buffer_putc(out, '\n');
    }
}

static void append_text(struct buffer *out, const char *text, size_t width)
{
    while (*text) {
        const size_t length = strcspn(text, "\n");
        if (*text == ' ')
            append_laid_out(out, text, length, width);
        else if (length > 0)
            append_hanging_part(out, "", 0, 0, text, length, width);
        else
            buffer_putc(out, '\n');
        text += length;
        text += *text == '\n';
    }
}

static void append_example(struct buffer *out, const char *example, size_t width)
{
    struct buffer lines = BUFFER_EMPTY;
    buffer_puts(out, "\nExample:\n");
    while (*example) {
        const size_t length = strcspn(example, "\n");
        buffer_puts(&lines, "  ");
        buffer_append(&lines, example, length);
        buffer_putc(&lines, '\n');
        example += length;
        example += *example == '\n';
    }
    append_text(out, buffer_text(&lines), width);
    out->failed |= lines.failed;
    buffer_free(&lines);
}

/* The names of a list as help is asked for them: `bind, listen`. */
static void append_see_names(struct buffer *out, const char *names)
{
    for (; *names; names++) {
        if (*names == ' ')
            buffer_putc(out, ',');
        buffer_putc(out, *names);
    }
}

/* "bind(2) ip(7)" as one types it: `man 2 bind, man 7 ip`. */
static void append_man_names(struct buffer *out, const char *pages)
{
    for (const char *separator = ""; *pages; separator = ", ") {
        const size_t name = strcspn(pages, "(");
        const size_t end = strcspn(pages, ")");
        const char *section = pages + name + 1;
        buffer_printf(out, "%sman %.*s %.*s", separator, (int)(end - name - 1), section, (int)name,
                      pages);
        pages += end + 1;
        pages += strspn(pages, " ");
    }
}

static void append_list(struct buffer *out, const char *label, const char *names, size_t width,
                        void (*append_names)(struct buffer *, const char *))
{
    struct buffer list = BUFFER_EMPTY;
    append_names(&list, names);
    append_labelled(out, label, buffer_text(&list), width);
    out->failed |= list.failed;
    buffer_free(&list);
}

void help_append_topic(struct buffer *out, const struct help_topic *topic, size_t width)
{
    text_append_wrapped(out, topic->signature ? topic->signature : topic->name, width, "");
    text_append_wrapped(out, topic->summary, width, "  ");
    if (topic->c)
        append_labelled(out, "  C: ", topic->c, width);
    if (topic->text) {
        buffer_putc(out, '\n');
        append_text(out, topic->text, width);
    }
    if (topic->errors)
        append_errors(out, topic->errors, width);
    append_pairs(out, topic, width);
    if (topic->example)
        append_example(out, topic->example, width);
    if (topic->see || topic->man)
        buffer_putc(out, '\n');
    if (topic->see)
        append_list(out, "See also: ", topic->see, width, append_see_names);
    if (topic->man)
        append_list(out, "Manual: ", topic->man, width, append_man_names);
}
