/* SPDX-License-Identifier: MIT
 *
 * A text of more rows than the terminal has: Readline draws the first of them, one over another at
 * the end, and loses the prompt. Here it is given the rows around the cursor to draw, with a note
 * of how many more there are, and nobody else hears of it. With Enter the text is written whole, so
 * that the scrollback has it.
 */
#include "inside.h"

#include "base/text.h"

#include <readline/readline.h>
#include <string.h>

enum { TAB_STOP = 8, ROWS_LEAST = 5 /* or there is no room for notes */ };

/* Where the next character of a text would stand. A row that is full ends at once, as Readline has
 * it: a newline behind it makes an empty one. */
struct rows {
    int columns; /* of the terminal */
    int column;
    int row;
};

/* The part of a text that is drawn. */
struct part {
    int first, last; /* rows */
    int begin, end;  /* offsets */
    bool unfinished; /* its last row is neither full nor ended by a newline */
};

/* Control characters are drawn as `^A`, and bytes that are no character here as `\377`. */
static int columns_of(const char *at, int size, uint32_t code, int column)
{
    if (code == '\t')
        return TAB_STOP - column % TAB_STOP;
    if (code < ' ' || code == 0x7F)
        return 2;
    if (size == 0 || (size > 1 && !prompt_current()->out->utf8))
        return 4 * (size > 0 ? size : 1);
    return (int)text_columns(at, (size_t)size);
}

/* Steps over the character at `at`; `row` is the one where that stands. Returns where the next one
 * is. */
static int step(struct rows *rows, const char *text, int at, int length, int *row)
{
    uint32_t code = 0xFFFD;
    const int size = (int)text_decode(text + at, (size_t)(length - at), &code);
    const int columns = code == '\n' ? 0 : columns_of(text + at, size, code, rows->column);
    if (rows->column + columns > rows->columns)
        *rows = (struct rows){rows->columns, 0, rows->row + 1};
    *row = rows->row;
    rows->column += columns;
    if (code == '\n' || rows->column >= rows->columns)
        *rows = (struct rows){rows->columns, 0, rows->row + 1};
    return at + (size > 0 ? size : 1);
}

/* A mark in the prompt begins or ends what takes no room on the screen. */
static bool is_mark(char c)
{
    return c == RL_PROMPT_START_IGNORE || c == RL_PROMPT_END_IGNORE;
}

static int prompt_columns(void)
{
    const char *at = rl_display_prompt ? rl_display_prompt : "";
    int columns = 0;
    while (*at) {
        const char *const begin = at;
        while (*at && !is_mark(*at))
            at++;
        columns += (int)text_columns(begin, (size_t)(at - begin));
        while (*at && *at != RL_PROMPT_END_IGNORE)
            at++;
        at += *at != '\0';
    }
    return columns;
}

static struct rows rows_begin(int columns)
{
    return (struct rows){.columns = columns, .column = prompt_columns() % columns};
}

/* The rows of the text; `point` is the one that the cursor stands in. */
static int count_rows(int columns, int *point)
{
    struct rows rows = rows_begin(columns);
    int row;
    *point = 0;
    for (int at = 0; at < rl_end;) {
        at = step(&rows, rl_line_buffer, at, rl_end, &row);
        if (at <= rl_point)
            *point = rows.row;
    }
    return rows.row + 1;
}

static bool is_tall(int *count, int *point, int *height, int *columns)
{
    rl_get_screen_size(height, columns);
    if (*columns < 1 || !terminal_draws_rows())
        return false;
    *height -= prompt_columns() / *columns; /* what a long search takes above the text */
    if (*height < ROWS_LEAST)
        return false;
    *count = count_rows(*columns, point);
    return *count > *height;
}

