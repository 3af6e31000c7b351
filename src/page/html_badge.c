/* SPDX-License-Identifier: MIT
 *
 * The badge of a shell, where the page tells of two. Knows no step and no table.
 */
#include "html_inside.h"

#include "page/escape.h"

void html_append_who(struct html_page *page, unsigned origin)
{
    const char *name = journal_name(page->journal, origin);
    buffer_printf(page->out, "<span class=\"who who%u\">", origin);
    if (name[0] != '\0')
        escape_puts(page->out, name);
    else
        buffer_printf(page->out, "shell %u", origin + 1);
    buffer_puts(page->out, "</span>");
}
