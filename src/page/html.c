/* SPDX-License-Identifier: MIT
 *
 * The frame of the page. What may run in it and how it may look is said by hash in its
 * Content-Security-Policy; nothing may be loaded.
 */
#include "page/html.h"

#include "html_inside.h"
#include "page/escape.h"
#include "page/json.h"
#include "page/svg.h"
#include "parts.h"

#include <errno.h>
#include <string.h>
#include <time.h>

static const char journal_opens[] = "<script type=\"application/json\" id=\"journal\">";
static const char journal_closes[] = "</script>";

static void append_head(struct buffer *out, const char *title)
{
    buffer_printf(out,
                  "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<meta name=\"generator\" content=\"sockrepl\">\n<title>",
                  parts_style_hash, parts_script_hash);
    escape_puts(out, title);
    buffer_puts(out, "</title>\n<style>");
    buffer_puts(out, parts_style);
    buffer_puts(out, "</style>\n</head>\n<body>\n");
}

/* UTC: the page may be read anywhere. */
static void append_date(struct html_page *page)
{
    char text[40];
    struct tm date;
    const double latest = 253402300799; /* the last second of the year 9999 */
    double when = journal_epoch(page->journal) + page->begin;
    if (!(when >= 0 && when <= latest)) /* nor a number at all: the journal may be anybody's */
        return;
    time_t seconds = (time_t)when;
    if (gmtime_r(&seconds, &date) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &date) == 0)
        return;
    buffer_printf(page->out, ", recorded %s", text);
}

static void append_meta(struct html_page *page)
{
    struct buffer *out = page->out;
    size_t count = journal_count(page->journal), calls = 0;
    for (size_t i = 0; i < count; i++)
        calls += journal_at(page->journal, i)->kind == JOURNAL_CALL;
    buffer_printf(out, "<p class=\"meta\">%zu call%s", calls, calls == 1 ? "" : "s");
    append_date(page);
    buffer_puts(out, " by ");
    html_append_who(page, 0);
    if (page->merged) {
        buffer_puts(out, " and ");
        html_append_who(page, 1);
    }
    buffer_puts(out, "</p>\n");
}

static size_t append_header(struct html_page *page, const char *title)
{
    buffer_puts(page->out, "<header>\n<h1>");
    escape_puts(page->out, title);
    buffer_puts(page->out, "</h1>\n");
    append_meta(page);
    size_t first = html_append_notes(page);
    buffer_puts(page->out, "</header>\n");
    return first;
}

/* Where nothing was called there is nothing to draw. */
static void append_diagram(struct html_page *page)
{
    if (page->sequence.count == 0)
        return;
    buffer_puts(page->out, "<figure class=\"panel\">\n<figcaption>Sequence diagram</figcaption>\n"
                           "<div class=\"scroll tall\" id=\"diagram\" tabindex=\"0\" "
                           "role=\"region\" aria-label=\"Sequence diagram\">\n");
    svg_append_inline(page->out, &page->sequence);
    buffer_puts(page->out, "</div>\n</figure>\n");
}

static void append_main(struct html_page *page, size_t first)
{
    buffer_puts(page->out, "<main>\n<section id=\"steps\" aria-label=\"Steps\" "
                           "aria-live=\"polite\">\n");
    html_append_steps(page, first);
    if (page->step == 0)
        buffer_puts(page->out, "<p>Nothing was recorded.</p>\n");
    buffer_puts(page->out, "</section>\n<aside>\n");
    append_diagram(page);
    buffer_puts(page->out, "<section class=\"panel\" id=\"now\" aria-label=\"Sockets\" hidden>"
                           "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                           "aria-label=\"Sockets\"></div></section>\n</aside>\n</main>\n");
}

/* Buttons are of use with the script alone, which shows them. */
static void append_controls(struct buffer *out)
{
    buffer_puts(
        out, "<nav id=\"controls\" aria-label=\"Steps\" hidden>\n"
             "<button type=\"button\" id=\"first\" aria-label=\"First step\">|&#9664;</button>\n"
             "<button type=\"button\" id=\"back\" aria-keyshortcuts=\"ArrowLeft\">Back</button>\n"
             "<input type=\"range\" id=\"place\" min=\"1\" value=\"1\" aria-label=\"Step\">\n"
             "<span id=\"position\"></span>\n"
             "<button type=\"button\" id=\"next\" aria-keyshortcuts=\"ArrowRight\">Next</button>\n"
             "<button type=\"button\" id=\"last\" aria-label=\"Last step\">&#9654;|</button>\n"
             "<button type=\"button\" id=\"all\" aria-pressed=\"false\">All</button>\n"
             "<button type=\"button\" id=\"large\" aria-pressed=\"false\">Large</button>\n"
             "</nav>\n");
}

static void append_footer(struct buffer *out)
{
    buffer_puts(out, "<footer>\n<p class=\"keys\"><kbd>&rarr;</kbd> <kbd>Space</kbd> <kbd>j</kbd> "
                     "next step, <kbd>&larr;</kbd> <kbd>k</kbd> back, <kbd>Home</kbd> "
                     "<kbd>End</kbd> first and last, <kbd>a</kbd> all steps, <kbd>l</kbd> large "
                     "type</p>\n<p>Made by sockrepl from calls that were really made.</p>\n"
                     "</footer>\n");
}

int html_append(struct buffer *out, const struct journal *journal, const char *title)
{
    struct html_page page = {.out = out, .journal = journal};
    struct sequence_request all = {.serial = 0};
    int error = sequence_build(journal, &all, &page.sequence);
    if (error != 0)
        return error;
    if (title == NULL)
        title = "A session with sockets";
    html_survey(&page);
    append_head(out, title);
    append_main(&page, append_header(&page, title));
    append_controls(out);
    append_footer(out);
    buffer_puts(out, journal_opens);
    json_append_journal(out, journal);
    buffer_printf(out, "%s\n<script>%s</script>\n</body>\n</html>\n", journal_closes, parts_script);
    sequence_free(&page.sequence);
    return out->failed ? ENOMEM : 0;
}

/* Where `part` begins within a page, which may hold zero bytes; NULL where it does not. */
static const char *find(const char *page, size_t length, const char *part)
{
    size_t size = strlen(part);
    while (length >= size) {
        const char *place = memchr(page, part[0], length - size + 1);
        if (place == NULL || memcmp(place, part, size) == 0)
            return place;
        length -= (size_t)(place + 1 - page);
        page = place + 1;
    }
    return NULL;
}

bool html_find_journal(const char *page, size_t length, const char **json, size_t *json_length)
{
    const char *begin = find(page, length, journal_opens);
    if (begin == NULL)
        return false;
    begin += strlen(journal_opens);
    const char *end = find(begin, length - (size_t)(begin - page), journal_closes);
    if (end == NULL)
        return false;
    *json = begin;
    *json_length = (size_t)(end - begin);
    return true;
}