/* As many rows as there is room for beside the notes, the cursor in their middle. */
static struct part choose_part(int count, int point, int height, int columns)
{
    const int room = height - 3;
    int first = point - room / 2;
    if (first + room > count)
        first = count - room;
    if (first < 0)
        first = 0;
    struct part part = {.first = first, .last = first + room - 1, .begin = rl_end, .end = rl_end};
    struct rows rows = rows_begin(columns);
    for (int at = 0, next; at < rl_end; at = next) {
        const int before = rows.row;
        int row;
        next = step(&rows, rl_line_buffer, at, rl_end, &row);
        if (row >= part.first && at < part.begin)
            part.begin = at;
        if (row > part.last && at < part.end) {
            part.end = at;
            part.unfinished = before == part.last;
        }
    }
    return part;
}

static void append_note(struct buffer *out, int rows)
{
    buffer_printf(out, "... %d more row%s", rows, rows == 1 ? "" : "s");
}

/* Returns where the part begins in what is drawn. */
static int append_part(struct buffer *out, const struct part *part, int count)
{
    if (part->first > 0) {
        append_note(out, part->first);
        buffer_putc(out, '\n');
    }
    const int begin = (int)out->length;
    buffer_append(out, rl_line_buffer + part->begin, (size_t)(part->end - part->begin));
    if (part->unfinished)
        buffer_putc(out, '\n');
    if (part->last + 1 < count)
        append_note(out, count - part->last - 1);
    return begin;
}

static void draw_instead(char *text, int length, int point)
{
    char *const line = rl_line_buffer;
    const int end = rl_end, old_point = rl_point, mark = rl_mark;
    rl_line_buffer = text;
    rl_end = length;
    rl_point = rl_mark = point; /* a region that is marked is not told from others here */
    rl_redisplay();
    rl_line_buffer = line;
    rl_end = end;
    rl_point = old_point;
    rl_mark = mark;
}

void tall_redisplay(void)
{
    struct buffer text = BUFFER_EMPTY;
    int count, point, height, columns;
    if (!rl_line_buffer || !is_tall(&count, &point, &height, &columns)) {
        rl_redisplay();
        return;
    }
    const struct part part = choose_part(count, point, height, columns);
    const int begin = append_part(&text, &part, count);
    if (text.failed)
        rl_redisplay();
    else
        draw_instead(text.data, (int)text.length, begin + rl_point - part.begin);
    buffer_free(&text);
}

static void append_prompt(struct buffer *out)
{
    for (const char *at = rl_display_prompt; at && *at; at++)
        if (!is_mark(*at))
            buffer_putc(out, *at);
}

static bool write_whole(void)
{
    struct buffer text = BUFFER_EMPTY, shown = BUFFER_EMPTY;
    append_prompt(&shown);
    text_append_safe(&text, rl_line_buffer, (size_t)rl_end, true);
    if (prompt_current()->out->utf8)
        buffer_append(&shown, buffer_text(&text), text.length);
    else
        text_append_ascii(&shown, buffer_text(&text), text.length);
    const bool good = !text.failed && !shown.failed;
    if (good) {
        rl_clear_visible_line();
        fprintf(rl_outstream, "%s\n", shown.data);
        fflush(rl_outstream);
    }
    buffer_free(&text);
    buffer_free(&shown);
    return good;
}

/* Readline draws the end of a line anew, unless it is empty and would be wiped off. */
static int accept_undrawn(int count, int key)
{
    const int erase = rl_erase_empty_line, point = rl_point, end = rl_end;
    rl_erase_empty_line = 1;
    rl_point = rl_end = 0;
    const int result = rl_newline(count, key);
    rl_erase_empty_line = erase;
    rl_point = point;
    rl_end = end;
    return result;
}

int tall_accept(int count, int key)
{
    int rows, point, height, columns;
    if (!is_tall(&rows, &point, &height, &columns))
        return rl_newline(count, key);
#if RL_READLINE_VERSION >= 0x0801
    rl_deactivate_mark(); /* or it would be drawn once more */
#endif
    return write_whole() ? accept_undrawn(count, key) : rl_newline(count, key);
}
