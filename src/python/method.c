/* SPDX-License-Identifier: MIT
 *
 * Calls of methods: s.bind(('', port)) is s:bind("", port), and what Python's text and lists do by
 * methods is a function or an operator in Lua.
 */
#include "inside.h"

#include <string.h>

static bool is(const char *name, const char *other)
{
    return strcmp(name, other) == 0;
}

static struct value call_of(const char *text, enum kind kind)
{
    struct value v = value_of(text, kind, LEVEL_PLACE);
    v.shape = SHAPE_CALL;
    return v;
}

/* The page's font shows the empty string between curly quotes as a space. */
static const char *host_text(struct python *p, const struct value *host)
{
    if (host->literal != NULL && (host->literal->prefix & TOKEN_CURLY) != 0 &&
        is(host->text, "\" \""))
        return "\"\"";
    return value_text(p, host, 0);
}

const char *method_address(struct python *p, const struct value *v)
{
    if (v->shape != SHAPE_TUPLE)
        return value_text(p, v, 0);
    if (v->count < 2 || v->count > 4) {
        python_refuse(p, "an address is a host and a port");
        return "";
    }
    if (v->count > 2)
        python_refuse(p, "an address is a host and a port in Lua; a scope is written host%%scope");
    p->notes |= NOTE_ADDRESS;
    return python_say(p, "%s, %s", host_text(p, &v->items[0]), value_text(p, &v->items[1], 0));
}

/* sendto(data, flags, address): Lua has the address first. */
static const char *sendto_text(struct python *p, const struct arguments *a)
{
    const char *data = value_text(p, &a->items[0], 0);
    const char *address = method_address(p, &a->items[a->count - 1]);
    if (a->count == 2)
        return python_say(p, "%s, %s", data, address);
    p->notes |= NOTE_ADDRESS;
    return python_say(p, "%s, %s, %s", data, address, value_text(p, &a->items[1], 0));
}

static enum kind socket_result(const char *name)
{
    static const struct {
        const char *name;
        enum kind kind;
    } results[] = {
        {"recv", KIND_BYTES},    {"send", KIND_NUMBER},         {"sendall", KIND_NUMBER},
        {"sendto", KIND_NUMBER}, {"getsockname", KIND_ADDRESS}, {"getpeername", KIND_ADDRESS},
        {"fileno", KIND_NUMBER}, {"accept", KIND_PAIR},         {"recvfrom", KIND_PAIR},
    };
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (is(name, results[i].name))
            return results[i].kind;
    return KIND_UNKNOWN;
}

static struct value set_blocking(struct python *p, const char *object, const struct value *on)
{
    bool yes = on->text != NULL && (is(on->text, "true") || is(on->text, "1"));
    bool no = on->text != NULL && (is(on->text, "false") || is(on->text, "0"));
    p->notes |= NOTE_FUNCTION;
    if (!yes && !no)
        python_refuse(p, "setblocking(on) is settimeout(nil) or settimeout(0) in Lua");
    return call_of(python_say(p, "%s:settimeout(%s)", object, yes ? "nil" : "0"), KIND_NONE);
}

/* Methods of sockets whose arguments differ; else the text stays NULL. */
static struct value socket_method(struct python *p, const char *object, const char *name,
                                  const struct arguments *a)
{
    struct value none = {0};
    bool one = a->count == 1;
    if (one && (is(name, "bind") || is(name, "connect") || is(name, "conect")))
        return call_of(python_say(p, "%s:%s(%s)", object, name, method_address(p, &a->items[0])),
                       KIND_NONE);
    if (is(name, "sendto") && (a->count == 2 || a->count == 3))
        return call_of(python_say(p, "%s:sendto(%s)", object, sendto_text(p, a)), KIND_NUMBER);
    if (one && is(name, "setblocking"))
        return set_blocking(p, object, &a->items[0]);
    if (token_is_word(name, strlen(name),
                      " connect_ex makefile recv_into recvfrom_into sendfile "
                      "detach dup sendmsg recvmsg getblocking "))
        python_refuse(p, "sockets have no %s() in Lua", name);
    return none;
}

static bool names_utf8(const struct value *v)
{
    return v->text != NULL && token_is_word(v->text, strlen(v->text),
                                            " \"utf-8\" \"utf8\" \"UTF-8\" \"UTF8\" \"ascii\" ");
}

