/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out at each allocation of a text in turn: what stands in the buffer is never
 * half of a piece, the failure is remembered until the buffer is cleared, and a port needs no
 * memory to write all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scarce.h"

#include "base/fold.h"
#include "base/port.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

enum { MOST_ALLOCATIONS = 1000, LONG = 900 };

/* Of every kind that is escaped or has more than one byte, and longer than a buffer begins with. */
static const char *strange(void)
{
    static char text[LONG + 1];
    static const char kinds[] = "a\x1b[2J\xc3\xa9\xff\n\t\xf0\x9f\x90\xb6\"\\\r\xe2\x80\xae plain ";
    for (size_t i = 0; i < LONG; i++)
        text[i] = kinds[i % (sizeof kinds - 1)];
    return text;
}

typedef void append(struct buffer *out);

static void append_bytes(struct buffer *out)
{
    buffer_append(out, strange(), LONG);
}

static void append_fill(struct buffer *out)
{
    buffer_fill(out, '-', LONG);
}

static void append_printed(struct buffer *out)
{
    buffer_printf(out, "%d %s", 42, strange());
}

static void append_char(struct buffer *out)
{
    buffer_putc(out, 'c');
}

/* Appends in one step, or not at all. */
static void steps(void **state)
{
    static append *const all[] = {append_bytes, append_fill, append_printed, append_char};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof all / sizeof *all; i++) {
        struct buffer out = BUFFER_EMPTY;
        if (i % 2 == 1) /* the very last byte that there is room for */
            buffer_fill(&out, '.', 63);
        const size_t before = out.length;
        scarce_begin(0, false);
        all[i / 2](&out);
        assert_true(scarce_end());
        assert_true(out.failed);
        assert_int_equal(out.length, before);
        assert_int_equal(strlen(buffer_text(&out)), before);
        append_char(&out); /* there would be room, but a text with a gap is none */
        assert_int_equal(out.length, before);
        buffer_clear(&out);
        all[i / 2](&out);
        assert_false(out.failed);
        assert_int_equal(strlen(buffer_text(&out)), out.length);
        assert_true(out.length > 0);
        buffer_free(&out);
    }
}

/* The second allocation of a printf() that was longer than thought. */
static void a_long_printf_leaves_no_half(void **state)
{
    struct buffer out = BUFFER_EMPTY;
    (void)state;
    scarce_begin(1, true);
    append_printed(&out);
    assert_true(scarce_end());
    assert_true(out.failed);
    assert_string_equal(buffer_text(&out), "");
    buffer_free(&out);
}

static void append_safe(struct buffer *out)
{
    text_append_safe(out, strange(), LONG, true);
}

static void append_ascii(struct buffer *out)
{
    text_append_ascii(out, strange(), LONG);
}

static void append_quoted(struct buffer *out)
{
    text_append_quoted(out, strange(), LONG, LONG - 10);
}

static void append_wrapped(struct buffer *out)
{
    text_append_wrapped(out, strange(), 40, "    ");
}

static void append_folded(struct buffer *out)
{
    static const char words[] = "one two three";
    fold_append(out, words, sizeof words - 1, 8);
    fold_append(out, strange(), LONG, 40);
}

/* Returns whether no allocation was missed. */
static bool render_short(append *render, long left, bool stays, const struct buffer *whole)
{
    struct buffer out = BUFFER_EMPTY;
    scarce_begin(left, stays);
    render(&out);
    const bool missed = scarce_end();
    assert_int_equal(out.failed, missed);
    if (!missed)
        assert_string_equal(buffer_text(&out), buffer_text(whole));
    assert_memory_equal(buffer_text(&out), buffer_text(whole), out.length);
    buffer_free(&out);
    return !missed;
}

static void renderings(void **state)
{
    static append *const all[] = {append_safe, append_ascii, append_quoted, append_wrapped,
                                  append_folded};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct buffer whole = BUFFER_EMPTY;
        all[i](&whole);
        assert_true(whole.length > LONG && !whole.failed);
        for (long left = 0; !render_short(all[i], left / 2, left % 2 == 1, &whole); left++)
            assert_in_range(left, 0, MOST_ALLOCATIONS);
        buffer_free(&whole);
    }
}

struct screen {
    struct port port;
    int out; /* what was written comes out here */
    int bursts, depth;
};

static void hide_line(void *owner)
{
    struct screen *screen = owner;
    screen->bursts += screen->depth++ == 0;
}

static void show_line(void *owner)
{
    struct screen *screen = owner;
    screen->depth--;
}

/* A pipe in a terminal's place. */
static void open_screen(struct screen *screen, bool utf8, bool colour)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    FILE *file = fdopen(ends[1], "w");
    assert_non_null(file);
    *screen = (struct screen){.out = ends[0]};
    port_init(&screen->port, file);
    screen->port.terminal = true;
    screen->port.utf8 = utf8;
    screen->port.colour = colour;
    screen->port.hooks = (struct port_hooks){hide_line, show_line, screen};
}

/* What was written since the last look. */
static void read_screen(const struct screen *screen, char text[16384])
{
    const ssize_t length = read(screen->out, text, 16383);
    assert_true(length > 0);
    text[length] = '\0';
}

static void close_screen(struct screen *screen)
{
    fclose(screen->port.file);
    close(screen->out);
}

static void write_all_ways(struct port *port)
{
    port_bytes(port, strange(), LONG);
    port_styled(port, STYLE_ERROR, "caf\xc3\xa9\n", 6);
    port_styled(port, STYLE_HINT, strange(), LONG);
    port_write(port, strange(), LONG);
}

/* A port that once had no memory for the colour of a word took itself for broken, and the shell was
 * silent from then on. */
static void a_port_writes_without_memory(void **state)
{
    (void)state;
    for (int way = 0; way < 4; way++) {
        struct screen screen;
        static char whole[16384], text[16384];
        open_screen(&screen, way >= 2, way % 2 == 1);
        write_all_ways(&screen.port);
        read_screen(&screen, whole);
        bool missed = true;
        for (long left = 0; missed; left++) {
            screen.bursts = 0;
            scarce_begin(left / 2, left % 2 == 1);
            write_all_ways(&screen.port);
            missed = scarce_end();
            assert_true(missed || left > 0);
            assert_false(screen.port.broken);
            assert_int_equal(screen.bursts, 4);
            assert_int_equal(screen.depth, 0);
            read_screen(&screen, text);
            assert_string_equal(text, whole);
            assert_in_range(left, 0, MOST_ALLOCATIONS);
        }
        close_screen(&screen);
    }
}

static void a_text_is_shown_whole_or_not_at_all(void **state)
{
    (void)state;
    char text[256];
    struct port port;
    struct buffer part = BUFFER_EMPTY;
    port_init(&port, tmpfile());
    buffer_puts(&part, "a part");
    port_put(&port, STYLE_PLAIN, &part);
    part.failed = true;
    port_put(&port, STYLE_PLAIN, &part);
    rewind(port.file);
    text[fread(text, 1, sizeof text - 1, port.file)] = '\0';
    assert_string_equal(text, "a part\n(not enough memory to show this)\n");
    assert_int_equal(port.error, ENOMEM);
    assert_false(port.broken);
    fclose(port.file);
    buffer_free(&part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps),
        cmocka_unit_test(a_long_printf_leaves_no_half),
        cmocka_unit_test(renderings),
        cmocka_unit_test(a_port_writes_without_memory),
        cmocka_unit_test(a_text_is_shown_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
