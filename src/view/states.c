/* SPDX-License-Identifier: MIT
 *
 * The picture is a canvas: states at their places, and for each transition a line of corners. Lines
 * of the way that was taken are heavy. Where the canvas does not fit, the transitions are listed.
 */
#include "view/states.h"

#include "cell.h"
#include "transition.h"

#include "base/text.h"

#include <string.h>

enum { ROWS = 20, COLUMNS = 77, MOST_CORNERS = 4 };

/* Directions in which a line leaves the middle of its cell. */
enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

struct spot {
    char text; /* of a state or a label; 0 for none */
    unsigned char light, heavy;
    unsigned char head; /* the direction that an arrow points to */
};

struct canvas {
    struct spot spots[ROWS][COLUMNS];
};

struct place {
    unsigned char row, column;
};

struct line {
    enum net_tcp_state from, to;
    struct place label;
    struct place corners[MOST_CORNERS];
    unsigned char corner_count;
    bool below; /* it begins under the state, and turns at once */
};

/* Which way was taken, by its states. */
struct way {
    const enum net_tcp_state *path;
    size_t count;
};

/* In the order of the list. CLOSED has a second place, where connections end. */
static const struct place places[] = {
    [NET_TCP_CLOSED] = {0, 35},      [NET_TCP_LISTEN] = {3, 18},
    [NET_TCP_SYN_SENT] = {3, 50},    [NET_TCP_SYN_RECV] = {6, 17},
    [NET_TCP_ESTABLISHED] = {8, 32}, [NET_TCP_FIN_WAIT1] = {12, 13},
    [NET_TCP_FIN_WAIT2] = {15, 13},  [NET_TCP_CLOSING] = {15, 35},
    [NET_TCP_TIME_WAIT] = {19, 13},  [NET_TCP_CLOSE_WAIT] = {12, 56},
    [NET_TCP_LAST_ACK] = {15, 57},   [NET_TCP_UNKNOWN] = {19, 59},
};

static const struct line lines[] = {
    {NET_TCP_CLOSED, NET_TCP_LISTEN, {1, 12}, {{0, 33}, {0, 21}, {2, 21}}, 3, false},
    {NET_TCP_CLOSED, NET_TCP_SYN_SENT, {1, 56}, {{0, 42}, {0, 54}, {2, 54}}, 3, false},
    {NET_TCP_LISTEN, NET_TCP_SYN_RECV, {4, 2}, {{4, 21}, {5, 21}}, 2, false},
    {NET_TCP_SYN_SENT, NET_TCP_SYN_RECV, {5, 31}, {{4, 54}, {6, 54}, {6, 26}}, 3, false},
    {NET_TCP_SYN_SENT, NET_TCP_ESTABLISHED, {7, 56}, {{4, 54}, {8, 54}, {8, 44}}, 3, false},
    {NET_TCP_SYN_RECV, NET_TCP_ESTABLISHED, {7, 12}, {{7, 21}, {8, 21}, {8, 30}}, 3, false},
    {NET_TCP_ESTABLISHED, NET_TCP_FIN_WAIT1, {10, 3}, {{9, 34}, {9, 17}, {11, 17}}, 3, true},
    {NET_TCP_ESTABLISHED, NET_TCP_CLOSE_WAIT, {10, 63}, {{9, 40}, {9, 61}, {11, 61}}, 3, true},
    {NET_TCP_FIN_WAIT1, NET_TCP_FIN_WAIT2, {13, 8}, {{13, 17}, {14, 17}}, 2, false},
    {NET_TCP_FIN_WAIT1, NET_TCP_CLOSING, {13, 23}, {{12, 23}, {12, 38}, {14, 38}}, 3, false},
    {NET_TCP_FIN_WAIT2, NET_TCP_TIME_WAIT, {16, 2}, {{16, 17}, {18, 17}}, 2, false},
    {NET_TCP_CLOSING,
     NET_TCP_TIME_WAIT,
     {16, 40},
     {{16, 38}, {17, 38}, {17, 17}, {18, 17}},
     4,
     false},
    {NET_TCP_TIME_WAIT, NET_TCP_CLOSED, {18, 31}, {{19, 23}, {19, 57}}, 2, false},
    {NET_TCP_CLOSE_WAIT, NET_TCP_LAST_ACK, {13, 63}, {{13, 61}, {14, 61}}, 2, false},
    {NET_TCP_LAST_ACK, NET_TCP_CLOSED, {16, 63}, {{16, 61}, {18, 61}}, 2, false},
};

static enum net_tcp_state now(const struct way *way)
{
    return way->count > 0 ? way->path[way->count - 1] : NET_TCP_UNKNOWN;
}

/* Before the present state. */
static bool was_in(const struct way *way, enum net_tcp_state state)
{
    for (size_t i = 0; i + 1 < way->count; i++) {
        if (way->path[i] == state)
            return true;
    }
    return false;
}

