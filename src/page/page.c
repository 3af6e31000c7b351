/* SPDX-License-Identifier: MIT
 *
 * Which kind of file a name means, and what is made of it.
 */
#include "page/page.h"

#include "page/file.h"
#include "page/html.h"
#include "page/json.h"
#include "page/svg.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

typedef int page_maker(struct buffer *out, const struct journal *journal, const char *title);

static int make_json(struct buffer *out, const struct journal *journal, const char *title)
{
    (void)title;
    json_append_journal(out, journal);
    return 0;
}

static int make_svg(struct buffer *out, const struct journal *journal, const char *title)
{
    struct sequence sequence;
    struct sequence_request request = {.serial = 0};
    (void)title;
    int error = sequence_build(journal, &request, &sequence);
    if (error != 0)
        return error;
    svg_append(out, &sequence);
    sequence_free(&sequence);
    return 0;
}

static page_maker *maker_of(const char *path)
{
    static const struct {
        const char *suffix;
        page_maker *make;
    } makers[] = {
        {".html", html_append}, {".htm", html_append}, {".svg", make_svg}, {".json", make_json}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof makers / sizeof makers[0]; i++)
        if (strcasecmp(dot, makers[i].suffix) == 0)
            return makers[i].make;
    return NULL;
}

int page_save(const char *path, const struct journal *journal, const char *title,
              struct buffer *why)
{
    struct buffer text = BUFFER_EMPTY;
    page_maker *make = maker_of(path);
    if (make == NULL) {
        buffer_puts(why, "the name should end in .html, .svg or .json");
        return why->failed ? ENOMEM : EINVAL;
    }
    int error = make(&text, journal, title);
    if (error == 0 && text.failed)
        error = ENOMEM;
    if (error == 0)
        error = file_write(path, buffer_text(&text), text.length);
    buffer_free(&text);
    return error;
}

int page_load(const char *path, struct journal **journal, struct buffer *why)
{
    struct buffer text = BUFFER_EMPTY;
    int error = file_read(path, JSON_LIMIT, &text);
    const char *json = buffer_text(&text);
    size_t length = text.length;
    if (error == 0 && json[strspn(json, " \t\r\n")] != '{' &&
        !html_find_journal(buffer_text(&text), text.length, &json, &length)) {
        buffer_puts(why, "no session of sockrepl's stands in it");
        error = why->failed ? ENOMEM : EINVAL;
    }
    if (error == 0)
        error = json_read_journal(json, length, journal, why);
    buffer_free(&text);
    return error;
}
