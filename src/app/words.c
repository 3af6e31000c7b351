/* SPDX-License-Identifier: MIT
 *
 * The words that people try: help, exit, quit, trace; as functions, and bare at the prompt, where a
 * variable of the same name wins.
 */
#include "app/session.h"
#include "base/text.h"
#include "help/help.h"
#include "lua/argument.h"
#include "lua/constant.h"
#include "net/option.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Key of the registry: the functions themselves, by which a word knows that it still means them. */
static const char words_key = 0;

static void put_page(struct session *session, struct buffer *page)
{
    port_put(&session->out, STYLE_PLAIN, page);
    buffer_free(page);
}

static void put_overview(struct session *session)
{
    struct buffer page = BUFFER_EMPTY;
    help_append_overview(&page, (size_t)port_columns(&session->out));
    put_page(session, &page);
}

/* A constant without a page of its own: what it is and where it goes, and of an option its value,
 * which a student would else learn from setsockopt()'s refusals. */
static bool put_constant(struct session *session, const char *name)
{
    const struct net_name *entry = net_name_find(name);
    if (entry == NULL)
        return false;
    struct buffer page = BUFFER_EMPTY, text = BUFFER_EMPTY;
    const char *value = net_option_value_text(entry->type);
    buffer_printf(&text, "%s (%ld) is %s: it is %s.", name, entry->value,
                  net_kind_title(entry->kind), net_kind_place(entry->kind));
    if (value != NULL)
        buffer_printf(&text, " Its value is %s.", value);
    text_append_wrapped(&page, buffer_text(&text), (size_t)port_columns(&session->out), "");
    page.failed |= text.failed;
    buffer_free(&text);
    put_page(session, &page);
    return true;
}

static void append_no_topic(struct buffer *page, const char *name, size_t width)
{
    const struct help_topic *nearest = help_nearest(name);
    struct buffer text = BUFFER_EMPTY;
    buffer_printf(&text, "There is no help on \"%s\".", name);
    if (help_elsewhere(name) != NULL)
        buffer_printf(&text, " It is not here: %s.", help_elsewhere(name));
    else if (nearest != NULL)
        buffer_printf(&text, " Did you mean \"%s\"?", nearest->name);
    buffer_puts(&text, " help shows what there is.");
    text_append_wrapped(page, buffer_text(&text), width, "");
    page->failed |= text.failed;
    buffer_free(&text);
}

void words_put_topic(struct session *session, const char *name)
{
    struct buffer page = BUFFER_EMPTY;
    const struct help_topic *topic = help_find(name);
    if (topic == NULL)
        topic = help_about(name);
    if (topic == NULL && (put_constant(session, name) || family_put(session, name)))
        return;
    if (topic != NULL)
        help_append_topic(&page, topic, (size_t)port_columns(&session->out));
    else
        append_no_topic(&page, name, (size_t)port_columns(&session->out));
    if (page.failed)
        port_put(&session->out, STYLE_PLAIN, &page);
    else
        port_bytes(&session->out, buffer_text(&page), page.length);
    buffer_free(&page);
}

/* The name under which help knows a value: a function's, a constant's, a kind's. */
static const char *topic_of(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TSTRING)
        return lua_tostring(L, index);
    if (lua_iscfunction(L, index))
        return binding_name_of(L, index);
    const struct constant *c = constant_test(L, index);
    if (c != NULL) {
        const struct net_name *entry = net_name_of(c->kind, c->value);
        return entry != NULL ? entry->name : NULL;
    }
    if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING)
        return lua_tostring(L, -1);
    lua_getglobal(L, "json");
    if (lua_rawequal(L, index, -1))
        return "json";
    lua_getglobal(L, "socket");
    return lua_rawequal(L, index, -1) ? "socket" : NULL;
}

static int words_help(lua_State *L)
{
    struct session *session = session_of(L);
    argument_end(L, 1);
    if (lua_isnone(L, 1)) {
        put_overview(session);
        return 0;
    }
    const char *name = topic_of(L, 1);
    if (name == NULL)
        return argument_expected(L, 1, "topic",
                                 "a function of the shell, a constant or a name in quotes");
    words_put_topic(session, name);
    return 0;
}

