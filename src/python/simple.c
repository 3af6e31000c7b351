/* SPDX-License-Identifier: MIT
 *
 * Statements of one line: assignments, calls, print, imports, and the words that leave a block.
 */
#include "inside.h"

#include <string.h>

static void assign_one(struct python *p, const struct value *target, enum kind kind)
{
    if (target->shape == SHAPE_NAME)
        scope_assign(p, target->text, kind);
    else if (target->shape != SHAPE_PLACE)
        python_refuse(p, "this cannot be assigned to in Lua");
}

static enum kind part_kind(const struct value *v, size_t i)
{
    if (v->kind == KIND_READY)
        return KIND_LIST;
    if (v->kind == KIND_PAIR && strstr(v->text, ":recvfrom(") != NULL)
        return i == 0 ? KIND_BYTES : KIND_ADDRESS;
    if (v->kind == KIND_PAIR)
        return i == 0 || strstr(v->text, "socketpair") != NULL ? KIND_SOCKET : KIND_ADDRESS;
    if (v->shape == SHAPE_TUPLE && i < v->count)
        return v->items[i].kind;
    return KIND_UNKNOWN;
}

/* readable, writable, exceptional = select.select(...): Lua has no third list. */
static void assign_ready(struct python *p, const struct value *targets, const struct value *v)
{
    const struct value *last = &targets->items[2];
    if (targets->count != 3) {
        python_refuse(p, "select gives three lists in Python");
        return;
    }
    for (size_t i = 0; i < targets->count; i++)
        assign_one(p, &targets->items[i], KIND_LIST);
    statement_line(p, "%s = %s", value_list(p, targets->items, 2), v->text);
    if (last->text != NULL && strcmp(last->text, "_") != 0)
        statement_line(p, "%s = {}", last->text);
}

/* a, b = ...: Lua has several values where Python has a tuple. */
static void assign_parts(struct python *p, const struct value *targets, const struct value *v)
{
    const char *names = value_list(p, targets->items, targets->count);
    if (v->kind == KIND_READY) {
        assign_ready(p, targets, v);
        return;
    }
    for (size_t i = 0; i < targets->count; i++)
        assign_one(p, &targets->items[i], part_kind(v, i));
    if (v->shape == SHAPE_TUPLE && v->count != targets->count)
        python_refuse(p, "%zu names for %zu values", targets->count, v->count);
    if (v->kind == KIND_PAIR && targets->count != 2)
        python_refuse(p, "this gives two values");
    if (value_is_text(v) || v->kind == KIND_DICT)
        python_refuse(p, "this cannot be taken apart in Lua");
    if (v->kind == KIND_PAIR)
        statement_line(p, "%s = %s", names, v->text);
    else if (v->shape == SHAPE_TUPLE)
        statement_line(p, "%s = %s", names, value_list(p, v->items, v->count));
    else
        statement_line(p, "%s = table.unpack(%s, 1, %zu)", names, value_text(p, v, 0),
                       targets->count);
}

static void read_assignment(struct python *p, const struct value *target)
{
    struct value v = expression_read_list(p);
    if (python_sees(p, "="))
        p->notes |= NOTE_OPERATOR;
    if (python_sees(p, "="))
        python_refuse(p, "Lua assigns once in a statement: a = 0 b = 0");
    if (target->shape == SHAPE_TUPLE) {
        assign_parts(p, target, &v);
        return;
    }
    if (make_is_needed(&v) && target->shape == SHAPE_NAME) {
        assign_one(p, target, KIND_SOCKET);
        make_put(p, target->text, false, &v);
        return;
    }
    if (target->kind == KIND_TASK && target->shape == SHAPE_PLACE)
        return; /* thread.daemon = True: a task ends with the shell */
    const char *text = value_text(p, &v, 0);
    assign_one(p, target, v.kind);
    statement_line(p, "%s = %s", target->text, text);
}

