/* SPDX-License-Identifier: MIT
 *
 * One line for each socket where that fits: numeric addresses are never cut, since half of one is
 * another one; paths and long names are. Else a card of several lines for each. Texts are made
 * twice, to measure and to draw, so that nothing is kept.
 */
#include "view/table.h"

#include "cell.h"

#include <string.h>

#define LEAST_PATH 16
#define LEAST_NAME 12
#define LEAST_KIND 14

enum column { VARIABLE, FD, KIND, STATE, LOCAL, PEER, TO_READ, UNSENT, COLUMN_COUNT };

struct layout {
    size_t full[COLUMN_COUNT];   /* columns that the longest text takes */
    size_t least[COLUMN_COUNT];  /* and as many when it is cut as far as it may be */
    size_t column[COLUMN_COUNT]; /* as it is drawn */
    size_t remark;               /* of the longest text in place of the numbers */
    size_t name, kind, state;    /* of the cards' first lines */
    size_t longest_name;         /* and what a variable may take there */
    size_t gap;
    bool utf8;
    bool failed; /* a text that was measured found no memory */
};

typedef void cell_writer(struct buffer *out, const struct journal_socket *row, bool utf8);

static bool is_tcp(const struct journal_socket *row)
{
    return row->type == SOCK_STREAM && (row->family == AF_INET || row->family == AF_INET6);
}

bool table_has_name(const struct net_address *a)
{
    size_t length;
    net_address_path(a, &length);
    return net_address_port(a) > 0 || length > 0;
}

/* Whatever the locale says of letters. */
static char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* From "TCP/IPv6", "UNIX stream", "UNIX datagram", "AF_PACKET SOCK_RAW": there is one list. */
void table_append_kind(struct buffer *out, const struct journal_socket *row)
{
    struct buffer kind = BUFFER_EMPTY;
    net_kind_of_socket(&kind, row->family, row->type, row->protocol);
    const char *text = buffer_text(&kind);
    size_t length = strcspn(text, "/");
    if (strcmp(text, "UNIX stream") == 0)
        length = strlen("UNIX");
    bool known = row->family == AF_UNIX || text[length] == '/';
    for (size_t i = 0; i < length; i++)
        buffer_putc(out, known ? to_lower(text[i]) : text[i]);
    if (strcmp(text + length, "/IPv6") == 0)
        buffer_putc(out, '6');
    out->failed = out->failed || kind.failed;
    buffer_free(&kind);
}

const char *table_state(const struct journal_socket *row)
{
    if (row->view.state != NET_TCP_UNKNOWN)
        return net_tcp_state_name(row->view.state);
    if (row->fd < 0)
        return "closed";
    if (row->listening)
        return is_tcp(row) ? net_tcp_state_name(NET_TCP_LISTEN) : "listening";
    if (row->connecting)
        return "connecting";
    if (row->view.peer.length != 0)
        return "connected";
    return row->bound || table_has_name(&row->view.local) ? "bound" : "-";
}

static void write_variable(struct buffer *out, const struct journal_socket *row, bool utf8)
{
    const char *end = memchr(row->variable, '\0', sizeof row->variable);
    size_t length = end != NULL ? (size_t)(end - row->variable) : sizeof row->variable;
    if (length == 0)
        buffer_putc(out, '-');
    cell_append_safe(out, row->variable, length, utf8);
}

static void write_fd(struct buffer *out, const struct journal_socket *row, bool utf8)
{
    (void)utf8;
    if (row->fd < 0)
        buffer_putc(out, '-');
    else
        buffer_printf(out, "%d", row->fd);
}

static void write_kind(struct buffer *out, const struct journal_socket *row, bool utf8)
{
    (void)utf8;
    table_append_kind(out, row);
}

static void write_state(struct buffer *out, const struct journal_socket *row, bool utf8)
{
    (void)utf8;
    buffer_puts(out, table_state(row));
}

/* An interface chose its own name, too. */
static void append_address(struct buffer *out, const struct net_address *a, bool utf8)
{
    struct buffer text = BUFFER_EMPTY;
    net_address_append(&text, a);
    cell_append_safe(out, buffer_text(&text), text.length, utf8);
    out->failed = out->failed || text.failed;
    buffer_free(&text);
}

