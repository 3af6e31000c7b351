/* SPDX-License-Identifier: MIT
 *
 * Output to a file or to a terminal. A terminal is written to by write(2): stdio drops what it
 * holds when a signal interrupts it or when a program that shares the terminal made it
 * non-blocking. Knows no prompt and no Lua.
 */
#include "base/port.h"

#include "base/text.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_DEFAULT = 80, COLUMNS_LEAST = 20, COLUMNS_MOST = 10000 };

/* Bytes that are escaped at a time where memory does not suffice, and room for what they become: an
 * escape has ten bytes at most, and a buffer that has enough left never grows. */
enum { PIECE = 128, PIECE_ROOM = 2048 };

void port_init(struct port *port, FILE *file)
{
    *port = (struct port){.file = file};
    port->terminal = isatty(fileno(file)) == 1;
    port->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void note_error(struct port *port, int error)
{
    if (port->broken)
        return;
    port->broken = true;
    port->error = error;
}

/* What stdio could not write is gone either way; an interrupt is no fault of the file. */
static void note_file_error(struct port *port, int error)
{
    clearerr(port->file);
    if (error != EINTR)
        note_error(port, error);
}

int port_flush(struct port *port)
{
    if (!port->broken && fflush(port->file) != 0)
        note_file_error(port, errno);
    return port->error;
}

static void write_file(struct port *port, const char *text, size_t length)
{
    if (fwrite(text, 1, length, port->file) != length)
        note_file_error(port, errno);
}

static void write_terminal(struct port *port, const char *text, size_t length)
{
    struct pollfd room = {.fd = fileno(port->file), .events = POLLOUT};
    port_flush(port);
    while (length > 0 && !port->broken) {
        const ssize_t written = write(room.fd, text, length);
        if (written >= 0) {
            text += written;
            length -= (size_t)written;
        } else if (errno == EAGAIN) {
            poll(&room, 1, -1);
        } else if (errno != EINTR) {
            note_error(port, errno);
        }
    }
}

static void put(struct port *port, const char *text, size_t length)
{
    if (length == 0 || port->broken)
        return;
    if (port->terminal)
        write_terminal(port, text, length);
    else
        write_file(port, text, length);
}

void port_begin(struct port *port)
{
    if (port->depth++ == 0 && port->hooks.before)
        port->hooks.before(port->hooks.owner);
}

void port_end(struct port *port)
{
    if (--port->depth > 0)
        return;
    if (port->terminal)
        port_flush(port);
    if (port->hooks.after)
        port->hooks.after(port->hooks.owner);
}

/* How much of a text is escaped at a time where there is no memory for all of it; no character is
 * cut in two. */
static size_t piece_length(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && at < PIECE) {
        uint32_t code;
        const size_t size = text_decode(text + at, length - at, &code);
        at += size ? size : 1;
    }
    return at;
}

static void append_ascii_or_plain(const struct port *port, struct buffer *out, const char *text,
                                  size_t length)
{
    if (port->terminal && !port->utf8)
        text_append_ascii(out, text, length);
    else
        buffer_append(out, text, length);
}

/* As put_assembled(), in several writes and without memory. */
static void put_in_pieces(struct port *port, const char *begin, const char *text, size_t length,
                          const char *end)
{
    char room[PIECE_ROOM];
    put(port, begin, strlen(begin));
    while (length > 0) {
        struct buffer piece = {.data = room, .capacity = sizeof room};
        const size_t taken = piece_length(text, length);
        append_ascii_or_plain(port, &piece, text, taken);
        put(port, piece.data, piece.length);
        text += taken;
        length -= taken;
    }
    put(port, end, strlen(end));
}

/* The text with the sequences around it in one piece, for one write of it. */
static void put_assembled(struct port *port, const char *begin, const char *text, size_t length,
                          const char *end)
{
    struct buffer whole = BUFFER_EMPTY;
    buffer_puts(&whole, begin);
    append_ascii_or_plain(port, &whole, text, length);
    buffer_puts(&whole, end);
    if (whole.failed)
        put_in_pieces(port, begin, text, length, end);
    else
        put(port, whole.data, whole.length);
    buffer_free(&whole);
}

void port_styled(struct port *port, enum style style, const char *text, size_t length)
{
    if (length == 0)
        return;
    port_begin(port);
    const char *const begin = port_style_begin(port, style);
    if (*begin || (port->terminal && !port->utf8))
        put_assembled(port, begin, text, length, port_style_end(port, style));
    else
        put(port, text, length);
    port->midline = text[length - 1] != '\n';
    port_end(port);
}

void port_put(struct port *port, enum style style, const struct buffer *text)
{
    if (!text->failed) {
        port_styled(port, style, buffer_text(text), text->length);
        return;
    }
    port_begin(port);
    port_fresh_line(port);
    port_puts(port, "(not enough memory to show this)\n");
    port_end(port);
    if (port->error == 0)
        port->error = ENOMEM;
}

void port_write(struct port *port, const char *text, size_t length)
{
    port_styled(port, STYLE_PLAIN, text, length);
}

void port_puts(struct port *port, const char *text)
{
    port_write(port, text, strlen(text));
}

/* As port_bytes() to a terminal, without memory. */
static void write_in_pieces(struct port *port, const char *bytes, size_t length)
{
    char room[PIECE_ROOM];
    port_begin(port);
    while (length > 0) {
        struct buffer piece = {.data = room, .capacity = sizeof room};
        const size_t taken = piece_length(bytes, length);
        text_append_safe(&piece, bytes, taken, true);
        port_write(port, piece.data, piece.length);
        bytes += taken;
        length -= taken;
    }
    port_end(port);
}

void port_bytes(struct port *port, const char *bytes, size_t length)
{
    if (!port->terminal) {
        port_write(port, bytes, length);
        return;
    }
    struct buffer safe = BUFFER_EMPTY;
    text_append_safe(&safe, bytes, length, true);
    if (safe.failed)
        write_in_pieces(port, bytes, length);
    else
        port_write(port, buffer_text(&safe), safe.length);
    buffer_free(&safe);
}

void port_fresh_line(struct port *port)
{
    if (port->midline)
        port_write(port, "\n", 1);
}

int port_columns(const struct port *port)
{
    struct winsize size = {.ws_col = 0};
    long columns = 0;
    if (port->terminal && ioctl(fileno(port->file), TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    const char *const wish = getenv("COLUMNS");
    if (columns == 0 && wish)
        columns = strtol(wish, NULL, 10);
    if (columns <= 0 || columns > COLUMNS_MOST)
        return COLUMNS_DEFAULT;
    return columns < COLUMNS_LEAST ? COLUMNS_LEAST : (int)columns;
}

int port_rows(const struct port *port)
{
    struct winsize size = {.ws_row = 0};
    bool known = port->terminal && ioctl(fileno(port->file), TIOCGWINSZ, &size) == 0;
    return known ? size.ws_row : 0;
}

const char *port_style_begin(const struct port *port, enum style style)
{
    static const char *const begin[STYLE_COUNT] = {
        [STYLE_PLAIN] = "",         [STYLE_DIM] = "\x1b[2m",   [STYLE_BOLD] = "\x1b[1m",
        [STYLE_ERROR] = "\x1b[31m", [STYLE_HINT] = "\x1b[36m", [STYLE_VALUE] = "\x1b[32m",
    };
    return port->colour ? begin[style] : "";
}

const char *port_style_end(const struct port *port, enum style style)
{
    return port->colour && style != STYLE_PLAIN ? "\x1b[0m" : "";
}