static void read_augmented(struct python *p, const struct value *target)
{
    const struct token *sign = python_take(p);
    const char *operator= python_keep(p, sign->start, sign->length - 1);
    struct value right = expression_read_list(p);
    struct value v = expression_apply(p, operator, target, &right);
    p->notes |= NOTE_AUGMENTED;
    assign_one(p, target, v.kind);
    statement_line(p, "%s = %s", target->text, value_text(p, &v, 0));
}

static bool is_augmented(const struct token *token)
{
    return token->type == TOKEN_SIGN && token->length > 1 &&
           token->start[token->length - 1] == '=' && !token_is(token, "==") &&
           !token_is(token, "!=") && !token_is(token, "<=") && !token_is(token, ">=") &&
           !token_is(token, ":=");
}

/* Whether the text is one statement, whose value the prompt shows. */
static bool is_alone(const struct python *p, size_t from)
{
    size_t at = p->at;
    while (p->list.items[at].type == TOKEN_COMMENT || p->list.items[at].type == TOKEN_NEWLINE)
        at++;
    return from == 0 && !p->script && p->list.items[at].type == TOKEN_END;
}

static void read_expression(struct python *p)
{
    size_t from = p->at;
    struct value v = expression_read_list(p);
    if (python_accept(p, "=")) {
        if (v.shape == SHAPE_TUPLE && token_is(&p->list.items[from], "("))
            p->notes |= NOTE_NAMES;
        read_assignment(p, &v);
        return;
    }
    if (is_augmented(python_peek(p))) {
        read_augmented(p, &v);
        return;
    }
    if (p->stopped || (v.shape == SHAPE_CALL && v.text == NULL))
        return;
    if (v.kind == KIND_PAIR || v.shape == SHAPE_CALL)
        statement_line(p, "%s%s", v.text[0] == '(' && !is_alone(p, from) ? ";" : "", v.text);
    else if (p->restored)
        python_wrong(p); /* words of a comment */
    else if (is_alone(p, from))
        statement_line(p, "%s",
                       v.shape == SHAPE_TUPLE ? value_list(p, v.items, v.count)
                                              : value_text(p, &v, 0));
    else if (v.shape != SHAPE_LITERAL) /* a string that stands alone is a comment of Python's */
        statement_line(p, "local _ = %s", value_text(p, &v, 0));
}

static void read_print(struct python *p)
{
    python_take(p);
    p->notes |= NOTE_PRINT;
    if (python_sees(p, ">>"))
        python_refuse(p, "print writes to standard output in Lua; io.stderr:write() to the other");
    if (python_peek(p)->type == TOKEN_NEWLINE || python_peek(p)->type == TOKEN_COMMENT ||
        python_peek(p)->type == TOKEN_END || python_sees(p, ";")) {
        statement_line(p, "print()");
        return;
    }
    struct value v = expression_read_list(p);
    bool comma = p->at > 0 && token_is(&p->list.items[p->at - 1], ",");
    if (v.shape != SHAPE_TUPLE) {
        const char *shown = v.kind == KIND_LIST || v.kind == KIND_DICT || v.kind == KIND_JSON
                                ? value_shown(p, &v)
                                : value_text(p, &v, 0);
        statement_line(p, "print(%s)", shown);
        return;
    }
    if (!comma) {
        statement_line(p, "print(%s)", value_list(p, v.items, v.count));
        return;
    }
    const char *text = "";
    for (size_t i = 0; i < v.count; i++)
        text = python_say(p, "%s%s, \" \"%s", text, value_shown(p, &v.items[i]),
                          i + 1 < v.count ? ", " : "");
    statement_line(p, "io.write(%s)", text);
}

static bool is_known_module(const struct token *token)
{
    return token->type == TOKEN_NAME &&
           token_is_word(
               token->start, token->length,
               " socket select json time os sys threading errno _thread thread __future__ ");
}