/* A socket that accept() made came by the SYN that its listener received, and was none itself. */
static bool was_taken(const struct way *way, enum net_tcp_state from, enum net_tcp_state to)
{
    for (size_t i = 0; i + 1 < way->count; i++) {
        if (way->path[i + 1] != to)
            continue;
        bool born = way->path[i] == NET_TCP_CLOSED && to == NET_TCP_SYN_RECV;
        if (way->path[i] == from || (born && from == NET_TCP_LISTEN))
            return true;
    }
    return false;
}

/* Whether a socket that is CLOSED had a connection before: it then stands at the end. */
static bool is_over(const struct way *way)
{
    if (now(way) != NET_TCP_CLOSED || way->count < 2)
        return false;
    switch (way->path[way->count - 2]) {
    case NET_TCP_LISTEN:
    case NET_TCP_SYN_SENT:
    case NET_TCP_SYN_RECV:
        return false;
    default:
        return true;
    }
}

static void draw_text(struct canvas *canvas, struct place at, const char *text)
{
    for (size_t i = 0; text[i] != '\0' && at.column + i < COLUMNS; i++)
        canvas->spots[at.row][at.column + i].text = text[i];
}

static unsigned char direction(struct place from, struct place to)
{
    if (from.row != to.row)
        return from.row < to.row ? DOWN : UP;
    return from.column < to.column ? RIGHT : LEFT;
}

static unsigned char opposite(unsigned char direction)
{
    static const unsigned char back[] = {[UP] = DOWN, [DOWN] = UP, [LEFT] = RIGHT, [RIGHT] = LEFT};
    return back[direction];
}

static struct place next_to(struct place at, unsigned char direction)
{
    at.row = (unsigned char)(at.row + (direction == DOWN) - (direction == UP));
    at.column = (unsigned char)(at.column + (direction == RIGHT) - (direction == LEFT));
    return at;
}

static void mark(struct canvas *canvas, struct place at, unsigned char directions, bool heavy)
{
    struct spot *spot = &canvas->spots[at.row][at.column];
    if (heavy)
        spot->heavy |= directions;
    else
        spot->light |= directions;
}

static void draw_line(struct canvas *canvas, const struct line *line, bool heavy)
{
    struct place at = line->corners[0];
    unsigned char heading = direction(at, line->corners[1]);
    mark(canvas, at, line->below ? UP : opposite(heading), heavy);
    for (size_t i = 1; i < line->corner_count; i++) {
        const struct place *corner = &line->corners[i];
        heading = direction(at, *corner);
        while (at.row != corner->row || at.column != corner->column) {
            mark(canvas, at, heading, heavy);
            at = next_to(at, heading);
            mark(canvas, at, opposite(heading), heavy);
        }
    }
    canvas->spots[at.row][at.column].head = heading;
}

static void draw_lines(struct canvas *canvas, const struct way *way)
{
    size_t count;
    const struct transition *list = transitions(&count);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        draw_line(canvas, &lines[i], was_taken(way, lines[i].from, lines[i].to));
    for (size_t i = 0; i < count; i++)
        draw_text(canvas, lines[i].label, list[i].label);
    draw_text(canvas, (struct place){10, 20}, "A reset (RST) leads to CLOSED at once;");
    draw_text(canvas, (struct place){11, 20}, "close() before a connection does, too.");
}

/* What stands around the present state, as if it were cut out of a bar: in one character each. */
static const char *const opening[] = {"[", "\u2590"};
static const char *const closing[] = {"]", "\u258c"};

/* What stands around a state; the brackets of the present one are drawn as said above. */
static const char *brackets(bool present, bool passed)
{
    if (present)
        return "[]";
    return passed ? "()" : "  ";
}

static void draw_state(struct canvas *canvas, struct place at, enum net_tcp_state state,
                       const char *around)
{
    const char *name = net_tcp_state_name(state);
    struct spot *row = canvas->spots[at.row];
    draw_text(canvas, at, name);
    row[at.column - 1].text = around[0];
    row[at.column + strlen(name)].text = around[1];
}

static void draw_states(struct canvas *canvas, const struct way *way)
{
    bool over = is_over(way);
    for (int i = NET_TCP_ESTABLISHED; i < TRANSITION_STATES; i++) {
        enum net_tcp_state state = (enum net_tcp_state)i;
        bool present = now(way) == state && !(over && state == NET_TCP_CLOSED);
        draw_state(canvas, places[i], state, brackets(present, was_in(way, state)));
    }
    draw_state(canvas, places[NET_TCP_UNKNOWN], NET_TCP_CLOSED, brackets(over, false));
}

static const char *head_of(unsigned char direction, bool utf8)
{
    static const char *const ascii[] = {[UP] = "^", [DOWN] = "v", [LEFT] = "<", [RIGHT] = ">"};
    static const char *const wide[] = {
        [UP] = "\u25b2", [DOWN] = "\u25bc", [LEFT] = "\u25c4", [RIGHT] = "\u25ba"};
    return utf8 ? wide[direction] : ascii[direction];
}

