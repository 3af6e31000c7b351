/* SPDX-License-Identifier: MIT
 *
 * try and with. The body of a try becomes a function that pcall runs; a break, continue or return
 * in it cannot leave that function by itself, so that it returns the word, and the word is obeyed
 * behind the pcall. finally and with are Lua's <close>, which also holds for Ctrl-C.
 */
#include "inside.h"

#include <string.h>

struct attempt {
    const char *good, *error, *result; /* what pcall gives */
    struct frame body;
    bool any; /* a handler for every error has been written */
    size_t written;
};

/* A name for the translation's own use that does not stand in the text. */
static const char *fresh_name(struct python *p, const char *name)
{
    for (size_t i = 0; i < p->list.count; i++)
        if (token_is(&p->list.items[i], name))
            return fresh_name(p, python_say(p, "%s_", name));
    return name;
}

/* Whether `except` follows the body; where the indentation is lost it is taken for granted. */
static bool has_handlers(const struct python *p)
{
    size_t at = p->at;
    int depth = 0;
    while (p->list.items[at].type != TOKEN_INDENT) {
        if (p->list.items[at].type == TOKEN_END || p->list.items[at].type == TOKEN_WRONG)
            return true;
        if (p->list.items[at].type == TOKEN_NEWLINE && p->list.items[at + 1].type != TOKEN_INDENT &&
            p->list.items[at + 1].type != TOKEN_COMMENT)
            return true;
        at++;
    }
    do {
        depth += p->list.items[at].type == TOKEN_INDENT;
        depth -= p->list.items[at].type == TOKEN_DEDENT;
        at++;
    } while (depth > 0 && p->list.items[at].type != TOKEN_END &&
             p->list.items[at].type != TOKEN_WRONG);
    while (p->list.items[at].type == TOKEN_COMMENT)
        at++;
    return token_is(&p->list.items[at], "except");
}

static const char *either(struct python *p, const char *left, const char *right)
{
    if (*left == '\0' || *right == '\0')
        return "";
    return python_say(p, "%s or %s", left, right);
}

/* What stands between `except` and its colon: a condition, "" for any error, NULL for none. */
static const char *read_condition(struct python *p, const struct attempt *a)
{
    if (python_sees(p, ":"))
        return "";
    if (!python_accept(p, "("))
        return error_condition(p, a->error);
    const char *all = NULL;
    bool first = true;
    while (!p->stopped && !python_sees(p, ")")) {
        const char *one = error_condition(p, a->error);
        if (one != NULL)
            all = first ? one : either(p, all, one);
        first = first && one == NULL;
        if (!python_accept(p, ","))
            break;
    }
    python_expect(p, ")");
    return all != NULL && strstr(all, " or ") != NULL ? python_say(p, "(%s)", all) : all;
}

static const char *read_error_variable(struct python *p)
{
    if (!python_accept(p, "as") && !python_accept(p, ","))
        return NULL;
    const struct token *token = python_take(p);
    if (token->type != TOKEN_NAME)
        python_wrong(p);
    return scope_spell(p, token);
}

static void read_handler_body(struct python *p, const struct attempt *a, const char *variable)
{
    const char *outer = p->error_name;
    struct name *name = variable != NULL ? scope_define(p, variable) : NULL;
    p->depth++;
    if (variable != NULL)
        statement_line(p, "local %s = %s", variable, a->error);
    p->depth--;
    if (name != NULL) {
        name->kind = KIND_ERROR;
        name->gone = false;
    }
    p->error_name = a->error;
    block_body(p);
    p->error_name = outer;
    if (name != NULL)
        name->gone = true;
}

/* Ctrl-C and exit pass through pcall: their handler cannot be kept. */
static void drop_handler(struct python *p, int line)
{
    struct buffer dropped = BUFFER_EMPTY, *out = p->out;
    if (!p->script) {
        python_refuse(p, "Ctrl-C goes through pcall in this shell: no handler sees it");
        return;
    }
    p->out = &dropped;
    block_body(p);
    p->out = out;
    python_drop(p, &dropped);
    p->problem_count++;
    buffer_printf(p->problems,
                  "line %d: Ctrl-C goes through pcall in this shell: no handler sees it\n", line);
    p->depth++;
    statement_line(p, "-- PYTHON line %d: this handler was left out: Ctrl-C is not caught", line);
    p->depth--;
}

static void read_handler(struct python *p, struct attempt *a)
{
    const struct token *token = python_take(p);
    const char *condition = read_condition(p, a);
    if (condition == NULL) {
        while (!p->stopped && !python_sees(p, ":") && python_peek(p)->type != TOKEN_END)
            python_take(p);
        drop_handler(p, token->line);
        return;
    }
    const char *variable = read_error_variable(p);
    statement_line(p, "%s not %s%s%s then", a->written > 0 ? "elseif" : "if", a->good,
                   *condition != '\0' ? " and " : "", condition);
    a->any = a->any || *condition == '\0';
    a->written++;
    read_handler_body(p, a, variable);
}

static void begin_arm(struct python *p, struct attempt *a, const char *condition)
{
    statement_line(p, "%s %s then", a->written++ > 0 ? "elseif" : "if", condition);
    p->depth++;
}

/* What the body wanted to do and could not do from within its function. */
static void obey_words(struct python *p, struct attempt *a)
{
    struct frame *outer = p->frame;
    if (a->body.breaks) {
        begin_arm(p, a, python_say(p, "%s == \"break\"", a->error));
        simple_flow(p, FRAME_LOOP, "break");
        p->depth--;
    }
    if (a->body.continues) {
        begin_arm(p, a, python_say(p, "%s == \"continue\"", a->error));
        simple_flow(p, FRAME_LOOP, "continue");
        p->depth--;
    }
    if (!a->body.returns)
        return;
    begin_arm(p, a, python_say(p, "%s == \"return\"", a->error));
    while (outer != NULL && outer->type == FRAME_LOOP)
        outer = outer->outer;
    bool nested = outer != NULL && outer->type == FRAME_TRY;
    if (nested)
        outer->returns = true;
    if (outer == NULL || outer->type == FRAME_FINALLY)
        python_refuse(p, "this return cannot leave the block in Lua");
    statement_line(p, "return %s%s", nested ? "\"return\", " : "", a->result);
    p->depth--;
}

