/* SPDX-License-Identifier: MIT
 *
 * Calls of functions: Python's own, and those of the modules whose work the shell does.
 */
#include "inside.h"

#include <string.h>

static bool is(const char *name, const char *other)
{
    return strcmp(name, other) == 0;
}

/* Behind a string: `, %(port)`, as one tutorial prints it. */
static bool skips_stray_comma(struct python *p, const struct value *last)
{
    if (!python_sees(p, ",") || !token_is(python_peek_next(p, 1), "%") || last->literal == NULL)
        return false;
    python_take(p);
    p->notes |= NOTE_COMMA;
    return true;
}

static struct value read_argument(struct python *p)
{
    struct value v = expression_read(p);
    if (python_sees(p, "for"))
        python_refuse(p, "a comprehension is a loop with table.insert() in Lua");
    if (!value_is_text(&v) || !skips_stray_comma(p, &v))
        return v;
    python_take(p);
    struct value right = primary_read(p);
    return format_percent(p, &v, &right);
}

void call_read_arguments(struct python *p, struct arguments *arguments)
{
    enum { MOST = 24 };
    *arguments = (struct arguments){0};
    arguments->items = python_allocate(p, MOST * sizeof *arguments->items);
    arguments->names = python_allocate(p, MOST * sizeof *arguments->names);
    python_expect(p, "(");
    while (!p->stopped && !python_sees(p, ")")) {
        if (arguments->count == MOST || python_sees(p, "*") || python_sees(p, "**")) {
            python_refuse(p, "these arguments have no translation: * is table.unpack() in Lua");
            return;
        }
        if (python_peek(p)->type == TOKEN_NAME && token_is(python_peek_next(p, 1), "=")) {
            const struct token *name = python_take(p);
            arguments->names[arguments->count] = python_keep(p, name->start, name->length);
            arguments->named++;
            p->notes |= NOTE_NAMED;
            python_take(p);
        }
        arguments->items[arguments->count++] = read_argument(p);
        if (!python_accept(p, ","))
            break;
    }
    python_expect(p, ")");
}

static struct value call_of(const char *text, enum kind kind)
{
    struct value v = value_of(text, kind, LEVEL_PLACE);
    v.shape = SHAPE_CALL;
    return v;
}

static const char *all(struct python *p, const struct arguments *a)
{
    return value_list(p, a->items, a->count);
}

static void need_count(struct python *p, const struct arguments *a, size_t least, size_t most)
{
    if (a->count < least || a->count > most)
        python_refuse(p, "these arguments are not translated");
}

/* print with end=: io.write. */
static struct value write_of(struct python *p, const struct arguments *a, const struct value *end)
{
    const char *text = "";
    for (size_t i = 0; i < a->count; i++) {
        if (a->names[i] != NULL)
            continue;
        const char *shown = value_shown(p, &a->items[i]);
        text = python_say(p, "%s%s%s", text, *text != '\0' ? ", \" \", " : "", shown);
    }
    const char *last = value_text(p, end, 0);
    p->notes |= NOTE_PRINT;
    if (!is(last, "\"\""))
        text = python_say(p, "%s%s%s", text, *text != '\0' ? ", " : "", last);
    return call_of(python_say(p, "io.write(%s)", text), KIND_NONE);
}

static struct value print_of(struct python *p, const struct arguments *a)
{
    const char *text = "";
    for (size_t i = 0; i < a->count; i++) {
        const char *name = a->names[i];
        if (name != NULL && is(name, "end"))
            return write_of(p, a, &a->items[i]);
        if (name != NULL && is(name, "flush"))
            continue;
        if (name != NULL)
            python_refuse(p, "print has no `%s` in Lua", name);
        enum kind kind = a->items[i].kind;
        bool table = kind == KIND_LIST || kind == KIND_DICT || kind == KIND_JSON;
        text = python_say(p, "%s%s%s", text, *text != '\0' ? ", " : "",
                          table ? value_shown(p, &a->items[i]) : value_text(p, &a->items[i], 0));
    }
    return call_of(python_say(p, "print(%s)", text), KIND_NONE);
}