static void write_local(struct buffer *out, const struct journal_socket *row, bool utf8)
{
    if (table_has_name(&row->view.local))
        append_address(out, &row->view.local, utf8);
    else
        buffer_putc(out, '-');
}

/* A peer may be there and have no name: that of a UNIX socket is "(unnamed)". */
static void write_peer(struct buffer *out, const struct journal_socket *row, bool utf8)
{
    if (row->view.peer.length != 0)
        append_address(out, &row->view.peer, utf8);
    else
        buffer_putc(out, '-');
}

/* "?": there is a number, and nobody knows it; "-": there is none. */
static void write_to_read(struct buffer *out, const struct journal_socket *row, bool utf8)
{
    (void)utf8;
    if (net_view_listens(&row->view, row->listening))
        buffer_putc(out, '-');
    else if (row->view.to_read < 0)
        buffer_putc(out, '?');
    else
        buffer_printf(out, "%ld", row->view.to_read);
}

static void write_unsent(struct buffer *out, const struct journal_socket *row, bool utf8)
{
    (void)utf8;
    if (!is_tcp(row))
        buffer_putc(out, '-');
    else if (row->view.unsent < 0)
        buffer_putc(out, '?');
    else
        buffer_printf(out, "%ld", row->view.unsent);
}

static const struct {
    const char *heading;
    bool right; /* numbers stand at the right */
    cell_writer *write;
} columns[COLUMN_COUNT] = {
    [VARIABLE] = {"var", false, write_variable},  [FD] = {"fd", true, write_fd},
    [KIND] = {"kind", false, write_kind},         [STATE] = {"state", false, write_state},
    [LOCAL] = {"local", false, write_local},      [PEER] = {"peer", false, write_peer},
    [TO_READ] = {"to read", true, write_to_read}, [UNSENT] = {"unsent", true, write_unsent},
};

static void append_age(struct buffer *out, double seconds)
{
    buffer_puts(out, "closed");
    if (!(seconds >= 0 && seconds < 360000)) /* nobody knows, or nobody asks any more */
        return;
    if (seconds < 120)
        buffer_printf(out, " %d s ago", (int)seconds);
    else if (seconds < 7200)
        buffer_printf(out, " %d min ago", (int)(seconds / 60));
    else
        buffer_printf(out, " %d h ago", (int)(seconds / 3600));
}

/* What is said of a socket that has no bytes to count; nothing of one that has. */
static void append_remark(struct buffer *out, const struct journal_socket *row)
{
    if (row->fd < 0) {
        append_age(out, row->closed);
        return;
    }
    if (!is_tcp(row) || !net_view_listens(&row->view, row->listening))
        return;
    if (row->view.queued >= 0)
        buffer_printf(out, "queue %ld of %ld", row->view.queued, row->view.queue_limit);
    else
        buffer_puts(out, "queue ?");
}

/* "c (4)", the name cut so that the descriptor stays. */
static void append_name(struct buffer *out, const struct layout *layout,
                        const struct journal_socket *row)
{
    struct buffer name = BUFFER_EMPTY;
    write_variable(&name, row, layout->utf8);
    cell_append_cut(out, &name, layout->longest_name, layout->utf8);
    if (row->fd >= 0)
        buffer_printf(out, " (%d)", row->fd);
    buffer_free(&name);
}