/* Methods of text. */
static struct value text_method(struct python *p, const struct value *v, const char *name,
                                const struct arguments *a)
{
    const char *object = value_text(p, v, LEVEL_PLACE);
    const char *first = a->count > 0 ? value_text(p, &a->items[0], 0) : "";
    struct value none = {0};
    if ((is(name, "encode") || is(name, "decode")) && a->count == 1 &&
        a->items[0].shape == SHAPE_NAME) {
        p->notes |= v->literal != NULL
                        ? NOTE_STRING
                        : NOTE_METHOD; /* the name of another encoding is refused when it runs */
        return call_of(python_say(p, "%s:%s(%s)", object, name, first),
                       is(name, "encode") ? KIND_BYTES : KIND_TEXT);
    }
    if ((is(name, "encode") || is(name, "decode")) &&
        (a->count == 0 || (a->count == 1 && names_utf8(&a->items[0])))) {
        p->notes |= a->count > 0 ? NOTE_FUNCTION : 0U;
        p->notes |= v->literal != NULL ? NOTE_LITERAL : NOTE_METHOD;
        return call_of(python_say(p, "%s:%s()", object, name),
                       is(name, "encode") ? KIND_BYTES : KIND_TEXT);
    }
    p->notes |= v->literal != NULL ? NOTE_FUNCTION | NOTE_LITERAL : NOTE_FUNCTION;
    if (a->count == 0 && (is(name, "upper") || is(name, "lower")))
        return call_of(python_say(p, "%s:%s()", object, name), KIND_TEXT);
    if (a->count == 0 && is(name, "strip"))
        return call_of(python_say(p, "%s:match(\"^%%s*(.-)%%s*$\")", object), v->kind);
    if (a->count == 0 && is(name, "rstrip"))
        return call_of(python_say(p, "%s:match(\"^(.-)%%s*$\")", object), v->kind);
    if (a->count == 1 && a->items[0].shape == SHAPE_LITERAL && is(name, "startswith"))
        return value_of(python_say(p, "%s:sub(1, #%s) == %s", object, first, first), KIND_BOOL,
                        LEVEL_COMPARE);
    if (a->count == 1 && a->items[0].shape == SHAPE_LITERAL && is(name, "endswith"))
        return value_of(python_say(p, "%s:sub(-#%s) == %s", object, first, first), KIND_BOOL,
                        LEVEL_COMPARE);
    if (a->count == 1 && is(name, "join"))
        return call_of(python_say(p, "table.concat(%s, %s)", first, value_text(p, v, 0)),
                       KIND_TEXT);
    if (is(name, "format"))
        return format_method(p, v, a->items, a->count);
    return none;
}

static struct value list_method(struct python *p, const struct value *v, const char *name,
                                const struct arguments *a)
{
    const char *object = value_text(p, v, LEVEL_PLACE);
    const char *first = a->count > 0 ? value_text(p, &a->items[0], 0) : "";
    struct value none = {0};
    p->notes |= NOTE_FUNCTION;
    if (a->count == 1 && is(name, "append"))
        return call_of(python_say(p, "table.insert(%s, %s)", object, first), KIND_NONE);
    if (a->count == 0 && is(name, "pop") && v->kind == KIND_LIST)
        return call_of(python_say(p, "table.remove(%s)", object), KIND_UNKNOWN);
    if (a->count == 1 && is(name, "pop") && v->kind == KIND_LIST && is(first, "0"))
        return call_of(python_say(p, "table.remove(%s, 1)", object), KIND_UNKNOWN);
    if (a->count == 1 && is(name, "get") && v->kind == KIND_DICT)
        return value_of(python_say(p, "%s[%s]", object, first), KIND_UNKNOWN, LEVEL_PLACE);
    if (a->count != 1 || !is(name, "remove"))
        return none;
    return call_of(python_say(p,
                              "for i_, v_ in ipairs(%s) do if v_ == %s then "
                              "table.remove(%s, i_) break end end",
                              object, first, object),
                   KIND_NONE);
}

/* A thread's methods: the task runs since spawn(), and Lua needs nothing for its start. */
static struct value thread_method(struct python *p, const struct value *v, const char *name,
                                  const struct arguments *a)
{
    struct value nothing = {.kind = KIND_NONE, .shape = SHAPE_CALL, .level = LEVEL_PLACE};
    p->notes |= NOTE_TASK;
    if (is(name, "join") && a->count == 0)
        return call_of(python_say(p, "wait(%s)", value_text(p, v, 0)), KIND_UNKNOWN);
    if (!is(name, "start") && !is(name, "setDaemon"))
        python_refuse(p, "a task has no %s(): help(spawn) shows what there is", name);
    return nothing;
}

struct value method_call(struct python *p, const struct value *v, const char *name,
                         const struct arguments *a)
{
    static const char of_text[] =
        " encode decode upper lower strip rstrip startswith endswith join "
        "format split lstrip replace splitlines isdigit title zfill "
        "ljust rjust center find rfind capitalize partition ";
    static const char of_list[] = " append pop get remove extend insert index sort reverse count "
                                  "keys values items update clear copy setdefault ";
    size_t length = strlen(name);
    struct value found = {0};
    bool text = token_is_word(name, length, of_text), list = token_is_word(name, length, of_list);
    if (a->named > 0)
        python_refuse(p, "Lua's calls have no arguments by name");
    const char *object = value_text(p, v, LEVEL_PLACE);
    if (v->kind == KIND_TASK || (is(name, "join") && a->count == 0))
        return thread_method(p, v, name, a);
    if (text)
        found = text_method(p, v, name, a);
    else if (list)
        found = list_method(p, v, name, a);
    else
        found = socket_method(p, object, name, a);
    if (found.text == NULL && (text || list || value_is_text(v)))
        python_refuse(p, "%s() is not translated", name);
    if (found.text != NULL) {
        p->notes |= NOTE_METHOD;
        return found;
    }
    p->notes |= NOTE_METHOD;
    return call_of(python_say(p, "%s:%s(%s)", object, name, value_list(p, a->items, a->count)),
                   socket_result(name));
}
