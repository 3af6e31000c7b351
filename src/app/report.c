/* SPDX-License-Identifier: MIT
 *
 * How errors and notes are told: what happened, in one line; why, wrapped below it; and where, for
 * code that stands in a file. The shell's own frames are nobody's business.
 */
#include "app/session.h"
#include "base/text.h"
#include "lua/advice.h"
#include "lua/binding.h"
#include "lua/error.h"
#include "lua/show.h"

#include <errno.h>
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

/* Behind a line that tells of the wait it goes away with that. */
void report_echo(struct session *session)
{
    if (session->err.terminal && !session->echoed && session->waiting_rows == 0)
        port_puts(&session->err, "\n");
    session->echoed = true;
}

static void put_wrapped(struct session *session, enum style style, const struct buffer *text,
                        const char *indent)
{
    struct buffer safe = BUFFER_EMPTY, lines = BUFFER_EMPTY;
    text_append_safe(&safe, buffer_text(text), text->length,
                     true); /* names of a student's choice */
    text_append_wrapped(&lines, buffer_text(&safe), (size_t)port_columns(&session->err), indent);
    lines.failed |= text->failed || safe.failed;
    port_put(&session->err, style, &lines);
    buffer_free(&safe);
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

const char *report_append_prompt_place(const char *message, struct buffer *out)
{
    if (strncmp(message, prompt_place, sizeof prompt_place - 1) != 0)
        return message;
    const char *line = message + sizeof prompt_place - 1;
    size_t digits = strspn(line, "0123456789");
    if (digits == 0 || strncmp(line + digits, ": ", 2) != 0)
        return message;
    if (digits > 1 || line[0] != '1')
        buffer_printf(out, "line %.*s: ", (int)digits, line);
    return line + digits + 2;
}

/* What is told of an error. */
struct report {
    struct buffer line, hint, trace;
    lua_State *co; /* where it happened */
};

static void report_free(struct report *report)
{
    buffer_free(&report->line);
    buffer_free(&report->hint);
    buffer_free(&report->trace);
}

/* Argument 1 is the report, argument 2 the error. Runs protected: an error's __tostring may raise.
 */
static int describe(lua_State *L)
{
    struct report *report = lua_touserdata(L, 1);
    const struct net_fault *fault = error_to(L, 2);
    if (fault != NULL) {
        append_place(report->co, &report->line);
        error_append_line(&report->line, fault);
        error_append_hint(L, 2, &report->hint);
        return 0;
    }
    size_t length;
    if (lua_istable(L, 2) && luaL_getmetafield(L, 2, "__tostring") == LUA_TNIL) {
        show_append(L, 2, &report->line, 60);
        return 0;
    }
    const char *message = luaL_tolstring(L, 2, &length);
    const char *shown = report_append_prompt_place(message, &report->line);
    text_append_safe(&report->line, shown, length - (size_t)(shown - message), true);
    advice_append(L, message, &report->hint);
    return 0;
}

/* Describes the error at the top of the stack of `from`, and leaves it there. */
static void describe_protected(lua_State *L, lua_State *from, struct report *report)
{
    lua_pushcfunction(L, describe);
    lua_pushlightuserdata(L, report);
    if (L == from) {
        lua_pushvalue(L, -3);
    } else {
        lua_pushvalue(from, -1);
        lua_xmove(from, L, 1);
    }
    int status = lua_pcall(L, 2, 0, 0);
    if (status == LUA_OK)
        return;
    lua_pop(L, 1);
    buffer_clear(&report->line);
    buffer_puts(&report->line, status == LUA_ERRMEM
                                   ? "not enough memory"
                                   : "an error that cannot be shown: its own __tostring failed");
}

/* The student's own functions that were under way, innermost first. Those that are not told are not
 * looked at: Lua counts each level from the top, and a stack that overflowed has 200,000. */
static int append_traceback(lua_State *co, struct buffer *out)
{
    enum { MOST_TOLD = 20 };
    lua_Debug frame;
    int count = 0;
    for (int level = 0; count < MOST_TOLD && lua_getstack(co, level, &frame); level++) {
        lua_getinfo(co, "Sln", &frame);
        if (frame.currentline <= 0)
            continue;
        if (++count == 1)
            buffer_puts(out, "  traceback:\n");
        buffer_puts(out, "    at ");
        text_append_safe(out, frame.short_src, strlen(frame.short_src), false);
        buffer_printf(out, ":%d", frame.currentline);
        if (frame.name != NULL)
            buffer_puts(out, " in ");
        if (frame.name != NULL)
            text_append_safe(out, frame.name, strlen(frame.name), false);
        buffer_putc(out, '\n');
    }
    return count;
}

/* What happened: wrapped for a reader, on one line for a program. */
static void put_headline(struct session *session, const char *prefix, const struct buffer *line)
{
    struct buffer text = BUFFER_EMPTY, wrapped = BUFFER_EMPTY;
    size_t columns = (size_t)port_columns(&session->err);
    buffer_printf(&text, "%s%s", prefix, buffer_text(line));
    if (session->err.terminal)
        text_append_wrapped(&wrapped, buffer_text(&text), columns, "");
    else
        buffer_printf(&wrapped, "%s\n", buffer_text(&text));
    if (line->failed || text.failed || wrapped.failed) {
        buffer_free(&wrapped); /* what is left of it could be misread */
        port_puts(&session->err, prefix);
        port_puts(&session->err, "not enough memory to say more\n");
        if (session->err.error == 0)
            session->err.error = ENOMEM;
    }
    size_t head = strlen(prefix);
    if (head > wrapped.length || memcmp(buffer_text(&wrapped), prefix, head) != 0)
        head = 0;
    port_styled(&session->err, STYLE_ERROR, buffer_text(&wrapped), head);
    port_bytes(&session->err, buffer_text(&wrapped) + head, wrapped.length - head);
    buffer_free(&text);
    buffer_free(&wrapped);
}

static void record_report(struct session *session, const char *prefix, const struct report *report)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_printf(&text, "%s%s\n%s", prefix, buffer_text(&report->line),
                  buffer_text(&report->hint));
    text.failed |= report->line.failed || report->hint.failed;
    record_buffer(session, JOURNAL_SHOWN, &text);
    buffer_free(&text);
}

