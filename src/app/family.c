/* SPDX-License-Identifier: MIT
 *
 * The page of a family of constants, as in help "SO_": what they are, where they go, and which
 * there are. Made from the list of constants; those with a page of their own stand first.
 */
#include "app/session.h"
#include "base/text.h"
#include "help/help.h"
#include "net/name.h"

#include <string.h>

static bool is_of(const struct net_name *entry, const char *family)
{
    return strncmp(entry->name, family, strlen(family)) == 0;
}

/* The kind that most of the family are of; NET_KIND_COUNT where there is no such family. */
static enum net_kind main_kind(const char *family)
{
    size_t count, counts[NET_KIND_COUNT] = {0};
    const struct net_name *names = net_names(&count);
    enum net_kind kind = NET_KIND_COUNT;
    for (size_t i = 0; i < count; i++) {
        if (!is_of(&names[i], family))
            continue;
        counts[names[i].kind]++;
        if (kind == NET_KIND_COUNT || counts[names[i].kind] > counts[kind])
            kind = names[i].kind;
    }
    return kind;
}

static bool has_page(const struct net_name *entry)
{
    const struct help_topic *topic = help_find(entry->name);
    return topic != NULL && strcmp(topic->name, entry->name) == 0;
}

static void append_names(struct buffer *out, const char *family, bool with_page)
{
    size_t count;
    const struct net_name *names = net_names(&count);
    const char *separator = "";
    for (size_t i = 0; i < count; i++) {
        if (!is_of(&names[i], family) || has_page(&names[i]) != with_page)
            continue;
        buffer_printf(out, "%s%s", separator, names[i].name);
        separator = ", ";
    }
}

static void put_names(struct buffer *page, const char *title, const char *family, bool with_page,
                      size_t width)
{
    struct buffer names = BUFFER_EMPTY;
    append_names(&names, family, with_page);
    if (names.length > 0) {
        buffer_putc(page, '\n');
        text_append_wrapped(page, title, width, "");
        text_append_wrapped(page, buffer_text(&names), width, "  ");
    }
    page->failed |= names.failed;
    buffer_free(&names);
}

bool family_put(struct session *session, const char *name)
{
    size_t length = strlen(name), width = (size_t)port_columns(&session->out);
    struct buffer page = BUFFER_EMPTY, line = BUFFER_EMPTY;
    enum net_kind kind = length > 1 && name[length - 1] == '_' ? main_kind(name) : NET_KIND_COUNT;
    if (kind == NET_KIND_COUNT)
        return false;
    buffer_printf(&line, "Each %s... is %s: %s.", name, net_kind_title(kind), net_kind_place(kind));
    text_append_wrapped(&page, buffer_text(&line), width, "");
    put_names(&page, "With a page of their own, as in help(NAME):", name, true, width);
    put_names(&page, "And:", name, false, width);
    page.failed |= line.failed;
    port_put(&session->out, STYLE_PLAIN, &page);
    buffer_free(&line);
    buffer_free(&page);
    return true;
}
