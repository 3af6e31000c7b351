/* SPDX-License-Identifier: MIT
 *
 * Statements that hold others: if, while, for, def. A page that lost its indentation is read all
 * the same: the block then lasts to the end, to a clause, or to a word that leaves it.
 */
#include "inside.h"

#include <string.h>

static bool begins_clause(const struct token *token)
{
    return token_is(token, "else") || token_is(token, "elif") || token_is(token, "except") ||
           token_is(token, "finally");
}

static bool leaves_block(const struct token *token)
{
    return token_is(token, "break") || token_is(token, "continue") || token_is(token, "return");
}

static bool at_end(const struct python *p)
{
    enum token_type type = python_peek(p)->type;
    return type == TOKEN_END || type == TOKEN_WRONG;
}

/* A block whose lines are not indented. */
static void read_lost(struct python *p)
{
    bool left = false;
    p->notes |= NOTE_LOST;
    while (!left && !at_end(p) && python_peek(p)->type != TOKEN_DEDENT &&
           python_peek(p)->type != TOKEN_INDENT && !begins_clause(python_peek(p))) {
        left = leaves_block(python_peek(p));
        statement_read(p);
    }
}

/* Behind the colon of a header. */
void block_body(struct python *p)
{
    python_expect(p, ":");
    p->depth++;
    p->notes |= NOTE_BLOCK;
    enum token_type type = python_peek(p)->type;
    if (type != TOKEN_NEWLINE && type != TOKEN_COMMENT && type != TOKEN_END) {
        simple_read(p);
        p->depth--;
        return;
    }
    statement_end(p);
    while (python_peek(p)->type == TOKEN_COMMENT)
        simple_comment(p);
    if (python_peek(p)->type == TOKEN_END) {
        p->runs_out = !p->stopped;
        python_wrong(p);
    }
    if (python_peek(p)->type == TOKEN_INDENT) {
        python_take(p);
        while (!at_end(p) && python_peek(p)->type != TOKEN_DEDENT)
            statement_read(p);
        if (python_peek(p)->type == TOKEN_DEDENT)
            python_take(p);
    } else {
        read_lost(p);
    }
    p->depth--;
    p->in_block = python_peek(p)->type == TOKEN_END;
}

static void read_loop_body(struct python *p)
{
    struct frame frame = {.type = FRAME_LOOP, .outer = p->frame};
    p->frame = &frame;
    block_body(p);
    p->frame = frame.outer;
    p->depth++;
    if (frame.continues)
        statement_line(p, "::continue::");
    p->depth--;
    if (python_sees(p, "else"))
        python_refuse(p, "a loop has no `else` in Lua");
    statement_line(p, "end");
}

static const char *read_condition(struct python *p)
{
    struct value v = expression_read(p);
    return v.truth != NULL ? v.truth : value_condition(p, &v, true);
}

static void read_while(struct python *p)
{
    python_take(p);
    statement_line(p, "while %s do", read_condition(p));
    read_loop_body(p);
}

/* if __name__ == '__main__': */
static bool skips_main(struct python *p)
{
    if (!token_is(python_peek_next(p, 1), "__name__") || !token_is(python_peek_next(p, 2), "=="))
        return false;
    p->at += 4;
    statement_line(p, "do");
    block_body(p);
    statement_line(p, "end");
    return true;
}

static void read_if(struct python *p)
{
    if (skips_main(p))
        return;
    python_take(p);
    statement_line(p, "if %s then", read_condition(p));
    block_body(p);
    while (python_accept(p, "elif")) {
        statement_line(p, "elseif %s then", read_condition(p));
        block_body(p);
    }
    if (python_accept(p, "else")) {
        statement_line(p, "else");
        block_body(p);
    }
    statement_line(p, "end");
}

static const char *range_text(struct python *p, const struct arguments *a)
{
    long step = 1;
    if (a->count < 1 || a->count > 3 || a->named > 0 ||
        (a->count == 3 && (!value_is_number(&a->items[2], &step) || step == 0))) {
        python_refuse(p, "this range is not translated");
        return "";
    }
    const char *from = a->count == 1 ? "0" : value_text(p, &a->items[0], 0);
    const char *to = value_text(p, &a->items[a->count == 1 ? 0 : 1], LEVEL_ADD);
    to = value_plus(p, to, step > 0 ? "-" : "+", 1).text;
    return step == 1 ? python_say(p, "%s, %s", from, to)
                     : python_say(p, "%s, %s, %ld", from, to, step);
}

/* What `for` walks over, up to the colon; defines the loop's variables. */
static const char *for_header(struct python *p, const char *first, const char *second)
{
    bool range = (python_sees(p, "range") || python_sees(p, "xrange")) &&
                 token_is(python_peek_next(p, 1), "(");
    bool items = token_is(python_peek_next(p, 1), ".") && token_is(python_peek_next(p, 2), "items");
    if (range && second == NULL) {
        struct arguments a;
        python_take(p);
        call_read_arguments(p, &a);
        return python_say(p, "for %s = %s do", first, range_text(p, &a));
    }
    if (items && second != NULL) {
        const char *name = scope_spell(p, python_peek(p));
        p->at += 3;
        python_expect(p, "(");
        python_expect(p, ")");
        return python_say(p, "for %s, %s in pairs(%s) do -- in no order", first, second, name);
    }
    if (second != NULL && expression_read(p).text != NULL && python_sees(p, ":"))
        python_refuse(p, "a loop over pairs is not translated: for i, v in ipairs(list) do");
    struct value list = second == NULL ? expression_read_list(p) : (struct value){0};
    if (!python_sees(p, ":"))
        python_wrong(p);
    if (list.kind == KIND_DICT)
        return python_say(p, "for %s in pairs(%s) do -- in no order", first,
                          value_text(p, &list, 0));
    if (list.kind != KIND_LIST && (list.kind != KIND_UNKNOWN || p->script))
        python_refuse(p, "what the loop walks over is not seen to be a list");
    return python_say(p, "for _, %s in ipairs(%s) do", first, value_text(p, &list, 0));
}