static void put_report(struct session *session, const char *prefix, const struct report *report)
{
    port_begin(&session->err);
    report_fresh_line(session);
    put_headline(session, prefix, &report->line);
    put_wrapped(session, STYLE_HINT, &report->hint, "  ");
    port_put(&session->err, STYLE_DIM, &report->trace);
    port_end(&session->err);
    record_report(session, prefix, report);
}

void report_error(struct session *session, const struct task *task)
{
    struct report report = {.co = task->co};
    char prefix[80];
    if (task->id != 0)
        snprintf(prefix, sizeof prefix, "task %u \"%s\": error: ", task->id, task->name);
    else
        snprintf(prefix, sizeof prefix, "%s",
                 session->asking || session->play != NULL ? "error: " : "sockrepl: ");
    describe_protected(session->L, task->co, &report);
    /* In a script one frame alone says nothing that the message does not. */
    if (task->id == 0 &&
        (session->asking || session->play != NULL || append_traceback(task->co, &report.trace) < 2))
        buffer_clear(&report.trace);
    if (task->id != 0)
        append_traceback(task->co, &report.trace);
    put_report(session, prefix, &report);
    report_free(&report);
}

void report_message(struct session *session, lua_State *L, const char *prefix)
{
    struct report report = {.co = L};
    describe_protected(L, L, &report);
    put_report(session, prefix, &report);
    report_free(&report);
}

void report_note(struct session *session, const char *format, ...)
{
    struct buffer text = BUFFER_EMPTY;
    va_list values;
    va_start(values, format);
    buffer_putc(&text, '(');
    buffer_vprintf(&text, format, values);
    buffer_puts(&text, ")");
    va_end(values);
    port_begin(&session->err);
    report_fresh_line(session);
    put_wrapped(session, STYLE_DIM, &text, "");
    port_end(&session->err);
    buffer_free(&text);
}

void report_about(struct session *session, const char *name, const char *what)
{
    struct buffer shown = BUFFER_EMPTY;
    text_append_safe(&shown, name, strlen(name), false);
    report_note(session, "%s: %s",
                shown.failed ? "not enough memory for the name" : buffer_text(&shown), what);
    buffer_free(&shown);
}

void report_shortage(struct session *session, const char *text)
{
    struct port *port = &session->err;
    port_begin(port);
    report_fresh_line(session);
    port_puts(port, text);
    port_puts(port, "\n");
    port_end(port);
    if (port->error == 0)
        port->error = ENOMEM;
}
