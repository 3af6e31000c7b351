/* SPDX-License-Identifier: MIT
 *
 * How errors and notes are told: what happened, in one line; why, wrapped below it; and where, for
 * code that stands in a file. The shell's own frames are nobody's business.
 */
#include "app/session.h"
#include "base/text.h"
#include "lua/argument.h"
#include "lua/error.h"
#include "lua/library.h"

#include <stdarg.h>
#include <string.h>

static const char prompt_place[] = "prompt:";

/* Both ports may write to one terminal: either may have left the cursor in the middle of a line. */
void report_fresh_line(struct session *session)
{
    if (session->out.terminal && session->out.midline)
        port_fresh_line(&session->out);
    port_fresh_line(&session->err);
}

static void put_wrapped(struct session *session, enum style style, const char *text)
{
    struct buffer lines = BUFFER_EMPTY;
    text_append_wrapped(&lines, text, (size_t)port_columns(&session->err), "  ");
    port_styled(&session->err, style, buffer_text(&lines), lines.length);
    buffer_free(&lines);
}

/* An error object has no position: the innermost line of the student's code is it. */
static void append_place(lua_State *co, struct buffer *out)
{
    lua_Debug frame;
    for (int level = 0; lua_getstack(co, level, &frame); level++) {
        lua_getinfo(co, "Sl", &frame);
        if (frame.currentline <= 0)
            continue;
        if (strcmp(frame.short_src, "prompt") != 0)
            buffer_printf(out, "%s:%d: ", frame.short_src, frame.currentline);
        return;
    }
}

/* `prompt:1: ` in front of a message says nothing to who typed one line. */
static const char *skip_prompt_place(const char *message)
{
    if (strncmp(message, prompt_place, sizeof prompt_place - 1) != 0)
        return message;
    const char *end = message + sizeof prompt_place - 1;
    size_t digits = strspn(end, "0123456789");
    return digits > 0 && strncmp(end + digits, ": ", 2) == 0 ? end + digits + 2 : message;
}

/* Appends the error at the top of the stack, and what may be behind it. */
static void describe(lua_State *L, lua_State *co, struct buffer *line, struct buffer *hint)
{
    const struct net_fault *fault = error_to(L, -1);
    if (fault != NULL) {
        append_place(co, line);
        error_append_line(line, fault);
        error_append_hint(L, hint, fault);
        return;
    }
    size_t length;
    const char *message = luaL_tolstring(L, -1, &length);
    const char *shown = skip_prompt_place(message);
    text_append_safe(line, shown, length - (size_t)(shown - message), true);
    library_append_near_miss(L, message, hint);
    lua_pop(L, 1);
}

/* The student's own functions that were under way, innermost first; one alone says nothing that the
 * message does not. */
static void append_traceback(lua_State *co, struct buffer *out)
{
    lua_Debug frame;
    int count = 0;
    for (int level = 0; lua_getstack(co, level, &frame); level++) {
        lua_getinfo(co, "Sln", &frame);
        if (frame.currentline <= 0 || ++count > 20)
            continue;
        buffer_printf(out, "  at %s:%d", frame.short_src, frame.currentline);
        if (frame.name != NULL)
            buffer_printf(out, " in %s", frame.name);
        buffer_putc(out, '\n');
    }
    if (count < 2)
        buffer_clear(out);
}

static void put_report(struct session *session, const char *prefix, const struct buffer *line,
                       const struct buffer *hint, const struct buffer *trace)
{
    port_begin(&session->err);
    report_fresh_line(session);
    port_styled(&session->err, STYLE_ERROR, prefix, strlen(prefix));
    port_bytes(&session->err, buffer_text(line), line->length);
    port_puts(&session->err, "\n");
    if (hint->length > 0)
        put_wrapped(session, STYLE_HINT, buffer_text(hint));
    port_styled(&session->err, STYLE_DIM, buffer_text(trace), trace->length);
    port_end(&session->err);
}

static void report(struct session *session, lua_State *co, const char *prefix)
{
    struct buffer line = BUFFER_EMPTY, hint = BUFFER_EMPTY, trace = BUFFER_EMPTY;
    describe(co, co, &line, &hint);
    if (session->prompt == NULL || strncmp(prefix, "error", 5) != 0)
        append_traceback(co, &trace);
    put_report(session, prefix, &line, &hint, &trace);
    buffer_free(&line);
    buffer_free(&hint);
    buffer_free(&trace);
}

void report_error(struct session *session, const struct task *task)
{
    char prefix[80];
    if (task->id == 0)
        snprintf(prefix, sizeof prefix, "%s", session->prompt != NULL ? "error: " : "sockrepl: ");
    else
        snprintf(prefix, sizeof prefix, "task %u \"%s\": error: ", task->id, task->name);
    report(session, task->co, prefix);
}

void report_message(struct session *session, lua_State *L, const char *prefix)
{
    struct buffer line = BUFFER_EMPTY, hint = BUFFER_EMPTY, trace = BUFFER_EMPTY;
    describe(L, L, &line, &hint);
    put_report(session, prefix, &line, &hint, &trace);
    buffer_free(&line);
    buffer_free(&hint);
}

void report_note(struct session *session, const char *format, ...)
{
    struct buffer text = BUFFER_EMPTY;
    va_list values;
    va_start(values, format);
    buffer_putc(&text, '(');
    buffer_vprintf(&text, format, values);
    buffer_puts(&text, ")\n");
    va_end(values);
    port_begin(&session->err);
    report_fresh_line(session);
    port_styled(&session->err, STYLE_DIM, buffer_text(&text), text.length);
    port_end(&session->err);
    buffer_free(&text);
}