static void read_guarded(struct python *p)
{
    struct attempt a = {.body = {.type = FRAME_TRY, .outer = p->frame}};
    struct buffer body = BUFFER_EMPTY, *out = p->out;
    a.good = fresh_name(p, "ok");
    a.error = fresh_name(p, "err");
    a.result = fresh_name(p, "value");
    p->frame = &a.body;
    p->out = &body;
    block_body(p);
    p->frame = a.body.outer;
    p->out = out;
    statement_line(p, "local %s, %s%s%s = pcall(function()", a.good, a.error,
                   a.body.returns ? ", " : "", a.body.returns ? a.result : "");
    buffer_append(p->out, buffer_text(&body), body.length);
    python_drop(p, &body);
    statement_line(p, "end)");
    while (python_sees(p, "except"))
        read_handler(p, &a);
    if (!a.any) {
        begin_arm(p, &a, python_say(p, "not %s", a.good));
        statement_line(p, "error(%s, 0)", a.error);
        p->depth--;
    }
    obey_words(p, &a);
    if (python_accept(p, "else")) {
        statement_line(p, "else");
        block_body(p);
    }
    statement_line(p, "end");
}

/* The body without handlers: whatever leaves it leaves it as in Python. */
static void read_plain(struct python *p)
{
    p->depth--;
    block_body(p);
    p->depth++;
}

static void put_finally(struct python *p, const struct buffer *body, const struct buffer *last)
{
    statement_line(p, "do");
    p->depth++;
    statement_line(p, "local finally <close> = setmetatable({}, {__close = function()");
    buffer_append(p->out, buffer_text(last), last->length);
    statement_line(p, "end})");
    p->depth--;
    buffer_append(p->out, buffer_text(body), body->length);
    statement_line(p, "end");
}

static void read_finally(struct python *p, struct buffer *last)
{
    struct frame frame = {.type = FRAME_FINALLY, .outer = p->frame};
    struct buffer *out = p->out;
    python_take(p);
    p->frame = &frame;
    p->out = last;
    p->depth++;
    block_body(p);
    p->depth--;
    p->out = out;
    p->frame = frame.outer;
}

/* The position of the `finally` that belongs to the try, or 0; it decides how deep the rest is. */
static bool has_finally(struct python *p)
{
    int depth = 0;
    for (size_t at = p->at; at < p->list.count; at++) {
        depth += p->list.items[at].type == TOKEN_INDENT;
        depth -= p->list.items[at].type == TOKEN_DEDENT;
        if (depth < 0)
            return false;
        if (depth == 0 && token_is(&p->list.items[at], "finally"))
            return true;
        bool begins = at > p->at && p->list.items[at].type == TOKEN_NAME &&
                      (p->list.items[at - 1].type == TOKEN_DEDENT ||
                       p->list.items[at - 1].type == TOKEN_COMMENT);
        if (depth == 0 && begins && !token_is(&p->list.items[at], "except") &&
            !token_is(&p->list.items[at], "else"))
            return false;
    }
    return false;
}

void attempt_try(struct python *p)
{
    struct buffer body = BUFFER_EMPTY, last = BUFFER_EMPTY, *out = p->out;
    python_take(p);
    p->notes |= NOTE_TRY;
    if (!has_finally(p)) {
        read_guarded(p);
        return;
    }
    p->out = &body;
    p->depth++;
    if (has_handlers(p))
        read_guarded(p);
    else
        read_plain(p);
    p->depth--;
    p->out = out;
    if (python_sees(p, "finally"))
        read_finally(p, &last);
    else
        python_wrong(p);
    put_finally(p, &body, &last);
    python_drop(p, &body);
    python_drop(p, &last);
}

static struct name *read_with_item(struct python *p)
{
    struct value v = expression_read(p);
    if (!make_is_needed(&v) && v.kind != KIND_SOCKET &&
        (v.kind != KIND_UNKNOWN || v.shape == SHAPE_CALL))
        python_refuse(p, "`with` is translated for sockets");
    const char *text = fresh_name(p, "closing");
    if (python_accept(p, "as")) {
        const struct token *token = python_take(p);
        if (token->type != TOKEN_NAME)
            python_wrong(p);
        text = scope_spell(p, token);
    }
    if (make_is_needed(&v))
        make_put(p, text, true, &v);
    else
        statement_line(p, "local %s <close> = %s", text, value_text(p, &v, 0));
    struct name *name = scope_define(p, text);
    if (name == NULL)
        return NULL;
    name->kind = make_is_needed(&v) ? KIND_SOCKET : v.kind;
    name->constant = true;
    name->gone = false;
    return name;
}

void attempt_with(struct python *p)
{
    enum { MOST = 4 };
    struct name *names[MOST];
    size_t count = 0;
    python_take(p);
    p->notes |= NOTE_WITH;
    statement_line(p, "do");
    p->depth++;
    do {
        names[count] = read_with_item(p);
        count++;
    } while (count < MOST && python_accept(p, ","));
    p->depth--;
    block_body(p);
    statement_line(p, "end");
    for (size_t i = 0; i < count; i++) {
        if (names[i] == NULL)
            continue;
        names[i]->constant = false;
        names[i]->gone = true;
    }
}