/* import socket as sk: socket and json are tables in the shell, too. */
static void put_alias(struct python *p, const struct token *module)
{
    const struct token *alias = python_take(p);
    if (alias->type != TOKEN_NAME)
        python_wrong(p);
    if (!token_is(module, "socket") && !token_is(module, "json"))
        python_refuse(p, "only socket and json can have another name here");
    p->notes |= NOTE_ALIAS;
    struct name *name = scope_define(p, scope_spell(p, alias));
    if (name == NULL)
        return;
    scope_assign(p, name->name, KIND_MODULE);
    name->module = python_keep(p, module->start, module->length);
    statement_line(p, "%s = %s", name->name, name->module);
}

static void read_import(struct python *p)
{
    bool from = python_sees(p, "from");
    p->notes |= NOTE_IMPORT;
    python_take(p);
    if (from && !token_is(python_peek_next(p, 1), "import") &&
        !token_is(python_peek_next(p, 1), "."))
        python_wrong(p);
    do {
        const struct token *name = python_take(p);
        if (name->type != TOKEN_NAME)
            python_wrong(p);
        else if (!is_known_module(name))
            python_refuse(p, "the module %.*s is not here", (int)name->length, name->start);
        if (python_accept(p, "as"))
            put_alias(p, name);
    } while (!from && python_accept(p, ","));
    if (!from)
        return;
    python_expect(p, "import");
    while (python_peek(p)->type == TOKEN_NAME || python_peek(p)->type == TOKEN_SIGN) {
        if (python_sees(p, "as"))
            python_refuse(p, "a name cannot be changed by import here");
        python_take(p);
    }
}

/* Ends a block that goes on; Lua wants `return` to be the last statement of one. */
static void put_return(struct python *p, const char *values)
{
    size_t at = p->at;
    while (p->list.items[at].type == TOKEN_COMMENT || p->list.items[at].type == TOKEN_NEWLINE)
        at++;
    bool last = p->list.items[at].type == TOKEN_DEDENT &&
                (p->frame == NULL || p->frame->type != FRAME_LOOP);
    const char *space = *values != '\0' ? " " : "";
    statement_line(p, last ? "return%s%s" : "do return%s%s end", space, values);
}

void simple_flow(struct python *p, enum frame_type to, const char *word)
{
    struct frame *frame = p->frame;
    bool leaves = strcmp(word, "break") == 0;
    while (frame != NULL && frame->type == FRAME_LOOP && to == FRAME_FUNCTION)
        frame = frame->outer;
    if (frame == NULL || (frame->type == FRAME_FUNCTION && to == FRAME_LOOP)) {
        if (p->script || to == FRAME_FUNCTION)
            python_wrong(p);
        else
            python_refuse(p, "%s belongs into a loop", word);
        return;
    }
    if (frame->type == FRAME_FINALLY) {
        python_refuse(p, "%s within `finally` has no counterpart in Lua", word);
        return;
    }
    if (frame->type == FRAME_LOOP) {
        frame->continues = frame->continues || !leaves;
        statement_line(p, leaves ? "break" : "goto continue");
        return;
    }
    frame->breaks = frame->breaks || leaves;
    frame->continues = frame->continues || !leaves;
    put_return(p, leaves ? "\"break\"" : "\"continue\"");
}

static void read_return(struct python *p)
{
    struct frame *frame = p->frame;
    const char *text = "";
    python_take(p);
    const struct token *token = python_peek(p);
    if (token->type != TOKEN_NEWLINE && token->type != TOKEN_COMMENT && token->type != TOKEN_END) {
        struct value v = expression_read_list(p);
        text = value_text(p, &v, 0);
    }
    while (frame != NULL && frame->type == FRAME_LOOP)
        frame = frame->outer;
    if (frame == NULL)
        python_wrong(p);
    else if (frame->type == FRAME_FINALLY)
        python_refuse(p, "return within `finally` has no counterpart in Lua");
    else if (frame->type == FRAME_TRY)
        frame->returns = true;
    if (frame != NULL && frame->type == FRAME_TRY)
        text = python_say(p, "\"return\"%s%s", *text != '\0' ? ", " : "", text);
    put_return(p, text);
}

