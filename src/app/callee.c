/* SPDX-License-Identifier: MIT
 *
 * A name means a function of the shell's where the value that it leads to is that function: a
 * student's own `send` has no signature here.
 */
#include "app/callee.h"
#include "app/expect.h"
#include "app/raw.h"
#include "base/text.h"

#include <string.h>

/* Whether a path leads to the function of the shell's that has this name. `socket` itself is the
 * table of all, which can be called. */
static bool leads_to(lua_State *L, const char *path, const char *function)
{
    raw_push_path(L, path, strlen(path));
    raw_push_path(L, function, strlen(function));
    bool same = lua_istable(L, -1) && lua_rawequal(L, -1, -2);
    if (lua_istable(L, -1) && !same) {
        static const char itself[] = "socket.socket";
        raw_push_path(L, itself, sizeof itself - 1);
        lua_replace(L, -2);
    }
    if (lua_iscfunction(L, -2))
        same = lua_tocfunction(L, -2) == lua_tocfunction(L, -1);
    lua_pop(L, 2);
    return same;
}

static bool leads_nowhere(lua_State *L, const char *path, size_t length)
{
    raw_push_path(L, path, length);
    const bool nowhere = lua_isnil(L, -1);
    lua_pop(L, 1);
    return nowhere;
}

/* Whether `x:send` may be a socket's method, as far as anyone can tell. */
static bool is_likely_method(lua_State *L, const char *name, const struct help_topic *topic)
{
    const char *colon = strrchr(name, ':');
    return colon != NULL && strcmp(colon + 1, topic->name) == 0 && expect_takes_socket(topic) &&
           leads_nowhere(L, name, (size_t)(colon - name));
}

const struct help_topic *callee_topic(lua_State *L, const char *text, const struct context *context)
{
    char name[2 * HELP_NAME_MAX];
    const size_t length = context->callee_length;
    if (length == 0 || length >= sizeof name)
        return NULL;
    memcpy(name, text + context->callee, length);
    name[length] = '\0';
    const struct help_topic *topic = help_find(name);
    if (topic == NULL || topic->signature == NULL || strchr(topic->signature, '(') == NULL)
        return NULL;
    return leads_to(L, name, topic->name) || is_likely_method(L, name, topic) ? topic : NULL;
}

bool callee_is_method(const char *text, const struct context *context)
{
    return memchr(text + context->callee, ':', context->callee_length) != NULL;
}

/* `listen(s [, backlog])` becomes `listen([backlog])`, `string.encode(text)` becomes `encode()`. */
static void append_method(struct buffer *out, const char *signature)
{
    const char *parameters = strchr(signature, '(') + 1;
    const char *dot = memchr(signature, '.', (size_t)(parameters - signature));
    const char *name = dot != NULL ? dot + 1 : signature;
    buffer_append(out, name, (size_t)(parameters - name));
    parameters += strcspn(parameters, " ,)");
    const char *next = parameters + strspn(parameters, " [,");
    if (memchr(parameters, '[', (size_t)(next - parameters)) != NULL)
        buffer_putc(out, '[');
    buffer_puts(out, next);
}

void callee_append_signature(struct buffer *out, const struct help_topic *topic, bool method,
                             size_t width)
{
    const size_t before = out->length;
    if (method)
        append_method(out, topic->signature);
    else
        buffer_puts(out, topic->signature);
    if (out->length - before + strlen(" -- ") + strlen(topic->summary) < width) {
        buffer_printf(out, " -- %s", topic->summary);
        return;
    }
    buffer_putc(out, '\n');
    text_append_wrapped(out, topic->summary, width - 1, "  ");
}
