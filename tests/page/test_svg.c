/* SPDX-License-Identifier: MIT
 *
 * The diagram as SVG, from rows made by hand: what is drawn for each kind of row, and that no text
 * becomes markup. That it is XML is seen by an XML parser in test_pages.py.
 */
#include "page/svg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char *draw(struct sequence_row *rows, size_t count, unsigned conversations,
                  struct buffer *out)
{
    struct sequence sequence = {.rows = rows, .count = count, .conversations = conversations};
    sequence.title[SEQUENCE_LEFT] = "client";
    sequence.title[SEQUENCE_RIGHT] = "server";
    buffer_clear(out);
    svg_append(out, &sequence);
    assert_false(out->failed);
    return out->data;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("not there: %s\nin: %s", part, text);
}

static void assert_has_not(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("there: %s\nin: %s", part, text);
}

/* The group that was drawn for the only row; until the next call. */
static const char *draw_row(struct sequence_row row, struct buffer *out)
{
    char *text = draw(&row, 1, 1, out);
    char *begin = strstr(text, "<g "), *end = strstr(text, "</g>");
    assert_non_null(begin);
    assert_non_null(end);
    *end = '\0';
    return begin;
}

static void calls_stand_beside_their_lane(void **state)
{
    struct buffer out = BUFFER_EMPTY;
    struct sequence_row row = {.kind = SEQUENCE_CALL,
                               .side = SEQUENCE_LEFT,
                               .entry = 17,
                               .text = "connect(4, :80)",
                               .time = 1.5};
    (void)state;
    const char *group = draw_row(row, &out);
    assert_has(group, "data-entry=\"17\"");
    assert_has(group, "class=\"sq-call sq-end\"");
    assert_has(group, ">connect(4, :80)</text>");
    assert_has(group, ">1.50</text>");
    row.side = SEQUENCE_RIGHT;
    row.failed = true;
    row.task = "server";
    row.state[SEQUENCE_RIGHT] = "LISTEN";
    row.note[SEQUENCE_RIGHT] = "queue 1 of 5";
    group = draw_row(row, &out);
    assert_has(group, "class=\"sq-call sq-failed\"");
    assert_has(group, ">[server] connect(4, :80)   ");
    assert_has(group, "queue 1<tspan "); /* the text is cut there */
    assert_has(group, "<rect class=\"sq-listen\"");
    assert_has(group, ">LISTEN</text>");
    buffer_free(&out);
}

static void arrows_say_how_they_are_known_and_what_becomes_of_them(void **state)
{
    struct buffer out = BUFFER_EMPTY;
    struct sequence_row row = {
        .kind = SEQUENCE_SEGMENT, .text = "SYN", .inferred = true, .conversation = 1};
    (void)state;
    const char *group = draw_row(row, &out);
    assert_has(group, "sq-arrow sq-inferred");
    assert_has(group, "class=\"sq-tip\"");
    assert_has(group, ">SYN</text>");
    assert_has_not(group, "sq-cross");
    assert_has_not(group, "sq-number"); /* there is but one conversation */
    row.fate = SEQUENCE_REFUSED;
    assert_has(draw_row(row, &out), "class=\"sq-cross\"");
    row.fate = SEQUENCE_LOST;
    group = draw_row(row, &out);
    assert_has(group, "<circle class=\"sq-tip\"");
    assert_has_not(group, "<path class=\"sq-tip\"");
    row = (struct sequence_row){
        .kind = SEQUENCE_SEGMENT, .text = "5 bytes", .data = true, .conversation = 8};
    group = draw_row(row, &out);
    assert_has(group, "class=\"sq-row sq-c2 sq-data\"");
    assert_has_not(group, "sq-inferred");
    buffer_free(&out);
}

static void several_conversations_have_numbers(void **state)
{
    struct buffer out = BUFFER_EMPTY;
    struct sequence_row rows[2] = {
        {.kind = SEQUENCE_SEGMENT, .text = "SYN", .conversation = 1, .inferred = true},
        {.kind = SEQUENCE_SEGMENT, .text = "SYN", .conversation = 2, .inferred = true}};
    (void)state;
    const char *text = draw(rows, 2, 2, &out);
    assert_has(text, "#1</tspan> SYN");
    assert_has(text, "#2</tspan> SYN");
    assert_has(text, "dashed: segments that follow from the calls");
    assert_has(text, "2 arrows between them; 2 conversations.");
    rows[0].inferred = rows[1].inferred = false;
    assert_has_not(draw(rows, 2, 2, &out), "dashed:");
    buffer_free(&out);
}

static void long_texts_are_cut_into_lines(void **state)
{
    struct buffer out = BUFFER_EMPTY;
    struct sequence_row row = {.kind = SEQUENCE_CALL, .side = SEQUENCE_LEFT};
    (void)state;
    row.text = "recv(4, 4096) = 24: \"Thank you for connecting\"";
    const char *group = draw_row(row, &out);
    assert_has(group, ">recv(4, 4096) = 24: &quot;Thank you for<tspan "); /* no blank at the end */
    assert_has(group, ">connecting&quot;</tspan>");
    row.text = "0123456789012345678901234567890123456789"
               "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
               "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
               "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad";
    group = draw_row(row, &out);
    assert_has(group, ">012345678901234567890123456789012345<tspan ");
    assert_has(group, ">6789\xe4\xb8\xad"); /* no character is cut in two */
    buffer_free(&out);
}

static void no_text_becomes_markup(void **state)
{
    static const char poison[] = "</text><script>x</script>&lt;\"'\x1b[2J\xe2\x80\xae\xff";
    static const char safe[] = "&lt;/text&gt;&lt;script&gt;x&lt;/script&gt;&amp;lt;";
    struct buffer out = BUFFER_EMPTY;
    struct sequence_row rows[3] = {{.kind = SEQUENCE_CALL, .text = poison, .task = poison},
                                   {.kind = SEQUENCE_SEGMENT, .text = poison},
                                   {.kind = SEQUENCE_NOTE, .text = poison}};
    (void)state;
    rows[0].state[0] = rows[0].state[1] = rows[0].note[0] = rows[0].note[1] = poison;
    struct sequence sequence = {.rows = rows, .count = 3, .title = {poison, poison}};
    svg_append(&out, &sequence);
    const char *text = buffer_text(&out);
    assert_has_not(text, "<script");
    assert_has_not(text, "\x1b");
    assert_has_not(text, "\xe2\x80\xae");
    assert_has_not(text, "\xff");
    size_t count = 0;
    for (const char *place = text; (place = strstr(place, safe)) != NULL; place++)
        count++;
    assert_true(count >= 4); /* whole at least in state, label, note and description */
    buffer_free(&out);
}

static void nothing_at_all_is_a_picture_too(void **state)
{
    struct buffer out = BUFFER_EMPTY;
    (void)state;
    assert_has(draw(NULL, 0, 0, &out), "0 calls beside them and 0 arrows between them");
    assert_has(buffer_text(&out), "</svg>\n");
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_stand_beside_their_lane),
        cmocka_unit_test(arrows_say_how_they_are_known_and_what_becomes_of_them),
        cmocka_unit_test(several_conversations_have_numbers),
        cmocka_unit_test(long_texts_are_cut_into_lines),
        cmocka_unit_test(no_text_becomes_markup),
        cmocka_unit_test(nothing_at_all_is_a_picture_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