static void read_raise(struct python *p)
{
    python_take(p);
    const struct token *token = python_peek(p);
    if (p->error_name != NULL && (token->type == TOKEN_NEWLINE || token->type == TOKEN_COMMENT ||
                                  token->type == TOKEN_END)) {
        statement_line(p, "error(%s, 0)", p->error_name);
        return;
    }
    if (token_is(token, "socket") && token_is(python_peek_next(p, 1), "."))
        p->at += 2;
    token = python_take(p);
    if (token->type != TOKEN_NAME || error_has_number(token)) {
        python_refuse(p, "`raise` is error(message) in Lua; exceptions have no types there");
        return;
    }
    struct value text = value_of(python_say(p, "\"%.*s\"", (int)token->length, token->start),
                                 KIND_TEXT, LEVEL_PLACE);
    struct arguments a = {0};
    if (python_sees(p, "("))
        call_read_arguments(p, &a);
    if (python_accept(p, "from"))
        (void)expression_read(p); /* its cause, which Python prints beside it */
    if (a.count > 1 || a.named > 0)
        python_refuse(p, "`raise` is error(message) in Lua; exceptions have no types there");
    p->notes |= NOTE_RAISE;
    statement_line(p, "error(%s, 0)", value_text(p, a.count == 1 ? &a.items[0] : &text, 0));
}

static void read_names(struct python *p)
{
    bool outer = python_sees(p, "global");
    p->notes |= NOTE_BLOCK;
    do {
        python_take(p);
        if (python_peek(p)->type != TOKEN_NAME) {
            python_wrong(p);
            return;
        }
        struct name *name = scope_define(p, scope_spell(p, python_peek(p)));
        const struct name *known = NULL;
        if (name != NULL && p->scope->outer != NULL)
            known = scope_find(p->scope->outer, name->name);
        if (name != NULL) {
            name->global = true;
            name->assigned = known != NULL && known->assigned;
            name->kind = known != NULL && outer ? known->kind : KIND_UNKNOWN;
        }
        python_take(p);
    } while (python_sees(p, ","));
}

static void read_delete(struct python *p)
{
    python_take(p);
    struct value v = expression_read(p);
    p->notes |= NOTE_WORD;
    if (v.shape != SHAPE_NAME &&
        !(v.shape == SHAPE_PLACE && v.text != NULL && strstr(v.text, "[\"") != NULL))
        python_refuse(p, "del is table.remove(list, position) or name = nil in Lua");
    statement_line(p, "%s = nil", value_text(p, &v, 0));
}

static void read_assert(struct python *p)
{
    python_take(p);
    struct value condition = expression_read(p), message = {0};
    p->notes |= NOTE_ASSERT;
    if (python_accept(p, ","))
        message = expression_read(p);
    const char *text = value_condition(p, &condition, true);
    if (message.text == NULL)
        statement_line(p, "assert(%s)", text);
    else
        statement_line(p, "assert(%s, %s)", text, value_text(p, &message, 0));
}

static void read_one(struct python *p)
{
    const struct token *token = python_peek(p), *next = python_peek_next(p, 1);
    bool call = token_is(next, "(") || token_is(next, "=") || token_is(next, ".");
    if (token_is(token, "import") || token_is(token, "from"))
        read_import(p);
    else if (token_is(token, "print") && !call)
        read_print(p);
    else if (token_is(token, "pass"))
        p->notes |= NOTE_BLOCK, python_take(p);
    else if (token_is(token, "break") || token_is(token, "continue"))
        simple_flow(p, FRAME_LOOP, python_keep(p, token->start, token->length)), python_take(p);
    else if (token_is(token, "return"))
        read_return(p);
    else if (token_is(token, "raise"))
        read_raise(p);
    else if (token_is(token, "global") || token_is(token, "nonlocal"))
        read_names(p);
    else if (token_is(token, "del"))
        read_delete(p);
    else if (token_is(token, "assert"))
        read_assert(p);
    else
        read_expression(p);
}

void simple_read(struct python *p)
{
    do {
        read_one(p);
    } while (python_accept(p, ";") && python_peek(p)->type != TOKEN_NEWLINE && !p->stopped);
    statement_end(p);
}
