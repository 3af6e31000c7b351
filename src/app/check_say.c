/* SPDX-License-Identifier: MIT
 *
 * What the process of a lesson says to the one that prints: a line for each proof and note, whole
 * or told to be missing. It knows nothing of what is proved.
 */
#include "base/text.h"
#include "checking.h"

#include <errno.h>
#include <unistd.h>

static void write_line(const struct check *check, const char *line, size_t length)
{
    size_t done = 0;
    while (done < length) {
        ssize_t written = write(check->output, line + done, length - done);
        if (written < 0 && errno != EINTR)
            _exit(1); /* nobody listens any more */
        done += written > 0 ? (size_t)written : 0;
    }
}

/* In place of what cannot be said, CHECK_FAILS: it may have been that something is not proved. */
static const char starved[] = "-0 not enough memory\n";

static void say(struct check *check, enum check_kind kind, unsigned number, const char *format,
                va_list values)
{
    struct buffer text = BUFFER_EMPTY, line = BUFFER_EMPTY;
    buffer_vprintf(&text, format, values);
    buffer_printf(&line, "%c%u ", kind, number);
    text_append_safe(&line, buffer_text(&text), text.length, false);
    buffer_putc(&line, '\n');
    if (text.failed || line.failed)
        write_line(check, starved, sizeof starved - 1);
    else
        write_line(check, buffer_text(&line), line.length);
    buffer_free(&text);
    buffer_free(&line);
}

void check_say(struct check *check, enum check_kind kind, unsigned line, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    say(check, kind, line, format, values);
    va_end(values);
}

bool check_that(struct check *check, bool holds, unsigned line, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    say(check, holds ? CHECK_HOLDS : CHECK_FAILS, line, format, values);
    va_end(values);
    return holds;
}
