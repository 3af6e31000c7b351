/* SPDX-License-Identifier: MIT
 *
 * The page's table of sockets says what the one on the terminal says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "page/sample.h"

#include "page/html.h"

static void append_page(struct buffer *page, const struct journal_entry *table)
{
    struct journal *journal = sample_journal("a");
    journal_add_text(journal, JOURNAL_TYPED, 1, "s = socket()");
    journal_add(journal, table);
    assert_int_equal(html_append(page, journal, NULL), 0);
    journal_free(journal);
}

static void expect_in_page(const struct journal_entry *table, const char *text, bool expected)
{
    struct buffer page = BUFFER_EMPTY;
    append_page(&page, table);
    const char *sockets = strstr(buffer_text(&page), "<div class=\"sockets\"");
    const char *end = sockets != NULL ? strstr(sockets, "</div>") : NULL;
    assert_non_null(end);
    const char *found = strstr(sockets, text);
    if ((found != NULL && found < end) != expected)
        fail_msg("%s: %.*s", text, (int)(end - sockets), sockets);
    buffer_free(&page);
}

/* A socket that had no address yet stood in the page as 0.0.0.0:0, as if it had that one. */
static void what_is_not_bound_has_no_address(void **state)
{
    struct journal_socket row = {.serial = 1, .fd = 3, .closed = -1};
    const struct journal_entry table = {
        .kind = JOURNAL_TABLE, .time = 2, .sockets = &row, .socket_count = 1};
    (void)state;
    row.family = AF_INET;
    row.type = SOCK_STREAM;
    row.view = sample_view(NET_TCP_CLOSED, 0, 0);
    assert_int_equal(net_address_from_host(AF_INET, "0.0.0.0", 0, &row.view.local), 0);
    expect_in_page(&table, "0.0.0.0", false);
    expect_in_page(&table, "<td>-</td><td>-</td>", true);
    net_address_set_port(&row.view.local, 80);
    expect_in_page(&table, "<td>0.0.0.0:80</td><td>-</td>", true);
}

/* Of what was closed long ago the page said nothing, though the terminal did. */
static void what_was_not_looked_for_is_told(void **state)
{
    const struct journal_entry none = {.kind = JOURNAL_TABLE, .time = 2};
    const struct journal_entry some = {.kind = JOURNAL_TABLE, .time = 2, .socket_unasked = 48};
    (void)state;
    expect_in_page(&none, "none is open", true);
    expect_in_page(&none, "not looked for", false);
    expect_in_page(&some, "48 closed earlier: not looked for", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_bound_has_no_address),
        cmocka_unit_test(what_was_not_looked_for_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
