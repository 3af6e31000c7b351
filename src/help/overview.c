/* SPDX-License-Identifier: MIT
 *
 * Everything that can be asked for, on one screen. It is made from the table of topics, so that a
 * function cannot be missing from it; it shows of each what a call must have, and no more.
 */
#include "base/text.h"
#include "help/help.h"

#include <string.h>

#define TITLE_COLUMNS 10
/* Below this width a group's title stands on a line of its own. */
#define WIDTH_FOR_TITLES 60

struct flow {
    struct buffer *out;
    size_t width;
    size_t indent;
    size_t column; /* where the next item would begin */
};

/* Constants and errors are too many for a screen; their subjects tell of them. */
static const struct overview_group {
    const char *title;
    enum help_group group;
    bool arguments; /* of those that everybody types: with all of them the screen would be too small
                     */
} groups[] = {
    {"Calls", HELP_CALLS, true},        {"Names", HELP_LOOKUP, false},
    {"Waiting", HELP_TASKS, true},      {"Data", HELP_DATA, false},
    {"Pictures", HELP_PICTURES, false}, {"Shell", HELP_SHELL, false},
    {"Commands", HELP_DOTS, false},     {"Subjects", HELP_SUBJECT, false},
};

/* The signature without its optional parameters: "recv(s [, size])" as recv(s). */
static void append_short_signature(struct buffer *out, const struct help_topic *topic)
{
    unsigned depth = 0;
    for (const char *c = topic->signature ? topic->signature : topic->name; *c; c++) {
        depth += *c == '[';
        if (depth == 0 && !(c[0] == ' ' && c[1] == '['))
            buffer_putc(out, *c);
        depth -= *c == ']';
    }
}

static void flow_item(struct flow *flow, const char *item)
{
    const size_t columns = strlen(item);
    const bool first = flow->column == flow->indent;
    if (!first && flow->column + 2 + columns > flow->width) {
        buffer_putc(flow->out, '\n');
        buffer_fill(flow->out, ' ', flow->indent);
        flow->column = flow->indent;
    } else if (!first) {
        buffer_puts(flow->out, "  ");
        flow->column += 2;
    }
    buffer_puts(flow->out, item);
    flow->column += columns;
}

static void flow_group(struct flow *flow, const struct overview_group *group)
{
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        struct buffer item = BUFFER_EMPTY;
        if (topics[i].group != group->group)
            continue;
        if (group->arguments)
            append_short_signature(&item, &topics[i]);
        else
            buffer_puts(&item, topics[i].name);
        flow_item(flow, buffer_text(&item));
        flow->out->failed |= item.failed;
        buffer_free(&item);
    }
}

static bool group_is_empty(enum help_group group)
{
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++)
        if (topics[i].group == group)
            return false;
    return true;
}

static void append_group(struct buffer *out, const struct overview_group *group, size_t width)
{
    const char *title = group->title;
    const bool beside = width >= WIDTH_FOR_TITLES;
    const size_t indent = beside ? TITLE_COLUMNS : 2;
    struct flow flow = {out, width, indent, indent};
    buffer_puts(out, title);
    if (!beside)
        buffer_putc(out, '\n');
    buffer_fill(out, ' ', beside ? indent - strlen(title) : indent);
    flow_group(&flow, group);
    buffer_putc(out, '\n');
}

void help_append_overview(struct buffer *out, size_t width)
{
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
        if (!group_is_empty(groups[i].group))
            append_group(out, &groups[i], width);
    buffer_putc(out, '\n');
    text_append_wrapped(out,
                        "Calls are methods too, s:listen(), and may take more than is shown. Ask "
                        "for one: help(bind), help(SO_REUSEADDR), help \"ECONNREFUSED\", help "
                        "\"lua\".",
                        width, "");
}
