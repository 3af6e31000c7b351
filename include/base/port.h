/* SPDX-License-Identifier: MIT
 *
 * Where the shell writes: one port for standard output and one for standard error. A port knows
 * whether a terminal is behind it and how to show a style there. Whoever owns the bottom line of
 * the screen (the prompt) hangs hooks before and after each burst of output, so that news never
 * lands in the middle of a line that is being typed.
 */
#ifndef BASE_PORT_H
#define BASE_PORT_H

#include "base/buffer.h"

#include <stdio.h>

enum style {
    STYLE_PLAIN,
    STYLE_DIM,
    STYLE_BOLD,
    STYLE_ERROR,
    STYLE_HINT,
    STYLE_VALUE,
    STYLE_COUNT
};

struct port_hooks {
    void (*before)(void *owner); /* hide the line that is being typed */
    void (*after)(void *owner);  /* and show it again */
    void *owner;
};

struct port {
    FILE *file;
    bool terminal;
    bool colour;
    bool utf8;      /* the locale can show more than ASCII */
    bool broken;    /* a write failed, and none is tried again */
    int error;      /* of that; ENOMEM where a text was lost for want of memory, else 0 */
    bool midline;   /* the last byte written was not a newline */
    unsigned depth; /* of port_begin() */
    struct port_hooks hooks;
};

/* Looks at the file: a terminal or not; `colour` is decided by the caller, who also has called
 * setlocale() before. Output to a file goes through its stdio buffer; output to a terminal is
 * written at once and whole, behind whatever stood in that buffer, though a signal comes in
 * between; in several pieces where memory is short, but never in part. */
void port_init(struct port *port, FILE *file);

/* A burst of output between these two calls the hooks once; they nest. */
void port_begin(struct port *port);
void port_end(struct port *port);

/* Hands a file's buffered output over, so that a failure shows in `broken`; returns `error`. Called
 * before the program ends, or the exit status would not know of a full disk. */
int port_flush(struct port *port);

/* Writes trusted text as it is. Only a terminal without UTF-8 gets `\u{e9}` for what is not ASCII:
 * there a byte of a letter may be a control character. Nothing is written to a broken port. */
void port_write(struct port *port, const char *text, size_t length);
void port_puts(struct port *port, const char *text);

/* Writes a text in a style; the style ends with the text. */
void port_styled(struct port *port, enum style style, const char *text, size_t length);

/* Writes a text that was made to be shown, in a style; of one that had no memory nothing but that.
 */
void port_put(struct port *port, enum style style, const struct buffer *text);

/* Writes bytes from elsewhere: as they are to a file, escaped to a terminal. */
void port_bytes(struct port *port, const char *bytes, size_t length);

/* Ends an unfinished line, so that what follows stands in column 0. */
void port_fresh_line(struct port *port);

/* Columns of the terminal behind the port, 80 where there is none; never under 20. */
int port_columns(const struct port *port);

/* Rows of the terminal behind the port, 0 where there is none or it does not say. */
int port_rows(const struct port *port);

/* SGR sequences that begin and end a style; "" where the port shows no colour. */
const char *port_style_begin(const struct port *port, enum style style);
const char *port_style_end(const struct port *port, enum style style);

#endif