static struct value length_of(struct python *p, const struct value *v)
{
    p->notes |= NOTE_FUNCTION;
    if (v->kind == KIND_DICT)
        python_refuse(p, "# does not count the keys of a dictionary in Lua");
    if (v->kind == KIND_MODULE)
        return value_of("#arg + 1", KIND_NUMBER, LEVEL_ADD);
    return value_of(python_say(p, "#%s", value_text(p, v, LEVEL_UNARY)), KIND_NUMBER, LEVEL_UNARY);
}

static struct value input_of(struct python *p, const struct arguments *a)
{
    p->notes |= NOTE_FUNCTION;
    if (a->count == 0)
        return call_of("io.read()", KIND_TEXT);
    return value_of(python_say(p, "io.write(%s) and io.read()", all(p, a)), KIND_TEXT, LEVEL_AND);
}

/* Python's own functions that have a counterpart; the text stays NULL for any other name. */
static struct value builtin(struct python *p, const char *name, const struct arguments *a)
{
    struct value none = {0};
    bool decodes = a->count == 2 && value_is_text(&a->items[1]);
    if (is(name, "print"))
        return print_of(p, a);
    if (is(name, "input") || is(name, "raw_input"))
        return input_of(p, a);
    if (is(name, "len") && a->count == 1)
        return length_of(p, &a->items[0]);
    if (is(name, "str") && a->count == 1) {
        p->notes |= NOTE_FUNCTION;
        return call_of(value_is_text(&a->items[0])
                           ? python_say(p, "tostring(%s)", value_text(p, &a->items[0], 0))
                           : value_shown(p, &a->items[0]),
                       KIND_TEXT);
    }
    if (is(name, "str") && decodes) {
        p->notes |= NOTE_FUNCTION;
        return call_of(python_say(p, "%s:decode()", value_text(p, &a->items[0], LEVEL_PLACE)),
                       KIND_TEXT);
    }
    if ((is(name, "bytes") && decodes) ||
        (is(name, "bytes") && a->count == 1 && value_is_text(&a->items[0]))) {
        p->notes |= NOTE_FUNCTION;
        return call_of(python_say(p, "%s:encode()", value_text(p, &a->items[0], LEVEL_PLACE)),
                       KIND_BYTES);
    }
    if (is(name, "int") && a->count == 1) {
        p->notes |= NOTE_FUNCTION;
        return call_of(
            python_say(p, "math.tointeger(tonumber(%s))", value_text(p, &a->items[0], 0)),
            KIND_NUMBER);
    }
    if (is(name, "float") && a->count == 1) {
        p->notes |= NOTE_FUNCTION;
        return call_of(python_say(p, "tonumber(%s)", value_text(p, &a->items[0], 0)), KIND_NUMBER);
    }
    return none;
}

/* socket.socket(family=..., type=...): in the order that Lua has. */
static struct value socket_of(struct python *p, const char *function, const struct arguments *a)
{
    static const char *const order[] = {"family", "type", "proto"};
    struct value items[3] = {{0}};
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++) {
        size_t place = a->names[i] == NULL ? i : 3;
        for (size_t k = 0; a->names[i] != NULL && k < 3; k++)
            if (is(a->names[i], order[k]) || (k == 2 && is(a->names[i], "protocol")))
                place = k;
        if (place >= 3) {
            python_refuse(p, "these arguments of socket() are not translated");
            return items[0];
        }
        items[place] = a->items[i];
        count = place + 1 > count ? place + 1 : count;
    }
    if (a->named > 0)
        p->notes |= NOTE_FUNCTION;
    for (size_t i = 0; i < count; i++)
        if (items[i].text == NULL && items[i].truth == NULL)
            items[i] = value_of("nil", KIND_NONE, LEVEL_PLACE);
    return call_of(python_say(p, "%s(%s)", function, value_list(p, items, count)), KIND_SOCKET);
}

