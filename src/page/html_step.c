/* SPDX-License-Identifier: MIT
 *
 * The steps: what was typed or told begins one, and what followed belongs to it, in the order in
 * which it happened.
 */
#include "html_inside.h"

#include "base/text.h"
#include "page/escape.h"
#include "view/line.h"

#include <string.h>

static bool is_heading(const struct journal_entry *entry)
{
    return entry->kind == JOURNAL_TYPED || entry->kind == JOURNAL_TOLD;
}

static bool begins_step(const struct html_page *page, const struct journal_entry *entry)
{
    return is_heading(entry) || (page->by_call && entry->kind == JOURNAL_CALL);
}

static double time_of(const struct journal_entry *entry)
{
    bool call = entry->kind == JOURNAL_CALL;
    return call && entry->record.start > 0 ? entry->record.start : entry->time;
}

void html_survey(struct html_page *page)
{
    const struct sequence *sequence = &page->sequence;
    size_t count = journal_count(page->journal);
    unsigned long zero = sequence->count > 0 ? sequence->rows[0].entry : 0;
    page->by_call = true;
    for (size_t i = 0; i < count; i++) {
        const struct journal_entry *entry = journal_at(page->journal, i);
        page->by_call = page->by_call && !is_heading(entry);
        page->merged = page->merged || entry->origin > 0;
        if (i == 0 || entry->number == zero)
            page->begin = time_of(entry);
    }
}

/* As it was typed, with the prompt that stood before each line. */
static void append_typed(struct buffer *out, const char *text)
{
    const char *sign = "sock&gt; ";
    buffer_puts(out, "<pre class=\"typed\">");
    for (;;) {
        size_t length = strcspn(text, "\n");
        buffer_printf(out, "<span class=\"sign\" aria-hidden=\"true\">%s</span><code>", sign);
        escape_append(out, text, length, true);
        buffer_puts(out, "</code>");
        text += length;
        if (*text++ == '\0')
            break;
        buffer_putc(out, '\n');
        sign = "  ..&gt; ";
    }
    buffer_puts(out, "</pre>\n");
}

/* A paragraph for each run of lines; an empty line ends one. */
static void append_paragraphs(struct buffer *out, const char *text)
{
    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        size_t length = end != NULL ? (size_t)(end - text) : strlen(text);
        if (length > 0) {
            buffer_puts(out, "<p>");
            escape_append(out, text, length, true);
            buffer_puts(out, "</p>\n");
        }
        text += length + strspn(text + length, "\n");
    }
}

static void append_told(struct buffer *out, const char *text)
{
    size_t length = strcspn(text, "\n");
    escape_append(out, text, length, false);
    buffer_puts(out, "</h2>\n");
    text += length;
    append_paragraphs(out, text + strspn(text, "\n"));
}

static void append_number(struct html_page *page, const char *element, const char *end)
{
    buffer_printf(page->out, "<%s class=\"number\">Step %u", element, page->step);
    if (page->merged) {
        buffer_putc(page->out, ' ');
        html_append_who(page, page->origin);
    }
    buffer_printf(page->out, "</%s>%s", element, end);
}

/* `last` is the number of the step's last entry. */
static void open_step(struct html_page *page, const struct journal_entry *entry, unsigned long last)
{
    struct buffer *out = page->out;
    bool told = entry->kind == JOURNAL_TOLD;
    page->step++;
    page->origin = entry->origin;
    page->chapter = told ? page->step : page->chapter;
    buffer_printf(out,
                  "<article class=\"step %s\" id=\"step=%u\" data-last=\"%lu\" "
                  "data-chapter=\"%u\">\n",
                  told ? "told" : "done", page->step, last, page->chapter);
    if (told) {
        buffer_puts(out, "<h2>");
        append_number(page, "span", "");
        append_told(out, entry->text);
        return;
    }
    append_number(page, "h2", "\n");
    if (entry->kind == JOURNAL_TYPED)
        append_typed(out, entry->text);
    else if (!page->by_call)
        buffer_puts(out, "<p class=\"gap\">Before anything was typed</p>\n");
}