static int words_exit(lua_State *L)
{
    struct session *session = session_of(L);
    int status = 0;
    if (lua_isboolean(L, 1))
        status = lua_toboolean(L, 1) ? EXIT_SUCCESS : EXIT_FAILURE;
    else if (!lua_isnoneornil(L, 1))
        status = (int)argument_integer(L, 1, "status", 0, 255);
    argument_end(L, 1);
    session->done = true;
    session->status = status;
    engine_leave(session->engine);
    if (session->engine->foreground != NULL)
        task_stop(session->engine->foreground, TASK_CANCEL);
    return engine_raise_stop(L, session->engine);
}

static int words_trace(lua_State *L)
{
    if (!lua_isboolean(L, 1))
        argument_expected(L, 1, "on", "true or false");
    argument_end(L, 1);
    trace_switch(session_of(L), lua_toboolean(L, 1));
    return 0;
}

void words_open(struct session *session)
{
    static const luaL_Reg functions[] = {{"help", words_help},
                                         {"exit", words_exit},
                                         {"quit", words_exit},
                                         {"trace", words_trace},
                                         {NULL, NULL}};
    lua_State *L = session->L;
    lua_newtable(L);
    for (const luaL_Reg *f = functions; f->name != NULL; f++) {
        lua_pushlightuserdata(L, session);
        lua_pushstring(L, f->name);
        lua_pushcclosure(L, f->func, 2);
        lua_pushvalue(L, -1);
        lua_setglobal(L, f->name);
        lua_setfield(L, -2, f->name);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &words_key);
}

void words_lend(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &words_key);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -6);
    }
    lua_pop(L, 1);
}

/* Whether the global of this name is still the shell's own, or there is none: a variable wins. */
static bool means_word(lua_State *L, const char *word)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &words_key);
    lua_getfield(L, -1, word);
    lua_pushglobaltable(L);
    lua_pushstring(L, word);
    lua_rawget(L, -2);
    bool means = lua_isnil(L, -1) || (lua_isfunction(L, -1) && lua_rawequal(L, -1, -3));
    lua_pop(L, 4);
    return means;
}

/* Copies the next word, letters as names have them; returns what follows it and the spaces. */
static const char *next_word(const char *text, char *word, size_t size)
{
    size_t length = 0;
    while (isspace((unsigned char)*text))
        text++;
    while (*text != '\0' && !isspace((unsigned char)*text)) {
        if (length + 1 < size)
            word[length++] = *text;
        text++;
    }
    word[length] = '\0';
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

static bool is_topic(const char *word)
{
    for (; *word != '\0'; word++)
        if (!isalnum((unsigned char)*word) && strchr("_.:", *word) == NULL)
            return false;
    return true;
}

/* IPython's way to ask: ?bind and bind?, which no Lua can be. */
static bool take_question(struct session *session, const char *text)
{
    char word[64];
    if (next_word(text, word, sizeof word)[0] != '\0' || session->pending.length > 0)
        return false;
    size_t length = strlen(word);
    bool behind = length > 0 && word[length - 1] == '?';
    char *name = word + (word[0] == '?');
    if (behind)
        word[length - 1] = '\0';
    if ((!behind && name == word) || !is_topic(name))
        return false;
    if (name[0] == '\0')
        put_overview(session);
    else
        words_put_topic(session, name);
    return true;
}

static void leave(struct session *session)
{
    if (session->pending.length > 0) {
        report_note(session, "a statement is unfinished: Ctrl-C drops it, then exit leaves");
        return;
    }
    session->done = true;
    engine_leave(session->engine);
}

bool words_take(struct session *session, const char *text)
{
    char word[16], topic[64];
    if (take_question(session, text))
        return true;
    const char *rest = next_word(text, word, sizeof word);
    rest = next_word(rest, topic, sizeof topic);
    bool help = strcmp(word, "help") == 0;
    bool leaves = strcmp(word, "exit") == 0 || strcmp(word, "quit") == 0;
    if (rest[0] != '\0' || !(help || leaves) || !means_word(session->L, word))
        return false;
    if (leaves && topic[0] == '\0') {
        leave(session);
        return true;
    }
    if (!help || !is_topic(topic))
        return false;
    if (topic[0] == '\0')
        put_overview(session);
    else
        words_put_topic(session, topic);
    if (session->pending.length > 0)
        report_note(session, "a statement is unfinished: Ctrl-C drops it");
    return true;
}
