/* SPDX-License-Identifier: MIT
 *
 * Tab: what stands where the cursor is, and which candidates belong there. The garbage collector
 * rests meanwhile: its finalizers would be the student's code.
 */
#include "app/complete.h"
#include "app/callee.h"
#include "app/dots.h"
#include "app/lesson.h"
#include "app/raw.h"
#include "completing.h"
#include "lua/binding.h"

#include <ctype.h>

/* Key of the registry: the text of the signature, which outlives the call. */
static const char signature_key = 0;

static void make_signature(struct request *r, bool method)
{
    struct buffer *out = binding_buffer(r->L);
    callee_append_signature(out, r->topic, method, (size_t)port_columns(&r->session->out));
    lua_rawsetp(r->L, LUA_REGISTRYINDEX, &signature_key);
    if (!out->failed)
        r->signature = buffer_text(out);
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
        complete_topics(r, false);
        if (r->count > 0)
            return;
    }
    split_word(r);
    complete_values(r);
    if (r->count == 0 && complete_expects_object(r) && *complete_stem(r) != '\0') {
        r->lenient = true;
        complete_values(r);
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
        complete_topics(r, true);
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
        complete_topics(r, true);
    return 0;
}

/* Commands and lessons: no Lua, so that neither keywords nor brackets count. */

static void offer_dots(struct request *r)
{
    size_t count;
    const struct dot *dots = dots_entries(&count);
    for (size_t i = 0; i < count; i++) {
        bool means = dots[i].place == DOT_ANYWHERE || r->session->play != NULL;
        if (means && complete_begins_with(dots[i].name, r->word))
            complete_offer(r, dots[i].name, '\0');
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
    else if (complete_begins_with(stem.data, r->word))
        complete_offer(r, stem.data, '\0');
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
        complete_topics(r, true);
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
