/* SPDX-License-Identifier: MIT
 *
 * Call lines as the calls are made, and whether they are shown and recorded at all.
 */
#include "app/session.h"
#include "view/line.h"

#include <lauxlib.h>

/* A terminal would cut a long line in the middle of a word or a number. */
static void append_line(const struct session *session, const struct net_record *record,
                        struct buffer *line)
{
    enum { INDENT = 2 };
    buffer_fill(line, ' ', INDENT);
    if (session->err.terminal)
        line_append_within(line, record, INDENT, (size_t)port_columns(&session->err));
    else
        line_append(line, record);
}

/* Who can reach a server is no part of its call line. */
static void tell_of_address(struct session *session, const struct net_record *record)
{
    bool any = net_address_is_any(&record->address);
    if (record->call == NET_BIND && any)
        report_note(session, "that is every address of this computer: other computers, too, "
                             "can reach this port");
    int port = net_address_port(&record->address);
    if (record->call == NET_LISTEN && port > 0)
        report_note(session, "without bind() the kernel chose the port, %d%s", port,
                    any ? ", at every address of this computer" : "");
}

static void on_recorded(void *owner, const struct net_record *record)
{
    struct session *session = owner;
    struct buffer line = BUFFER_EMPTY;
    if (record->task == NULL ? session->quiet : session->hushed)
        return;
    append_line(session, record, &line);
    bool stopped = engine_is_interrupted(session->engine);
    if (stopped)
        report_echo(session);
    port_begin(&session->err);
    report_fresh_line(session);
    port_put(&session->err, STYLE_DIM, &line);
    port_fresh_line(&session->err);
    port_end(&session->err);
    buffer_free(&line);
    if (record->error == 0)
        tell_of_address(session, record);
}

void trace_switch(struct session *session, bool on)
{
    session->engine->host.recorded = on ? on_recorded : NULL;
    if (engine_set_recording(session->engine, on) != 0)
        luaL_error(session->L, "not enough memory");
}