static void close_log(struct html_page *page)
{
    if (page->in_log)
        buffer_puts(page->out, "</ol>\n");
    page->in_log = false;
}

static void open_log(struct html_page *page)
{
    if (!page->in_log)
        buffer_puts(page->out, "<ol class=\"log\">\n");
    page->in_log = true;
}

/* Of another shell than the step's: say whose. */
static void append_foreign(struct html_page *page, const struct journal_entry *entry)
{
    if (entry->origin == page->origin)
        return;
    html_append_who(page, entry->origin);
    buffer_putc(page->out, ' ');
}

static void append_call(struct html_page *page, const struct journal_entry *entry)
{
    struct buffer line = BUFFER_EMPTY;
    double when = time_of(entry) - page->begin;
    line_append(&line, &entry->record);
    open_log(page);
    buffer_printf(page->out, "<li class=\"call%s\"><span class=\"when\">%.2f s</span><span>",
                  entry->record.error != 0 ? " failed" : "", when > 0 ? when : 0.0);
    append_foreign(page, entry);
    buffer_puts(page->out, "<code>");
    escape_puts(page->out, buffer_text(&line));
    buffer_puts(page->out, "</code></span></li>\n");
    page->out->failed |= line.failed;
    buffer_free(&line);
}

static void append_shown(struct html_page *page, const struct journal_entry *entry)
{
    open_log(page);
    buffer_puts(page->out, "<li>");
    append_foreign(page, entry);
    buffer_puts(page->out, "<pre class=\"shown\">");
    escape_append(page->out, entry->text, strlen(entry->text), true);
    buffer_puts(page->out, "</pre></li>\n");
}

static void append_gap(struct html_page *page, const char *text)
{
    open_log(page);
    buffer_printf(page->out, "<li class=\"gap\">%s</li>\n", text);
}

static void append_entry(struct html_page *page, const struct journal_entry *entry)
{
    switch (entry->kind) {
    case JOURNAL_CALL:
        append_call(page, entry);
        break;
    case JOURNAL_SHOWN:
        append_shown(page, entry);
        break;
    case JOURNAL_TABLE:
        close_log(page);
        html_append_table(page, entry);
        break;
    case JOURNAL_PAUSED:
        append_gap(page, "From here on calls were not recorded.");
        break;
    case JOURNAL_RESUMED:
        append_gap(page, "From here on calls were recorded again.");
        break;
    default: /* the step's heading stands already */
        break;
    }
}

static size_t find_begin(const struct html_page *page, size_t from)
{
    size_t count = journal_count(page->journal);
    while (from < count && !begins_step(page, journal_at(page->journal, from)))
        from++;
    return from;
}

static bool has_call(const struct html_page *page, size_t end)
{
    for (size_t i = 0; i < end; i++)
        if (journal_at(page->journal, i)->kind == JOURNAL_CALL)
            return true;
    return false;
}

size_t html_append_notes(struct html_page *page)
{
    size_t end = find_begin(page, 0);
    if (journal_lost(page->journal) > 0)
        buffer_printf(page->out,
                      "<p class=\"note\">The record is bounded: its oldest %lu entries, %lu calls "
                      "among them, fell out.</p>\n",
                      journal_lost(page->journal), journal_lost_calls(page->journal));
    if (has_call(page, end))
        return 0;
    for (size_t i = 0; i < end; i++) {
        const struct journal_entry *entry = journal_at(page->journal, i);
        if (entry->kind != JOURNAL_SHOWN)
            continue;
        buffer_puts(page->out, "<p class=\"note\">");
        escape_append(page->out, entry->text, strlen(entry->text), true);
        buffer_puts(page->out, "</p>\n");
    }
    return end;
}

void html_append_steps(struct html_page *page, size_t first)
{
    size_t count = journal_count(page->journal);
    for (size_t begin = first; begin < count;) {
        size_t end = find_begin(page, begin + 1);
        open_step(page, journal_at(page->journal, begin),
                  journal_at(page->journal, end - 1)->number);
        for (size_t i = begin; i < end; i++)
            append_entry(page, journal_at(page->journal, i));
        close_log(page);
        buffer_puts(page->out, "</article>\n");
        begin = end;
    }
}
