/* SPDX-License-Identifier: MIT
 *
 * calls and hexdump: what was called, as lines and as data; and bytes as they are.
 */
#include "lua/argument.h"
#include "lua/constant.h"
#include "lua/picture.h"
#include "view/hexdump.h"
#include "view/line.h"

#include <lauxlib.h>
#include <string.h>

/* Lines that are drawn, the newest; the table has all calls. */
#define MOST_DRAWN 200

/* Which calls are asked for: those on a socket, those of a name, or all. */
struct filter {
    const struct socket *s;
    const char *name;
};

static bool passes(const struct filter *filter, const struct journal_entry *entry)
{
    const struct net_record *r = &entry->record;
    if (entry->kind != JOURNAL_CALL)
        return false;
    if (filter->name != NULL && strcmp(net_call_name(r->call), filter->name) != 0)
        return false;
    return filter->s == NULL || r->serial == filter->s->serial || r->made[0] == filter->s->serial ||
           r->made[1] == filter->s->serial;
}

static void read_filter(lua_State *L, struct filter *filter)
{
    *filter = (struct filter){NULL, NULL};
    if (lua_isnoneornil(L, 1))
        return;
    filter->s = socket_to(L, 1, engine_of(L));
    if (filter->s != NULL)
        return;
    if (lua_type(L, 1) != LUA_TSTRING)
        argument_expected(L, 1, "of", "a socket or the name of a call");
    filter->name = lua_tostring(L, 1);
    for (int call = 0; call < NET_CALL_COUNT; call++)
        if (strcmp(net_call_name((enum net_call)call), filter->name) == 0)
            return;
    argument_expected(L, 1, "of", "the name of a call");
}

static void push_error(lua_State *L, const struct net_record *r)
{
    bool lookup = r->call == NET_GETADDRINFO || r->call == NET_GETNAMEINFO;
    constant_push(L, lookup ? NET_LOOKUP_ERROR : NET_ERRNO, r->error);
    lua_setfield(L, -2, "errno");
}

/* Pushes a call as a table. */
static void push_call(lua_State *L, struct engine *e, const struct journal_entry *entry,
                      double begin)
{
    const struct net_record *r = &entry->record;
    lua_createtable(L, 0, 8);
    picture_set_text(L, "call", net_call_name(r->call));
    picture_set_count(L, "fd", r->fd);
    lua_pushinteger(L, r->result);
    lua_setfield(L, -2, "result");
    if (r->error != 0)
        push_error(L, r);
    lua_pushnumber(L, entry->time - begin);
    lua_setfield(L, -2, "time");
    if (r->start > 0) {
        lua_pushnumber(L, r->end - r->start);
        lua_setfield(L, -2, "seconds");
    }
    picture_set_address(L, e, "address", &r->address);
    if (r->data != NULL) {
        lua_pushlstring(L, r->data, r->data_length);
        lua_setfield(L, -2, "data");
    }
    if (r->task != NULL)
        picture_set_text(L, "task", r->task);
}

/* Sets the field `line` of the call at the top of the stack. */
static void set_line(lua_State *L, const struct net_record *record)
{
    struct buffer *line = binding_buffer(L);
    line_append(line, record);
    binding_push_buffer(L, line);
    lua_setfield(L, -3, "line");
    lua_pop(L, 1);
}

/* In a pipe each call has one line, for grep. */
static void draw_call(struct buffer *text, const struct journal_entry *entry, double begin,
                      const struct display *display)
{
    const size_t before = text->length;
    buffer_printf(text, "%8.3f  ", entry->time - begin);
    if (display->terminal)
        line_append_within(text, &entry->record, text->length - before, display->columns);
    else
        line_append(text, &entry->record);
    buffer_putc(text, '\n');
}

static size_t count_calls(const struct journal *journal, const struct filter *filter)
{
    size_t count = 0;
    for (size_t i = 0; i < journal_count(journal); i++)
        count += passes(filter, journal_at(journal, i));
    return count;
}

/* What stands above the lines: calls that are not among them. */
static void append_left_out(struct buffer *text, const struct journal *journal, size_t undrawn)
{
    if (journal_lost_calls(journal) > 0)
        buffer_printf(text, "%lu earlier calls fell out of the record\n",
                      journal_lost_calls(journal));
    if (undrawn > 0)
        buffer_printf(text, "%zu earlier calls are in the table, not in this picture\n", undrawn);
}

static void finish_lines(struct buffer *text, size_t count)
{
    if (count == 0)
        buffer_puts(text, "no such calls were recorded");
}

static int picture_calls(lua_State *L)
{
    struct engine *e = engine_of(L);
    const struct display display = picture_display(e);
    struct filter filter;
    argument_end(L, 1);
    read_filter(L, &filter);
    struct journal **holder = picture_push_journal(L, e);
    const struct journal *journal = *holder;
    size_t count = count_calls(journal, &filter), met = 0, index = 0;
    struct buffer *text = binding_buffer(L);
    append_left_out(text, journal, count > MOST_DRAWN ? count - MOST_DRAWN : 0);
    double begin = journal_count(journal) > 0 ? journal_at(journal, 0)->time : 0;
    lua_createtable(L, (int)count, 0);
    for (; met < count && index < journal_count(journal); index++) {
        const struct journal_entry *entry = journal_at(journal, index);
        if (!passes(&filter, entry))
            continue;
        push_call(L, e, entry, begin);
        set_line(L, &entry->record);
        if (count - met <= MOST_DRAWN)
            draw_call(text, entry, begin, &display);
        lua_rawseti(L, -2, (lua_Integer)++met);
    }
    picture_let_go(holder);
    finish_lines(text, count);
    picture_make(L, text);
    return 1;
}

/* Lines of sixteen bytes as data. */
static void push_dump(lua_State *L, const char *bytes, size_t length)
{
    enum { BYTES = 16 };
    lua_createtable(L, (int)(length / BYTES + 1), 0);
    for (size_t offset = 0; offset < length; offset += BYTES) {
        char digits[3 * BYTES + 1] = "";
        size_t count = length - offset < BYTES ? length - offset : BYTES;
        for (size_t i = 0; i < count; i++)
            snprintf(digits + 3 * i, 4, "%02x ", (unsigned char)bytes[offset + i]);
        lua_createtable(L, 0, 3);
        picture_set_count(L, "offset", (long)offset);
        lua_pushlstring(L, digits, 3 * count - 1);
        lua_setfield(L, -2, "hex");
        lua_pushlstring(L, bytes + offset, count);
        lua_setfield(L, -2, "bytes");
        lua_rawseti(L, -2, (lua_Integer)(offset / BYTES) + 1);
    }
}

static int picture_hexdump(lua_State *L)
{
    enum { MOST_BYTES = 65536 };
    struct display display = picture_display(engine_of(L));
    size_t length;
    const char *bytes = argument_bytes(L, 1, "data", &length);
    argument_end(L, 1);
    struct buffer *text = binding_buffer(L);
    hexdump_append(text, bytes, length < MOST_BYTES ? length : MOST_BYTES, display.columns,
                   display.utf8);
    if (length > MOST_BYTES)
        buffer_printf(text, "... %zu more bytes", length - MOST_BYTES);
    else if (length == 0)
        buffer_puts(text, "no bytes");
    push_dump(L, bytes, length);
    picture_make(L, text);
    return 1;
}

void picture_open_calls(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {
        {"calls", picture_calls}, {"hexdump", picture_hexdump}, {NULL, NULL}};
    binding_register(L, e, functions);
}