static size_t least_columns(enum column column, const struct journal_socket *row, size_t full)
{
    const struct net_address *a = column == LOCAL ? &row->view.local : &row->view.peer;
    size_t least = full;
    if (column == VARIABLE)
        least = LEAST_NAME;
    else if (column == KIND)
        least = LEAST_KIND;
    else if ((column == LOCAL || column == PEER) && net_address_port(a) < 0)
        least = LEAST_PATH;
    return least < full ? least : full;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Before the next text is measured: what found no memory was measured wrong. */
static void clear_measured(struct layout *layout, struct buffer *scratch)
{
    layout->failed = layout->failed || scratch->failed;
    buffer_clear(scratch);
}

static void measure_row(struct layout *layout, const struct journal_socket *row,
                        struct buffer *scratch)
{
    clear_measured(layout, scratch);
    append_remark(scratch, row);
    bool counts = scratch->length == 0;
    layout->remark = larger(layout->remark, scratch->length);
    for (int i = 0; i < (counts ? COLUMN_COUNT : TO_READ); i++) {
        clear_measured(layout, scratch);
        columns[i].write(scratch, row, layout->utf8);
        size_t full = cell_columns(scratch);
        layout->full[i] = larger(layout->full[i], full);
        layout->least[i] = larger(layout->least[i], least_columns((enum column)i, row, full));
        if (i == KIND)
            layout->kind = larger(layout->kind, full);
        if (i == STATE)
            layout->state = larger(layout->state, full);
    }
    clear_measured(layout, scratch);
    append_name(scratch, layout, row);
    layout->name = larger(layout->name, cell_columns(scratch));
    clear_measured(layout, scratch);
}

/* Columns of the longest line, every cell as `each` says. */
static size_t line_columns(const struct layout *layout, const size_t *each)
{
    size_t total = 0;
    for (int i = 0; i < TO_READ; i++)
        total += each[i] + layout->gap;
    return total + larger(each[TO_READ] + layout->gap + each[UNSENT], layout->remark);
}

/* Gives what is left of the width to those cells that could use it, evenly. */
static void widen(struct layout *layout, size_t width)
{
    static const enum column elastic[] = {LOCAL, PEER, VARIABLE, KIND};
    size_t left = width - line_columns(layout, layout->least);
    memcpy(layout->column, layout->least, sizeof layout->column);
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t i = 0; i < sizeof elastic / sizeof elastic[0] && left > 0; i++) {
            enum column c = elastic[i];
            if (layout->column[c] >= layout->full[c])
                continue;
            layout->column[c]++;
            left--;
            grown = true;
        }
    }
}

/* Whether a line for each socket fits. */
static bool arrange(struct layout *layout, size_t width)
{
    for (layout->gap = 2; layout->gap > 0; layout->gap--) {
        if (line_columns(layout, layout->least) <= width) {
            widen(layout, width);
            return true;
        }
    }
    return false;
}

static void append_cell(struct buffer *out, const struct layout *layout, enum column column,
                        const struct buffer *text)
{
    if (column > 0)
        buffer_fill(out, ' ', layout->gap);
    if (columns[column].right)
        cell_append_right(out, text, layout->column[column], layout->utf8);
    else
        cell_append_left(out, text, layout->column[column], layout->utf8);
}

static void append_headings(struct buffer *out, const struct layout *layout, struct buffer *scratch)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        buffer_clear(scratch);
        buffer_puts(scratch, columns[i].heading);
        append_cell(out, layout, (enum column)i, scratch);
    }
    cell_end_line(out);
}

static void append_row(struct buffer *out, const struct layout *layout,
                       const struct journal_socket *row, struct buffer *scratch)
{
    struct buffer remark = BUFFER_EMPTY;
    append_remark(&remark, row);
    for (int i = 0; i < (remark.length > 0 ? TO_READ : COLUMN_COUNT); i++) {
        buffer_clear(scratch);
        columns[i].write(scratch, row, layout->utf8);
        append_cell(out, layout, (enum column)i, scratch);
    }
    if (remark.length > 0) {
        buffer_fill(out, ' ', layout->gap);
        buffer_append(out, buffer_text(&remark), remark.length);
    }
    out->failed = out->failed || remark.failed;
    buffer_free(&remark);
    cell_end_line(out);
}

static void append_queues(struct buffer *out, const struct journal_socket *row)
{
    size_t begin = out->length;
    append_remark(out, row);
    if (out->length > begin || net_view_listens(&row->view, row->listening))
        return;
    buffer_puts(out, "to read ");
    write_to_read(out, row, false);
    if (!is_tcp(row))
        return;
    buffer_puts(out, ", unsent ");
    write_unsent(out, row, false);
}