static struct value start_thread(struct python *p, const struct arguments *a)
{
    p->notes |= NOTE_FUNCTION;
    if (a->count < 1 || a->count > 2 || a->named > 0 ||
        (a->count == 2 && a->items[1].shape != SHAPE_TUPLE)) {
        python_refuse(p, "threads are tasks here: spawn(function, argument, ...)");
        return (struct value){0};
    }
    const char *more = a->count == 2 ? value_list(p, a->items[1].items, a->items[1].count) : "";
    return call_of(python_say(p, "spawn(%s%s%s)", value_text(p, &a->items[0], 0),
                              *more != '\0' ? ", " : "", more),
                   KIND_UNKNOWN);
}

/* threading.Thread(target=f, args=(a, b)).start(): a thread that is started at once is a task. */
static struct value thread_of(struct python *p, const struct arguments *a)
{
    struct arguments plain = {0};
    struct value items[2] = {{0}};
    const char *names[2] = {NULL, NULL};
    for (size_t i = 0; i < a->count; i++) {
        bool target = a->names[i] != NULL && is(a->names[i], "target");
        bool values = a->names[i] != NULL && is(a->names[i], "args");
        if (target || values)
            items[values ? 1 : 0] = a->items[i];
        else if (a->names[i] == NULL || !is(a->names[i], "daemon"))
            python_refuse(p, "threads are tasks here: spawn(function, argument, ...)");
    }
    plain.items = items;
    plain.names = names;
    plain.count = items[1].text != NULL || items[1].truth != NULL ? 2 : 1;
    if (items[0].text == NULL)
        python_refuse(p,
                      "a thread is a task here, and runs at once: spawn(function, argument, ...)");
    p->notes |= NOTE_TASK;
    if (python_accept(p, ".")) {
        python_expect(p, "start");
        python_expect(p, "(");
        python_expect(p, ")");
    }
    struct value v = start_thread(p, &plain);
    v.kind = KIND_TASK;
    return v;
}

/* The third list is of exceptions, which the shell does not watch. */
static struct value select_of(struct python *p, const struct arguments *a)
{
    if (a->named > 0)
        python_refuse(p, "Lua's calls have no arguments by name");
    need_count(p, a, 3, 4);
    p->notes |= NOTE_SELECT;
    if (p->stopped)
        return (struct value){0};
    const char *lists = value_list(p, a->items, 2);
    const char *limit = a->count == 4 ? value_text(p, &a->items[3], 0) : NULL;
    return call_of(python_say(p, "socket.select(%s%s%s)", lists, limit != NULL ? ", " : "",
                              limit != NULL ? limit : ""),
                   KIND_READY);
}

struct value call_function(struct python *p, const char *name, const struct arguments *a)
{
    static const char unknown[] =
        " enumerate zip map filter sorted reversed sum min max abs round open isinstance getattr "
        "setattr hasattr dict list tuple set range bytearray ord chr hex super any all repr bool "
        "iter exec eval divmod type bytes str int float len ";
    const struct name *known = scope_find(p->scope, name);
    if (is(name, "socket"))
        return socket_of(p, name, a);
    if (known == NULL || !known->assigned) {
        bool named_print = is(name, "print");
        if (is(name, "select") && a->count > 2)
            return select_of(p, a);
        if (is(name, "Thread") && a->named > 0)
            return thread_of(p, a);
        if (a->named > 0 && !named_print)
            python_refuse(p, "Lua's calls have no arguments by name");
        struct value v = builtin(p, name, a);
        if (v.text != NULL || p->stopped)
            return v;
        size_t length = strlen(name);
        length -= length > 1 && name[length - 1] == '_'; /* type is spelled type_ */
        if (token_is_word(name, length, unknown))
            python_refuse(p, "%.*s() is not translated", (int)length, name);
    }
    if (a->named > 0)
        python_refuse(p, "Lua's calls have no arguments by name");
    return call_of(python_say(p, "%s(%s)", name, all(p, a)), KIND_UNKNOWN);
}