static const char *ascii_line(unsigned directions, bool heavy)
{
    if ((directions & (UP | DOWN)) == 0)
        return heavy ? "=" : "-";
    if ((directions & (LEFT | RIGHT)) == 0)
        return heavy ? "#" : "|";
    return heavy ? "#" : "+";
}

/* By the sum of the directions. */
static const char *utf8_line(unsigned directions, bool heavy)
{
    static const char *const light[16] = {
        " ",      "\u2502", "\u2502", "\u2502", "\u2500", "\u2518", "\u2510", "\u2524",
        "\u2500", "\u2514", "\u250c", "\u251c", "\u2500", "\u2534", "\u252c", "\u253c"};
    static const char *const thick[16] = {
        " ",      "\u2503", "\u2503", "\u2503", "\u2501", "\u251b", "\u2513", "\u252b",
        "\u2501", "\u2517", "\u250f", "\u2523", "\u2501", "\u253b", "\u2533", "\u254b"};
    return heavy ? thick[directions] : light[directions];
}

static void append_spot(struct buffer *out, const struct spot *spot, bool utf8)
{
    bool heavy = spot->heavy != 0;
    unsigned directions = spot->light | (unsigned)spot->heavy;
    if (spot->text == '[' || spot->text == ']')
        buffer_puts(out, spot->text == '[' ? opening[utf8] : closing[utf8]);
    else if (spot->text != '\0')
        buffer_putc(out, spot->text);
    else if (spot->head != 0)
        buffer_puts(out, head_of(spot->head, utf8));
    else if (directions == 0)
        buffer_putc(out, ' ');
    else
        buffer_puts(out, utf8 ? utf8_line(directions, heavy) : ascii_line(directions, heavy));
}

static void append_canvas(struct buffer *out, const struct way *way, bool utf8)
{
    struct canvas canvas = {0};
    draw_lines(&canvas, way);
    draw_states(&canvas, way);
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t column = 0; column < COLUMNS; column++)
            append_spot(out, &canvas.spots[row][column], utf8);
        cell_end_line(out);
    }
}

/* The transitions that leave a state, below it; `*` stands before one that was taken. */
static void append_listed(struct buffer *out, const struct way *way, enum net_tcp_state state,
                          bool utf8)
{
    size_t count;
    const struct transition *list = transitions(&count);
    const char *around = brackets(now(way) == state, was_in(way, state));
    append_spot(out, &(struct spot){.text = around[0]}, utf8);
    buffer_puts(out, net_tcp_state_name(state));
    append_spot(out, &(struct spot){.text = around[1]}, utf8);
    cell_end_line(out);
    for (size_t i = 0; i < count; i++) {
        bool taken = was_taken(way, list[i].from, list[i].to);
        if (list[i].from == state)
            buffer_printf(out, "  %c %-18s -> %s\n", taken ? '*' : ' ', list[i].label,
                          net_tcp_state_name(list[i].to));
    }
}

static void append_list(struct buffer *out, const struct way *way, bool utf8)
{
    static const enum net_tcp_state order[] = {
        NET_TCP_CLOSED,      NET_TCP_LISTEN,     NET_TCP_SYN_SENT,  NET_TCP_SYN_RECV,
        NET_TCP_ESTABLISHED, NET_TCP_FIN_WAIT1,  NET_TCP_FIN_WAIT2, NET_TCP_CLOSING,
        NET_TCP_TIME_WAIT,   NET_TCP_CLOSE_WAIT, NET_TCP_LAST_ACK};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        append_listed(out, way, order[i], utf8);
}

static void append_way(struct buffer *out, const struct way *way, size_t width, bool utf8)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < way->count; i++) {
        bool last = i + 1 == way->count;
        if (i > 0)
            buffer_puts(&text, utf8 ? " \u2192 " : " -> ");
        buffer_printf(&text, "%s%s%s", last ? opening[utf8] : "", net_tcp_state_name(way->path[i]),
                      last ? closing[utf8] : "");
    }
    text_append_wrapped(out, buffer_text(&text), width, "");
    out->failed = out->failed || text.failed;
    buffer_free(&text);
}

static void append_title(struct buffer *out, const char *title, size_t width, bool utf8)
{
    struct buffer text = BUFFER_EMPTY;
    cell_append_safe(&text, title, strlen(title), utf8);
    cell_append_cut(out, &text, width, utf8);
    cell_end_line(out);
    buffer_free(&text);
}

void states_append(struct buffer *out, const char *title, const enum net_tcp_state *path,
                   size_t count, size_t width, bool utf8)
{
    struct way way = {.path = path, .count = count};
    if (width < CELL_NARROWEST)
        width = CELL_NARROWEST;
    if (title != NULL)
        append_title(out, title, width, utf8);
    if (width >= COLUMNS)
        append_canvas(out, &way, utf8);
    else
        append_list(out, &way, utf8);
    append_way(out, &way, width, utf8);
}
