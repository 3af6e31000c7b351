/* SPDX-License-Identifier: MIT
 *
 * Candidates for Tab. Tables are read raw, metatables only as far as their `__index` is a table,
 * and the garbage collector rests meanwhile: its finalizers would be the student's code.
 */
#include "app/complete.h"
#include "app/callee.h"
#include "app/dots.h"
#include "app/expect.h"
#include "app/lesson.h"
#include "app/raw.h"
#include "app/session.h"
#include "lua/address.h"
#include "lua/binding.h"
#include "lua/constant.h"
#include "lua/error.h"
#include "lua/socket.h"

#include <ctype.h>
#include <string.h>

/* Key of the registry: the text of the signature, which outlives the call. */
static const char signature_key = 0;

struct request {
    struct session *session;
    lua_State *L;
    struct prompt_offers *offers;
    struct buffer text; /* the statement as far as the end of the word */
    size_t line, start; /* of the line, and of the word, in it */
    const char *word;   /* the same, ended by a zero */
    char quote;         /* before the word, within quotes */
    bool first;         /* the word is the first of the statement */
    struct context context;
    struct expect expect;
    const struct help_topic *topic; /* of the function that is called, or NULL */
    size_t kept;  /* what of the word stays: the path before the name that is completed */
    bool method;  /* it ends with a colon */
    bool lenient; /* tables that hold what is expected will do */
    struct buffer offer;
    unsigned count;
    const char *signature;
};

typedef bool add_offer(struct prompt_offers *offers, const char *text, char append);

static void offer_by(struct request *r, add_offer *add, const char *name, char append)
{
    buffer_clear(&r->offer);
    buffer_append(&r->offer, r->word, r->kept);
    buffer_puts(&r->offer, name);
    if (r->offer.failed)
        prompt_offers_starve(r->offers);
    else if (add(r->offers, buffer_text(&r->offer), append))
        r->count++;
}

static void offer(struct request *r, const char *name, char append)
{
    offer_by(r, prompt_offer, name, append);
}

static const char *stem(const struct request *r)
{
    return r->word + r->kept;
}

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void make_signature(struct request *r, bool method)
{
    struct buffer *out = binding_buffer(r->L);
    callee_append_signature(out, r->topic, method, (size_t)port_columns(&r->session->out));
    lua_rawsetp(r->L, LUA_REGISTRYINDEX, &signature_key);
    if (!out->failed)
        r->signature = buffer_text(out);
}

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

static bool expects_object(const struct request *r)
{
    return r->expect.what >= EXPECT_SOCKET && r->expect.what <= EXPECT_TASK;
}

/* Whether the field `name` with the value at the top may be offered. */
static bool fits(const struct request *r, const char *name)
{
    if (expects_object(r) && !r->method)
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
    const char *prefix = stem(r);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        size_t length;
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &length) : NULL;
        if (name == NULL || !begins_with(name, prefix) || !context_is_name(name, length))
            continue;
        if ((name[0] != '_' || prefix[0] == '_') && fits(r, name))
            offer(r, name, append_for(r, name));
    }
}

static void visit_constant(void *owner, const char *name, bool common)
{
    struct request *r = owner;
    const bool closes = r->expect.what == EXPECT_TOPIC && r->quote == '\0' && !r->first;
    offer_by(r, common ? prompt_offer_first : prompt_offer, name, closes ? ')' : '\0');
}

static bool expects_constant(const struct request *r)
{
    return r->expect.what >= EXPECT_LEVEL;
}

static void offer_constants(struct request *r)
{
    if (expects_constant(r) || isupper((unsigned char)stem(r)[0]))
        expect_constants(&r->expect, stem(r), visit_constant, r);
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
    if (r->method || expects_object(r))
        return;
    for (size_t i = 0; (field = field_of_object(r, i)) != NULL; i++)
        if (begins_with(field, stem(r)))
            offer(r, field, '\0');
}

