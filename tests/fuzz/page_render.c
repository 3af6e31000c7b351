/* SPDX-License-Identifier: MIT
 *
 * A page and a picture of whatever journal there is: elements that open are closed, attributes are
 * quoted, and nothing of what the journal holds is markup, script, or unprintable. The journal in
 * the page is the journal.
 */
#include "journal.h"

#include "page/html.h"
#include "page/json.h"
#include "page/svg.h"

#include <ctype.h>
#include <strings.h>

enum { DEEPEST = 64, LONGEST_NAME = 24 };

struct scanner {
    const char *at;
    char open[DEEPEST][LONGEST_NAME];
    int depth;
    int scripts;
};

static bool is_void(const char *name)
{
    static const char *const names[] = {"meta", "br", "hr", "link", "input", "col"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

static void take_name(struct scanner *s, char name[LONGEST_NAME])
{
    size_t length = 0;
    while (isalnum((unsigned char)*s->at) || *s->at == '-' || *s->at == ':') {
        HOLDS(length + 1 < LONGEST_NAME);
        name[length++] = *s->at++;
    }
    name[length] = '\0';
    HOLDS(length > 0);
}

/* Up to the `>`; returns whether it closes itself. */
static bool skip_attributes(struct scanner *s)
{
    char name[LONGEST_NAME];
    for (;;) {
        s->at += strspn(s->at, " \n");
        if (*s->at == '>' || strncmp(s->at, "/>", 2) == 0)
            break;
        take_name(s, name);
        HOLDS(strncasecmp(name, "on", 2) != 0); /* no script comes in by an attribute */
        if (*s->at != '=')
            continue;
        HOLDS(s->at[1] == '"');
        s->at += 2;
        size_t length = strcspn(s->at, "\"<");
        s->at += length;
        HOLDS(*s->at == '"');
        s->at++;
    }
    bool closes = *s->at == '/';
    s->at += closes ? 2 : 1;
    return closes;
}

/* What stands in a script or a style is no markup, up to its end. */
static void skip_raw(struct scanner *s, const char *name)
{
    char end[LONGEST_NAME + 3];
    snprintf(end, sizeof end, "</%s", name);
    s->at = strstr(s->at, end);
    HOLDS(s->at != NULL);
}

static void open_element(struct scanner *s)
{
    char name[LONGEST_NAME];
    take_name(s, name);
    if (skip_attributes(s) || is_void(name))
        return;
    HOLDS(s->depth < DEEPEST);
    memcpy(s->open[s->depth++], name, sizeof name);
    s->scripts += strcmp(name, "script") == 0;
    if (strcmp(name, "script") == 0 || strcmp(name, "style") == 0)
        skip_raw(s, name);
}

static void close_element(struct scanner *s)
{
    char name[LONGEST_NAME];
    take_name(s, name);
    HOLDS(s->depth > 0 && strcmp(s->open[--s->depth], name) == 0);
    HOLDS(*s->at++ == '>');
}

/* `&lt;`, `&#34;` */
static void skip_entity(struct scanner *s)
{
    size_t length = 1 + (s->at[1] == '#');
    while (isalnum((unsigned char)s->at[length]))
        length++;
    HOLDS(length > 1 && length < 10 && s->at[length] == ';');
    s->at += length + 1;
}

static void check_markup(const struct buffer *out, int scripts)
{
    struct scanner s = {.at = buffer_text(out)};
    HOLDS(!out->failed && strlen(s.at) == out->length);
    bytes_check_shown(s.at, out->length, true, true);
    while (*s.at != '\0') {
        s.at += strcspn(s.at, "<>&");
        if (*s.at == '&') {
            skip_entity(&s);
        } else if (*s.at != '\0') {
            HOLDS(*s.at == '<');
            s.at++;
            if (*s.at == '!' || *s.at == '?')
                s.at += strcspn(s.at, ">") + 1;
            else if (*s.at == '/' && s.at++ != NULL)
                close_element(&s);
            else
                open_element(&s);
        }
    }
    HOLDS(s.depth == 0 && s.scripts <= scripts);
}

/* How many scripts a page has whose journal is empty: no text adds one. */
static void check_page(const struct journal *journal, const char *title)
{
    enum { SCRIPTS = 2 }; /* the journal, and what steps through it */
    struct buffer page = BUFFER_EMPTY, json = BUFFER_EMPTY;
    const char *found;
    size_t length;
    HOLDS(html_append(&page, journal, title) == 0);
    check_markup(&page, SCRIPTS);
    json_append_journal(&json, journal);
    HOLDS(html_find_journal(page.data, page.length, &found, &length));
    HOLDS(length >= json.length && strstr(found, buffer_text(&json)) != NULL);
    buffer_free(&page);
    buffer_free(&json);
}

static void check_picture(const struct journal *journal)
{
    const struct sequence_request all = {0};
    struct sequence sequence;
    struct buffer out = BUFFER_EMPTY;
    HOLDS(sequence_build(journal, &all, &sequence) == 0);
    svg_append(&out, &sequence);
    check_markup(&out, 0);
    buffer_free(&out);
    sequence_free(&sequence);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes b = {data, size, 0};
    size_t length;
    char *title = bytes_text(&b, bytes_choose(&b, 16), &length);
    struct journal *journal = fuzz_journal(&b);
    check_page(journal, title);
    check_picture(journal);
    journal_free(journal);
    free(title);
    return 0;
}
