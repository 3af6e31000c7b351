/* SPDX-License-Identifier: MIT
 *
 * The table of sockets as it stood, in HTML.
 */
#include "html_inside.h"

#include "page/escape.h"
#include "view/table.h"

static void append_cell(struct buffer *out, const char *class, const char *text)
{
    buffer_printf(out, "<td%s>", class);
    escape_puts(out, text);
    buffer_puts(out, "</td>");
}

static void append_address_cell(struct buffer *out, const struct net_address *address, bool known)
{
    struct buffer text = BUFFER_EMPTY;
    if (known)
        net_address_append(&text, address);
    else
        buffer_putc(&text, '-');
    append_cell(out, "", buffer_text(&text));
    out->failed |= text.failed;
    buffer_free(&text);
}

static void append_count_cell(struct buffer *out, long count)
{
    struct buffer text = BUFFER_EMPTY;
    if (count >= 0)
        buffer_printf(&text, "%ld", count);
    append_cell(out, " class=\"count\"", buffer_text(&text));
    out->failed |= text.failed;
    buffer_free(&text);
}

/* The last two columns; a listener has a queue instead, a closed socket the time since. */
static void append_queues(struct buffer *out, const struct journal_socket *row)
{
    const struct net_view *view = &row->view;
    if (row->fd < 0 && row->closed >= 0)
        buffer_printf(out, "<td colspan=\"2\">closed %.0f s ago</td>", row->closed);
    else if (view->queued >= 0 && view->queue_limit >= 0)
        buffer_printf(out, "<td colspan=\"2\">queue %ld of %ld</td>", view->queued,
                      view->queue_limit);
    else {
        append_count_cell(out, row->fd < 0 ? -1 : view->to_read);
        append_count_cell(out, row->fd < 0 ? -1 : view->unsent);
    }
}

static void append_row(struct buffer *out, const struct journal_socket *row)
{
    struct buffer kind = BUFFER_EMPTY;
    table_append_kind(&kind, row);
    buffer_puts(out, "<tr>");
    append_cell(out, "", row->variable[0] != '\0' ? row->variable : "-");
    if (row->fd >= 0)
        buffer_printf(out, "<td class=\"count\">%d</td>", row->fd);
    else
        buffer_puts(out, "<td class=\"count\">-</td>");
    append_cell(out, "", buffer_text(&kind));
    append_cell(out, " class=\"state\"", table_state(row));
    append_address_cell(out, &row->view.local, table_has_name(&row->view.local));
    append_address_cell(out, &row->view.peer, row->view.peer.length != 0);
    append_queues(out, row);
    buffer_puts(out, "</tr>\n");
    out->failed |= kind.failed;
    buffer_free(&kind);
}

void html_append_table(struct html_page *page, const struct journal_entry *entry)
{
    struct buffer *out = page->out;
    buffer_printf(out,
                  "<div class=\"sockets\" data-origin=\"%u\"><table>"
                  "<caption>Sockets after step %u",
                  entry->origin, page->step);
    if (page->merged) {
        buffer_putc(out, ' ');
        html_append_who(page, entry->origin);
    }
    if (entry->socket_count == 0 && entry->socket_unasked == 0) {
        buffer_puts(out, ": none is open</caption></table></div>\n");
        return;
    }
    buffer_puts(out, "</caption>\n<thead><tr><th scope=\"col\">variable</th>"
                     "<th scope=\"col\" class=\"count\">fd</th><th scope=\"col\">kind</th>"
                     "<th scope=\"col\">state</th><th scope=\"col\">local</th>"
                     "<th scope=\"col\">peer</th><th scope=\"col\" class=\"count\">to read</th>"
                     "<th scope=\"col\" class=\"count\">unsent</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < entry->socket_count; i++)
        append_row(out, &entry->sockets[i]);
    if (entry->socket_rest > 0)
        buffer_printf(out, "<tr><td colspan=\"8\">and %zu more</td></tr>\n", entry->socket_rest);
    if (entry->socket_unasked > 0)
        buffer_printf(out, "<tr><td colspan=\"8\">%zu closed earlier: not looked for</td></tr>\n",
                      entry->socket_unasked);
    buffer_puts(out, "</tbody></table></div>\n");
}