/* Offers the fields of the value at the top, and what answers for those that it lacks. Of other
 * values than tables and the shell's own objects only the methods. */
static void offer_fields(struct request *r)
{
    lua_State *L = r->L;
    if (is_socket_table(L) && !r->method && !expects_object(r)) {
        offer_constants(r);
        if (expects_constant(r) && *stem(r) == '\0')
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

static bool stands_in_expression(enum help_group group)
{
    return group != HELP_CONSTANT && group != HELP_ERROR && group != HELP_SUBJECT &&
           group != HELP_DOTS;
}

/* What help() explains. By name, constants and errors only where something is typed: they are many.
 * As a value it must be one. */
static void offer_topics(struct request *r, bool by_name)
{
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    const char append = r->quote != '\0' ? r->quote : by_name ? '\0' : ')';
    for (size_t i = 0; i < count; i++) {
        const enum help_group group = topics[i].group;
        const bool fitting =
            by_name ? r->word[0] != '\0' || (group != HELP_CONSTANT && group != HELP_ERROR)
                    : stands_in_expression(group);
        if (fitting && begins_with(topics[i].name, r->word))
            offer(r, topics[i].name, append);
    }
    if (r->quote == '\0')
        offer_constants(r);
}

static void offer_keywords(struct request *r)
{
    static const char *const complete[] = {"break", "end", "false", "nil", "true"};
    for (const char *const *word = context_keywords(); *word != NULL; word++) {
        char append = ' ';
        for (size_t i = 0; i < sizeof complete / sizeof complete[0]; i++)
            if (strcmp(complete[i], *word) == 0)
                append = '\0';
        if (begins_with(*word, r->word))
            offer(r, *word, append);
    }
}

static void offer_names(struct request *r)
{
    const bool blank = r->word[0] == '\0';
    if (!expects_object(r))
        offer_constants(r);
    if (blank && r->topic != NULL && !expects_object(r))
        return; /* the signature says what is wanted */
    lua_pushglobaltable(r->L);
    offer_table(r);
    lua_pop(r->L, 1);
    if (!blank && !expects_object(r))
        offer_keywords(r);
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

static void offer_values(struct request *r)
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

static bool is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isspace((unsigned char)text[i]))
            return false;
    return true;
}

/* `help bi`, as words.c understands it, while help is still the shell's. */
static bool is_bare_help(struct request *r)
{
    const char *line = buffer_text(&r->text) + r->line;
    size_t length = r->start - r->line;
    for (; length > 0 && isspace((unsigned char)*line); length--)
        line++;
    if (length <= 4 || strncmp(line, "help", 4) != 0 || !is_blank(line + 4, length - 4))
        return false;
    raw_push_path(r->L, "help", strlen("help"));
    const bool is = lua_iscfunction(r->L, -1);
    lua_pop(r->L, 1);
    return is;
}

/* The path before the name that is completed ends with the last dot or colon. */
static void split_word(struct request *r)
{
    for (const char *c = r->word; *c != '\0'; c++) {
        if (*c == '.' || *c == ':') {
            r->kept = (size_t)(c - r->word) + 1;
            r->method = *c == ':';
        }
    }
}

static void complete_code(struct request *r)
{
    if (r->expect.what == EXPECT_TOPIC) {
        offer_topics(r, false);
        if (r->count > 0)
            return;
    }
    split_word(r);
    offer_values(r);
    if (r->count == 0 && expects_object(r) && *stem(r) != '\0') {
        r->lenient = true;
        offer_values(r);
    }
}

/* Argument 1 is the request. Runs protected. */
static int complete_protected(lua_State *L)
{
    struct request *r = lua_touserdata(L, 1);
    const char *text = buffer_text(&r->text);
    context_read(text, r->start, &r->context);
    const bool method = callee_is_method(text, &r->context);
    if (r->context.place == CONTEXT_CODE && is_bare_help(r)) {
        offer_topics(r, true);
        return 0;
    }
    if (r->context.place == CONTEXT_PROSE)
        return 0;
    r->topic = callee_topic(L, text, &r->context);
    if (r->topic != NULL)
        make_signature(r, method);
    expect_read(r->topic, method, text, &r->context, &r->expect);
    if (r->context.place == CONTEXT_CODE) {
        complete_code(r);
        return 0;
    }
    r->quote = text[r->start - 1]; /* something else where the string began a line earlier */
    if (r->expect.what == EXPECT_TOPIC && (r->quote == '"' || r->quote == '\''))
        offer_topics(r, true);
    return 0;
}

/* Commands and lessons: no Lua, so that neither keywords nor brackets count. */

static void offer_dots(struct request *r)
{
    size_t count;
    const struct dot *dots = dots_entries(&count);
    for (size_t i = 0; i < count; i++) {
        bool means = dots[i].place == DOT_ANYWHERE || r->session->play != NULL;
        if (means && begins_with(dots[i].name, r->word))
            offer(r, dots[i].name, '\0');
    }
}

static void visit_lesson(void *owner, const char *path)
{
    struct request *r = owner;
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    struct buffer stem = BUFFER_EMPTY;
    buffer_append(&stem, name, strlen(name) - strlen(".lua"));
    if (stem.failed)
        prompt_offers_starve(r->offers);
    else if (begins_with(stem.data, r->word))
        offer(r, stem.data, '\0');
    buffer_free(&stem);
}

/* Whether the line is a command: it, or what belongs behind it, is offered. */
static bool complete_dots(struct request *r, const char *line)
{
    size_t argument;
    if (r->first && r->word[0] == '.') {
        offer_dots(r);
        return true;
    }
    const struct dot *dot = dots_of_line(r->session, line, &argument);
    if (dot == NULL || r->start < argument)
        return false;
    if (line[argument] == '"' || line[argument] == '\'')
        return true; /* files come as in any string */
    const bool is_path = strpbrk(line + argument, "~/") != NULL;
    if (dot->argument == DOT_TOPIC)
        offer_topics(r, true);
    else if (dot->argument == DOT_FILE || (dot->argument == DOT_LESSON_NAME && is_path))
        prompt_offer_files(r->offers, argument);
    else if (dot->argument == DOT_LESSON_NAME && !lesson_each(r->session, visit_lesson, r))
        prompt_offers_starve(r->offers);
    return true;
}

static void complete_request(struct request *r)
{
    lua_State *L = r->L;
    const int top = lua_gettop(L);
    const bool collects = lua_gc(L, LUA_GCISRUNNING);
    lua_gc(L, LUA_GCSTOP);
    lua_pushcfunction(L, complete_protected);
    lua_pushlightuserdata(L, r);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK)
        prompt_offers_starve(r->offers);
    lua_settop(L, top);
    if (collects)
        lua_gc(L, LUA_GCRESTART);
}

const char *complete_word(void *owner, const char *text, int start, int end,
                          struct prompt_offers *offers)
{
    struct session *session = owner;
    const struct buffer *pending = &session->pending;
    struct request r = {.session = session, .L = session->L, .offers = offers};
    if (pending->length > 0) {
        buffer_append(&r.text, pending->data, pending->length);
        buffer_putc(&r.text, '\n');
    }
    r.line = r.text.length;
    buffer_append(&r.text, text, (size_t)end);
    if (!r.text.failed && lua_checkstack(r.L, LUA_MINSTACK)) {
        r.start = r.line + (size_t)start;
        r.word = buffer_text(&r.text) + r.start;
        r.first = r.line == 0 && is_blank(text, (size_t)start);
        if (!complete_dots(&r, r.word - start))
            complete_request(&r);
    }
    buffer_free(&r.text);
    buffer_free(&r.offer);
    return r.signature;
}