static const char *take_loop_name(struct python *p)
{
    const struct token *token = python_take(p);
    if (token->type != TOKEN_NAME || python_is_keyword(token))
        python_wrong(p);
    return scope_spell(p, token);
}

static void end_loop_name(struct python *p, const char *text)
{
    struct name *name = text != NULL ? scope_define(p, text) : NULL;
    if (name != NULL)
        name->gone = true;
}

static void begin_loop_name(struct python *p, const char *text, enum kind kind)
{
    struct name *name = text != NULL ? scope_define(p, text) : NULL;
    if (name == NULL)
        return;
    name->gone = false;
    name->kind = kind;
}

static void read_for(struct python *p)
{
    python_take(p);
    const char *first = take_loop_name(p), *second = NULL;
    if (python_accept(p, ","))
        second = take_loop_name(p);
    python_expect(p, "in");
    const char *header = for_header(p, first, second);
    bool range = strstr(header, " in ") == NULL;
    begin_loop_name(p, first, range ? KIND_NUMBER : KIND_UNKNOWN);
    begin_loop_name(p, second, KIND_UNKNOWN);
    statement_line(p, "%s", header);
    read_loop_body(p);
    end_loop_name(p, first);
    end_loop_name(p, second);
}

/* A value for a parameter that no argument came for; None is what Lua has anyway. */
static void read_default(struct python *p, const char *name, struct buffer *defaults)
{
    struct value v = expression_read(p);
    if (v.kind == KIND_LIST || v.kind == KIND_DICT)
        python_refuse(p, "Python makes a default once, Lua at each call");
    if (v.kind == KIND_NONE)
        return;
    buffer_fill(defaults, ' ', 2 * (size_t)p->depth + 2);
    buffer_printf(defaults, "if %s == nil then %s = %s end\n", name, name, value_text(p, &v, 0));
}

/* Parameters up to the closing parenthesis; the lines that fill in defaults go to `defaults`. */
static const char *read_parameters(struct python *p, struct buffer *defaults)
{
    const char *list = "";
    python_expect(p, "(");
    while (!p->stopped && !python_sees(p, ")")) {
        if (python_sees(p, "*") || python_sees(p, "**"))
            python_refuse(p, "a function with * takes ... in Lua");
        const struct token *token = python_take(p);
        if (token->type != TOKEN_NAME)
            python_wrong(p);
        const char *name = scope_spell(p, token);
        struct name *known = scope_define(p, name);
        if (known != NULL)
            known->parameter = true;
        list = python_say(p, "%s%s%s", list, *list != '\0' ? ", " : "", name);
        if (python_accept(p, ":"))
            expression_read(p);
        if (python_accept(p, "="))
            read_default(p, name, defaults);
        if (!python_accept(p, ","))
            break;
    }
    python_expect(p, ")");
    return list;
}

/* What a function assigns is its own in Python. */
static const char *local_names(struct python *p)
{
    const char *list = "";
    for (const struct name *n = p->scope->names; n != NULL; n = n->next)
        if (n->assigned && !n->parameter && !n->global)
            list = python_say(p, "%s%s%s", n->name, *list != '\0' ? ", " : "", list);
    return list;
}

static void read_function(struct python *p)
{
    struct buffer body = BUFFER_EMPTY, *out = p->out;
    python_take(p);
    const char *name = take_loop_name(p);
    scope_assign(p, name, KIND_UNKNOWN);
    struct scope scope = {.outer = p->scope};
    struct frame frame = {.type = FRAME_FUNCTION, .outer = NULL}, *outer = p->frame;
    p->scope = &scope;
    p->frame = &frame;
    p->out = &body;
    const char *parameters = read_parameters(p, &body);
    if (python_accept(p, "->"))
        expression_read(p);
    block_body(p);
    const char *locals = local_names(p);
    p->scope = scope.outer;
    p->frame = outer;
    p->out = out;
    statement_line(p, "function %s(%s)", name, parameters);
    p->depth++;
    if (*locals != '\0')
        statement_line(p, "local %s", locals);
    p->depth--;
    buffer_append(p->out, buffer_text(&body), body.length);
    statement_line(p, "end");
    python_drop(p, &body);
}

bool block_read(struct python *p)
{
    if (python_sees(p, "while"))
        read_while(p);
    else if (python_sees(p, "if"))
        read_if(p);
    else if (python_sees(p, "for"))
        read_for(p);
    else if (python_sees(p, "def"))
        read_function(p);
    else if (python_sees(p, "try"))
        attempt_try(p);
    else if (python_sees(p, "with"))
        attempt_with(p);
    else if (python_sees(p, "class") && python_peek_next(p, 1)->type == TOKEN_NAME)
        p->notes |= NOTE_BLOCK,
            python_refuse(p, "a class has no translation: use a table and functions");
    else if (python_sees(p, "async") || python_sees(p, "@"))
        p->notes |= NOTE_BLOCK,
            python_refuse(p, "this has no translation; spawn() runs a function beside the others");
    else
        return false;
    return true;
}