/* Functions of Python's socket module that the shell has, with what they give. */
static bool socket_function(const char *name, enum kind *kind)
{
    static const struct {
        const char *name;
        enum kind kind;
    } known[] = {
        {"gethostname", KIND_TEXT},    {"gethostbyname", KIND_TEXT}, {"getservbyname", KIND_NUMBER},
        {"getaddrinfo", KIND_UNKNOWN}, {"inet_pton", KIND_BYTES},    {"inet_ntop", KIND_TEXT},
        {"htons", KIND_NUMBER},        {"htonl", KIND_NUMBER},       {"ntohs", KIND_NUMBER},
        {"ntohl", KIND_NUMBER},        {"socketpair", KIND_PAIR},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (is(name, known[i].name)) {
            *kind = known[i].kind;
            return true;
        }
    }
    return false;
}

static struct value socket_module(struct python *p, const char *name, const struct arguments *a)
{
    enum kind kind = KIND_UNKNOWN;
    if (is(name, "socket"))
        return socket_of(p, "socket.socket", a);
    /* The first tutorials' own spelling mistakes get the shell's answer. */
    bool known = socket_function(name, &kind);
    if (!known && (is(name, "create_connection") || is(name, "create_server")))
        return make_socket(p, name, a);
    if (!known && (is(name, "inet_aton") || is(name, "inet_ntoa")))
        python_refuse(p, "%s is inet_pton(AF_INET, text) or inet_ntop(AF_INET, bytes) in Lua",
                      name);
    if (!known || a->named > 0)
        python_refuse(p, "socket.%s is not translated", name);
    return call_of(python_say(p, "socket.%s(%s)", name, all(p, a)), kind);
}

static struct value json_module(struct python *p, const char *name, const struct arguments *a)
{
    bool dumps = is(name, "dumps");
    if (!dumps && !is(name, "loads"))
        python_refuse(p, "json.%s is not translated", name);
    if (a->named > 0)
        python_refuse(p, "json.%s takes one value in Lua", name);
    need_count(p, a, 1, 1);
    return call_of(python_say(p, "json.%s(%s)", name, all(p, a)), dumps ? KIND_TEXT : KIND_JSON);
}

struct value call_module(struct python *p, const char *module, const char *name,
                         const struct arguments *a)
{
    bool thread = is(module, "_thread") || is(module, "thread");
    if (is(module, "socket"))
        return socket_module(p, name, a);
    if (is(module, "json"))
        return json_module(p, name, a);
    if (is(module, "time") && is(name, "sleep")) {
        p->notes |= NOTE_FUNCTION;
        need_count(p, a, 1, 1);
        return call_of(python_say(p, "sleep(%s)", all(p, a)), KIND_NONE);
    }
    if (is(module, "sys") && is(name, "exit")) {
        p->notes |= NOTE_FUNCTION;
        if (a->count > 1 || (a->count == 1 && a->items[0].kind != KIND_NUMBER))
            python_refuse(p, "exit() takes a number in Lua");
        return call_of(python_say(p, "exit(%s)", all(p, a)), KIND_NONE);
    }
    if (thread && is(name, "start_new_thread"))
        return start_thread(p, a);
    if (is(module, "select") && is(name, "select"))
        return select_of(p, a);
    if (is(module, "threading") && is(name, "Thread"))
        return thread_of(p, a);
    python_refuse(p, "%s.%s is not translated", module, name);
    return (struct value){0};
}

struct value call_attribute(struct python *p, const char *module, const char *name)
{
    bool capitals = name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
    if (is(module, "sys") && is(name, "argv")) {
        p->notes |= NOTE_FUNCTION;
        return value_of("arg", KIND_MODULE, LEVEL_PLACE);
    }
    if (capitals && is(module, "socket"))
        return value_of(python_say(p, "socket.%s", name), KIND_NUMBER, LEVEL_PLACE);
    if (capitals && is(module, "errno")) {
        p->notes |= NOTE_FUNCTION;
        return value_of(name, KIND_NUMBER, LEVEL_PLACE);
    }
    python_refuse(p, "%s.%s is not translated", module, name);
    return (struct value){0};
}
