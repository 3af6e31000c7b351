/* SPDX-License-Identifier: MIT
 *
 * Candidates among values: variables, fields and methods. Tables are read raw, metatables only as
 * far as their `__index` is a table, so that nothing of the student's runs.
 */
#include "completing.h"

#include "app/raw.h"
#include "lua/address.h"
#include "lua/binding.h"
#include "lua/constant.h"
#include "lua/error.h"
#include "lua/socket.h"

static bool is_open_socket(const struct request *r, bool listening)
{
    const struct socket *s = socket_to(r->L, -1, r->session->engine);
    return s != NULL && s->fd >= 0 && (s->listening || !listening);
}

static bool is_live_task(const struct request *r)
{
    const struct task *task = luaL_testudata(r->L, -1, TYPE_PREFIX "task");
    return task != NULL && (!task_is_over(task) || strcmp(r->topic->name, "wait") == 0);
}

static bool is_expected(const struct request *r)
{
    if (r->expect.what == EXPECT_TASK)
        return is_live_task(r);
    return is_open_socket(r, r->expect.what == EXPECT_LISTENER);
}

/* Whether the value at the top is a way to what is expected: a table that holds such, or, by its
 * name, the one that makes sockets. */
static bool leads_on(const struct request *r, const char *name)
{
    lua_State *L = r->L;
    bool found = r->kept == 0 && strcmp(name, "socket") == 0;
    if (found || !lua_istable(L, -1))
        return found;
    lua_pushnil(L);
    while (!found && lua_next(L, -2) != 0) {
        found = is_expected(r);
        lua_pop(L, found ? 2 : 1);
    }
    return found;
}

/* Whether the field `name` with the value at the top may be offered. */
static bool fits(const struct request *r, const char *name)
{
    if (complete_expects_object(r) && !r->method)
        return is_expected(r) || (r->lenient && leads_on(r, name));
    if (r->method && !lua_isfunction(r->L, -1))
        return false;
    /* Those that were read once lie in the table; all of them come from the list. */
    return net_name_find(name) == NULL || constant_to(r->L, -1, r->session->engine) == NULL;
}

static char append_for(const struct request *r, const char *name)
{
    if (!lua_isfunction(r->L, -1))
        return '\0';
    if (r->first && strcmp(name, "help") == 0)
        return ' ';
    if (r->first && (strcmp(name, "exit") == 0 || strcmp(name, "quit") == 0))
        return '\0';
    return '(';
}

/* Offers the fields of the table at the top, raw. */
static void offer_table(struct request *r)
{
    lua_State *L = r->L;
    const char *prefix = complete_stem(r);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        size_t length;
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &length) : NULL;
        if (name == NULL || !complete_begins_with(name, prefix) || !context_is_name(name, length))
            continue;
        if ((name[0] != '_' || prefix[0] == '_') && fits(r, name))
            complete_offer(r, name, append_for(r, name));
    }
}

/* Whether the value at the top is the table `socket`, where every constant is a field. */
static bool is_socket_table(lua_State *L)
{
    raw_push_path(L, "socket", strlen("socket"));
    const bool is = lua_istable(L, -1) && lua_rawequal(L, -1, -2);
    lua_pop(L, 1);
    return is;
}

/* The field at a place among those of one of the shell's own objects, which stand in no table. */
static const char *field_of_object(const struct request *r, size_t place)
{
    const struct engine *e = r->session->engine;
    if (error_to(r->L, -1) != NULL)
        return error_field(place);
    if (address_to(r->L, -1, e) != NULL)
        return address_field(address_to(r->L, -1, e), place);
    return constant_to(r->L, -1, e) != NULL ? constant_field(place) : NULL;
}

static void offer_object(struct request *r)
{
    const char *field;
    if (r->method || complete_expects_object(r))
        return;
    for (size_t i = 0; (field = field_of_object(r, i)) != NULL; i++)
        if (complete_begins_with(field, complete_stem(r)))
            complete_offer(r, field, '\0');
}

/* Offers the fields of the value at the top, and what answers for those that it lacks. Of other
 * values than tables and the shell's own objects only the methods. */
static void offer_fields(struct request *r)
{
    lua_State *L = r->L;
    if (is_socket_table(L) && !r->method && !complete_expects_object(r)) {
        complete_constants(r);
        if (complete_expects_constant(r) && *complete_stem(r) == '\0')
            return;
    }
    bool is_table = lua_istable(L, -1);
    if (!is_table)
        offer_object(r);
    if (!is_table && r->method)
        is_table = raw_follow_index(L);
    for (int i = 0; i < RAW_CHAIN && is_table; i++) {
        offer_table(r);
        is_table = raw_follow_index(L);
    }
}

static void offer_names(struct request *r)
{
    const bool blank = r->word[0] == '\0';
    if (!complete_expects_object(r))
        complete_constants(r);
    if (blank && r->topic != NULL && !complete_expects_object(r))
        return; /* the signature says what is wanted */
    lua_pushglobaltable(r->L);
    offer_table(r);
    lua_pop(r->L, 1);
    if (!blank && !complete_expects_object(r))
        complete_keywords(r);
}

/* In `("text"):up` the word is `:up`. */
static void push_literal(struct request *r)
{
    const char *text = buffer_text(&r->text);
    const bool literal = r->start >= 2 && text[r->start - 1] == ')' &&
                         (text[r->start - 2] == '"' || text[r->start - 2] == '\'');
    if (literal && r->method && r->kept == 1)
        lua_pushliteral(r->L, "");
    else
        lua_pushnil(r->L);
}

void complete_values(struct request *r)
{
    if (r->kept == 0) {
        offer_names(r);
        return;
    }
    if (r->kept == 1)
        push_literal(r);
    else
        raw_push_path(r->L, r->word, r->kept - 1);
    if (!lua_isnil(r->L, -1))
        offer_fields(r);
    lua_pop(r->L, 1);
}