/* "c (4)  tcp6  ESTABLISHED", and how it stands where that fits behind it in every card. */
static void append_card_head(struct buffer *out, const struct layout *layout,
                             const struct journal_socket *row, bool queues)
{
    struct buffer text = BUFFER_EMPTY;
    append_name(&text, layout, row);
    cell_append_left(out, &text, layout->name, layout->utf8);
    buffer_puts(out, "  ");
    buffer_clear(&text);
    write_kind(&text, row, layout->utf8);
    cell_append_left(out, &text, layout->kind, layout->utf8);
    buffer_puts(out, "  ");
    buffer_clear(&text);
    write_state(&text, row, layout->utf8);
    cell_append_left(out, &text, layout->state, layout->utf8);
    if (queues) {
        buffer_puts(out, "  ");
        append_queues(out, row);
    }
    buffer_free(&text);
}

/* Appends what was written to `line`, cut to the width, and empties it. */
static void append_cut_line(struct buffer *out, struct buffer *line, size_t width, bool utf8)
{
    cell_append_cut(out, line, width, utf8);
    cell_end_line(out);
    buffer_clear(line);
}

static void append_card(struct buffer *out, const struct layout *layout,
                        const struct journal_socket *row, size_t width)
{
    /* "to read 2147483647, unsent 2147483647" is the longest. */
    bool queues = width >= 2 * (size_t)CELL_NARROWEST;
    struct buffer line = BUFFER_EMPTY;
    append_card_head(&line, layout, row, queues);
    append_cut_line(out, &line, width, layout->utf8);
    if (table_has_name(&row->view.local)) {
        buffer_puts(&line, "  local  ");
        write_local(&line, row, layout->utf8);
        append_cut_line(out, &line, width, layout->utf8);
    }
    if (row->view.peer.length != 0) {
        buffer_puts(&line, "  peer   ");
        write_peer(&line, row, layout->utf8);
        append_cut_line(out, &line, width, layout->utf8);
    }
    buffer_puts(&line, "  ");
    if (!queues)
        append_queues(&line, row);
    if (line.length > strlen("  ")) {
        append_cut_line(out, &line, width, layout->utf8);
    }
    out->failed = out->failed || line.failed;
    buffer_free(&line);
}

static void append_rows(struct buffer *out, const struct layout *layout,
                        const struct journal_socket *rows, size_t count, struct buffer *scratch)
{
    append_headings(out, layout, scratch);
    for (size_t i = 0; i < count; i++)
        append_row(out, layout, &rows[i], scratch);
}

static void layout_init(struct layout *layout, const struct journal_socket *rows, size_t count,
                        size_t width, bool utf8, struct buffer *scratch)
{
    *layout = (struct layout){.utf8 = utf8, .longest_name = width / 4};
    for (int i = 0; i < COLUMN_COUNT; i++)
        layout->full[i] = layout->least[i] = strlen(columns[i].heading);
    for (size_t i = 0; i < count; i++)
        measure_row(layout, &rows[i], scratch);
}

void table_append(struct buffer *out, const struct journal_socket *rows, size_t count, size_t rest,
                  size_t width, bool utf8)
{
    struct layout layout;
    struct buffer scratch = BUFFER_EMPTY;
    width = larger(width, CELL_NARROWEST);
    layout_init(&layout, rows, count, width, utf8, &scratch);
    bool lines = arrange(&layout, width);
    if (lines && count > 0)
        append_rows(out, &layout, rows, count, &scratch);
    for (size_t i = 0; !lines && i < count; i++)
        append_card(out, &layout, &rows[i], width);
    if (rest > 0) {
        buffer_puts(out, count > 0 ? "and " : "");
        cell_append_count(out, rest);
        buffer_printf(out, "%s socket%s\n", count > 0 ? " more" : "", rest == 1 ? "" : "s");
    } else if (count == 0) {
        buffer_puts(out, "no sockets are open\n");
    }
    out->failed = out->failed || scratch.failed || layout.failed;
    buffer_free(&scratch);
}
