/* SPDX-License-Identifier: MIT
 *
 * A bracketed paste, taken as it arrives. Readline's own reader of pastes blocks until the end has
 * come, and with it the loop and Ctrl-C; this one only takes what is there.
 */
#include "inside.h"

#include <errno.h>
#include <readline/readline.h>
#include <sys/ioctl.h>

#define PASTE_END "\033[201~"

int paste_begin(int count, int key)
{
    (void)count;
    (void)key;
    struct prompt *const p = prompt_current();
    buffer_clear(&p->paste);
    p->behind_return = false;
    p->end_seen = 0;
    p->pasting = true;
    return 0;
}

/* Terminals send a carriage return for a newline, some with the newline behind it. The end is
 * looked for in what comes, and not in the text, which has it not where there is no memory. */
static void take_byte(struct prompt *p, unsigned char byte)
{
    const bool second = byte == '\n' && p->behind_return;
    p->behind_return = byte == '\r';
    if (!second && byte != '\0')
        buffer_putc(&p->paste, byte == '\r' ? '\n' : (char)byte);
    if (byte == (unsigned char)PASTE_END[p->end_seen])
        p->end_seen++;
    else
        p->end_seen = byte == (unsigned char)PASTE_END[0];
}

static bool has_ended(const struct prompt *p)
{
    return p->end_seen == sizeof PASTE_END - 1;
}

static void insert_paste(struct prompt *p)
{
    p->pasting = false;
    if (p->paste.failed) {
        buffer_free(&p->paste);
        port_puts(p->out, "(not enough memory for what was pasted)\n");
        return;
    }
    p->paste.data[p->paste.length - (sizeof PASTE_END - 1)] = '\0';
    suggestion_replace(p);
    rl_mark = rl_point;
    rl_insert_text(p->paste.data);
    rl_redisplay_function();
    buffer_free(&p->paste);
}

void paste_read(struct prompt *p)
{
    int waiting = 0;
    if (ioctl(fileno(rl_instream), FIONREAD, &waiting) != 0)
        waiting = 1;
    do {
        unsigned char byte;
        const int error = terminal_read_byte(fileno(rl_instream), &byte);
        p->ended = error && error != EINTR;
        if (error)
            return;
        take_byte(p, byte);
        if (has_ended(p)) {
            insert_paste(p);
            return;
        }
    } while (--waiting > 0);
}
