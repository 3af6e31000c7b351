/* SPDX-License-Identifier: MIT
 *
 * Rows of sockets. Variables are looked at raw: nothing of the student's runs.
 */
#include "lua/snapshot.h"
#include "snapshot_over.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

/* Fields of tables that are looked at for sockets, so that `clients[3]` is found, in all. */
#define MOST_FIELDS 20000

/* Enters a socket at the top of the stack, which it pops, under a name into the table of names;
 * the shorter name wins. */
static void name_socket(lua_State *L, const struct engine *e, int names, const char *name)
{
    const struct socket *s = socket_to(L, -1, e);
    if (s != NULL && strcmp(name, "_") != 0) {
        lua_rawgetp(L, names, s);
        bool better = !lua_isstring(L, -1) || strlen(lua_tostring(L, -1)) > strlen(name);
        lua_pop(L, 1);
        if (better) {
            lua_pushstring(L, name);
            lua_rawsetp(L, names, s);
        }
    }
    lua_pop(L, 1);
}

/* `clients[3]`, `peer.socket`: NULL for a key that is neither a name nor an integer. */
static const char *field_name(lua_State *L, int key, const char *table, char *text, size_t size)
{
    if (lua_isinteger(L, key))
        snprintf(text, size, "%s[%lld]", table, (long long)lua_tointeger(L, key));
    else if (lua_type(L, key) == LUA_TSTRING && strlen(lua_tostring(L, key)) < 20)
        snprintf(text, size, "%s.%s", table, lua_tostring(L, key));
    else
        return NULL;
    return text;
}

/* Looks into the table at the top of the stack. */
static void name_fields(lua_State *L, const struct engine *e, int names, const char *table,
                        int *budget)
{
    char text[96];
    for (lua_pushnil(L); lua_next(L, -2) != 0;) {
        const char *name = field_name(L, lua_gettop(L) - 1, table, text, sizeof text);
        if (name != NULL)
            name_socket(L, e, names, name);
        else
            lua_pop(L, 1);
        if (--*budget <= 0) {
            lua_pop(L, 1);
            return;
        }
    }
}

/* Pushes a table from sockets (as light userdata) to the names of the variables that hold them. */
static void push_names(lua_State *L, const struct engine *e)
{
    int budget = MOST_FIELDS;
    lua_newtable(L);
    int names = lua_gettop(L);
    lua_pushglobaltable(L);
    int globals = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, globals) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            continue;
        const char *name = lua_tostring(L, -2);
        bool is_other_table = lua_istable(L, -1) && !lua_rawequal(L, -1, globals);
        lua_pushvalue(L, -1);
        name_socket(L, e, names, name);
        if (is_other_table && strlen(name) < 60 && budget > 0)
            name_fields(L, e, names, name, &budget);
    }
    lua_pop(L, 1);
}

static void set_variable(lua_State *L, int names, const struct socket *s,
                         struct journal_socket *row)
{
    lua_rawgetp(L, names, s);
    const char *name = lua_tostring(L, -1);
    bool fits = name != NULL && strlen(name) < sizeof row->variable;
    if (name != NULL)
        snprintf(row->variable, sizeof row->variable, "%.*s%s",
                 (int)sizeof row->variable - (fits ? 1 : 4), name, fits ? "" : "...");
    lua_pop(L, 1);
}

static void fill_row(const struct socket *s, struct journal_socket *row)
{
    *row = (struct journal_socket){.serial = s->serial,
                                   .fd = s->fd,
                                   .family = s->family,
                                   .type = s->type,
                                   .protocol = s->protocol,
                                   .bound = s->bound,
                                   .listening = s->listening,
                                   .connecting = s->connecting,
                                   .closed = -1};
    socket_look(s, &row->view);
}

enum net_tcp_state snapshot_state(const struct socket *s)
{
    struct over_closed closed;
    struct journal_socket row;
    if (s->fd >= 0) {
        fill_row(s, &row);
        over_find_resting(s->engine, &row, 1);
        return row.view.state;
    }
    over_find_closed(s->engine, s->serial, &closed);
    return closed.count > 0 ? closed.rows[0].view.state : NET_TCP_CLOSED;
}

static int compare_descriptors(const void *a, const void *b)
{
    const struct socket *one = *(const struct socket *const *)a;
    const struct socket *other = *(const struct socket *const *)b;
    return (one->fd > other->fd) - (one->fd < other->fd);
}

/* Pushes the open sockets in the order of their descriptors. */
static const struct socket **push_sorted(lua_State *L, const struct engine *e, size_t *count)
{
    size_t open = 0;
    for (const struct socket *s = e->sockets; s != NULL; s = s->next)
        open++;
    const struct socket **list =
        lua_newuserdatauv(L, (open + 1) * sizeof(const struct socket *), 0);
    *count = 0;
    for (const struct socket *s = e->sockets; s != NULL && *count < open; s = s->next)
        list[(*count)++] = s;
    qsort(list, *count, sizeof(const struct socket *), compare_descriptors);
    return list;
}

void snapshot_push(lua_State *L, struct engine *e, size_t most, struct snapshot *snapshot)
{
    struct over_closed closed;
    size_t open;
    luaL_checkstack(L, 10, NULL);
    over_find_closed(e, 0, &closed);
    size_t room = e->last_serial < most ? e->last_serial : most;
    snapshot->rows =
        lua_newuserdatauv(L, (room + closed.count + 1) * sizeof(struct journal_socket), 0);
    push_names(L, e);
    int names = lua_gettop(L);
    const struct socket **list = push_sorted(L, e, &open);
    snapshot->count = open < room ? open : room;
    snapshot->rest = open - snapshot->count;
    for (size_t i = 0; i < snapshot->count; i++) {
        fill_row(list[i], &snapshot->rows[i]);
        set_variable(L, names, list[i], &snapshot->rows[i]);
    }
    over_find_resting(e, snapshot->rows, snapshot->count);
    memcpy(snapshot->rows + snapshot->count, closed.rows, closed.count * sizeof *closed.rows);
    snapshot->count += closed.count;
    snapshot->unasked = closed.unasked;
    lua_settop(L, names - 1);
}

/* Whether the journal has news since its last table. */
static bool has_news(const struct journal *journal)
{
    for (size_t i = journal_count(journal); i > 0; i--) {
        enum journal_kind kind = journal_at(journal, i - 1)->kind;
        if (kind == JOURNAL_CALL || kind == JOURNAL_TABLE)
            return kind == JOURNAL_CALL;
    }
    return false;
}

void snapshot_enter(lua_State *L, struct engine *e)
{
    struct snapshot snapshot;
    if (!e->recording || !has_news(e->journal))
        return;
    snapshot_push(L, e, JOURNAL_TABLE_LIMIT, &snapshot);
    struct journal_entry entry = {.kind = JOURNAL_TABLE, .time = loop_now()};
    entry.sockets = snapshot.rows;
    entry.socket_count = snapshot.count;
    entry.socket_rest = snapshot.rest;
    entry.socket_unasked = snapshot.unasked;
    journal_add(e->journal, &entry);
    lua_pop(L, 1);
}
