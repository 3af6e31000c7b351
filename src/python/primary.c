/* SPDX-License-Identifier: MIT
 *
 * What operators stand between: names, literals, brackets, and what follows them, which is a dot, a
 * call or an index.
 */
#include "inside.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char modules[] = " socket select json time os sys threading errno _thread thread ";

static bool is_module(struct python *p, const struct token *name)
{
    if (!token_is_word(name->start, name->length, modules))
        return false;
    const struct name *known = scope_find(p->scope, python_keep(p, name->start, name->length));
    return known == NULL || !known->assigned;
}

static struct value read_name(struct python *p)
{
    const struct token *token = python_take(p);
    if (token_is(token, "True") || token_is(token, "False")) {
        p->notes |= NOTE_WORD;
        return value_of(token_is(token, "True") ? "true" : "false", KIND_BOOL, LEVEL_PLACE);
    }
    if (token_is(token, "None")) {
        p->notes |= NOTE_WORD;
        return value_of("nil", KIND_NONE, LEVEL_PLACE);
    }
    if (is_module(p, token)) {
        struct value module =
            value_of(python_keep(p, token->start, token->length), KIND_MODULE, LEVEL_PLACE);
        module.shape = SHAPE_NAME;
        return module;
    }
    struct value v = value_of(scope_spell(p, token), KIND_UNKNOWN, LEVEL_PLACE);
    const struct name *known = scope_find(p->scope, v.text);
    if (known != NULL && known->gone && !python_sees(p, "="))
        python_refuse(p, "%s is the variable of a loop that is over, and Lua's ends with the loop",
                      v.text);
    if (known != NULL)
        v.kind = known->kind;
    if (known != NULL && known->module != NULL)
        v.text = known->module;
    v.shape = SHAPE_NAME;
    return v;
}

/* Values up to a closing bracket, each followed by `:` and another where `pairs` is set. */
static struct value *read_items(struct python *p, const char *closing, bool pairs, size_t *count)
{
    size_t capacity = 8;
    struct value *items = python_allocate(p, capacity * sizeof *items);
    *count = 0;
    while (items != NULL && !python_sees(p, closing) && !p->stopped) {
        if (*count + 2 > capacity) {
            struct value *more = python_allocate(p, 2 * capacity * sizeof *items);
            if (more == NULL)
                break;
            memcpy(more, items, *count * sizeof *items);
            items = more;
            capacity *= 2;
        }
        items[(*count)++] = expression_read(p);
        if (pairs && !p->script && !python_sees(p, ":"))
            python_wrong(p); /* {1, 2} is a list in Lua */
        if (pairs && !python_accept(p, ":"))
            python_refuse(p, "a set is a table with the values as keys in Lua: {[value] = true}");
        if (pairs)
            items[(*count)++] = expression_read(p);
        if (python_sees(p, "for"))
            python_refuse(p, "a comprehension is a loop with table.insert() in Lua");
        if (!python_accept(p, ","))
            break;
    }
    python_expect(p, closing);
    return items;
}

static struct value sequence(struct python *p, struct value *items, size_t count, enum shape shape)
{
    struct value v =
        value_of(python_say(p, "{%s}", value_list(p, items, count)), KIND_LIST, LEVEL_LITERAL);
    v.shape = shape;
    v.items = items;
    v.count = count;
    return v;
}

static struct value read_list(struct python *p)
{
    size_t count;
    python_take(p);
    struct value *items = read_items(p, "]", false, &count);
    p->notes |= NOTE_LIST;
    for (size_t i = 0; items != NULL && i < count; i++)
        if (items[i].kind == KIND_NONE)
            python_refuse(p, "a list cannot hold nil in Lua");
    return sequence(p, items, count, SHAPE_OTHER);
}

static struct value read_parentheses(struct python *p)
{
    python_take(p);
    size_t first = p->at;
    size_t count;
    struct value *items = read_items(p, ")", false, &count);
    bool comma =
        p->at >= 2 && p->at > first && !p->stopped && token_is(&p->list.items[p->at - 2], ",");
    if (count != 1 || comma || items == NULL)
        return sequence(p, items, count, SHAPE_TUPLE);
    struct value v = items[0];
    if (v.shape == SHAPE_LITERAL && v.kind == KIND_NUMBER)
        return v;
    if (v.text != NULL && v.shape != SHAPE_NAME)
        v = value_of(python_say(p, "(%s)", v.text), v.kind, LEVEL_PLACE);
    return v;
}

/* The key of a table: a name as it is, else in brackets. */
static const char *table_key(struct python *p, const struct value *key)
{
    if (key->literal != NULL && key->literal->type == TOKEN_STRING) {
        const struct token *t = key->literal;
        bool name = t->body_length > 0 && !isdigit((unsigned char)t->body[0]);
        for (size_t i = 0; i < t->body_length; i++)
            name = name && (isalnum((unsigned char)t->body[i]) || t->body[i] == '_');
        name = name && !token_is_word(t->body, t->body_length,
                                      " and break do else elseif end false for function goto if in "
                                      "local nil not or repeat return then true until while ");
        if (name)
            return python_keep(p, t->body, t->body_length);
    }
    return python_say(p, "[%s]", value_text(p, key, 0));
}

static struct value read_dictionary(struct python *p)
{
    size_t count;
    const char *text = "";
    python_take(p);
    struct value *items = read_items(p, "}", true, &count);
    for (size_t i = 0; items != NULL && i + 1 < count; i += 2)
        if (items[i + 1].kind == KIND_NONE)
            python_refuse(p, "a table cannot hold nil in Lua; json.null stands for it in JSON");
    for (size_t i = 0; items != NULL && i + 1 < count; i += 2)
        text = python_say(p, "%s%s%s = %s", text, i > 0 ? ", " : "", table_key(p, &items[i]),
                          value_text(p, &items[i + 1], 0));
    p->notes |= NOTE_LIST;
    return value_of(python_say(p, "{%s}", text), KIND_DICT, LEVEL_LITERAL);
}

static struct value read_atom(struct python *p)
{
    const struct token *token = python_peek(p);
    if (token->type == TOKEN_STRING)
        return literal_string(p);
    if (token->type == TOKEN_NUMBER)
        return literal_number(p);
    if (token_is(token, "("))
        return read_parentheses(p);
    if (token_is(token, "["))
        return read_list(p);
    if (token_is(token, "{"))
        return read_dictionary(p);
    if (token->type == TOKEN_NAME && !python_is_keyword(token))
        return read_name(p);
    if (token_is(token, "await") || token_is(token, "yield"))
        python_refuse(p, "`%.*s` has no translation; spawn() runs a function beside the others",
                      (int)token->length, token->start);
    python_wrong(p);
    return (struct value){.text = "", .level = LEVEL_PLACE};
}

static struct value after_dot(struct python *p, const struct value *object)
{
    python_take(p);
    const struct token *token = python_take(p);
    if (token->type != TOKEN_NAME)
        python_wrong(p);
    const char *name = python_keep(p, token->start, token->length);
    if (!python_sees(p, "(")) {
        if (object->kind == KIND_MODULE)
            return call_attribute(p, object->text, name);
        if (object->kind == KIND_ERROR && strcmp(name, "strerror") == 0)
            name = "message";
        struct value v = value_of(
            python_say(p, "%s.%s", value_text(p, object, LEVEL_PLACE), scope_spell(p, token)),
            KIND_UNKNOWN, LEVEL_PLACE);
        if (object->kind == KIND_TASK)
            v.kind = KIND_TASK; /* its daemon flag */
        if (object->kind == KIND_ERROR)
            v.text = python_say(p, "%s.%s", object->text, name);
        v.shape = SHAPE_PLACE;
        return v;
    }
    struct arguments arguments;
    call_read_arguments(p, &arguments);
    return object->kind == KIND_MODULE ? call_module(p, object->text, name, &arguments)
                                       : method_call(p, object, name, &arguments);
}

/* A bound of a slice; a number counts from 0 in Python and from 1 in Lua. */
static const char *first_bound(struct python *p, const struct value *from)
{
    long number;
    if (from->text == NULL)
        return "1";
    const char *text = value_text(p, from, LEVEL_ADD);
    if (text[0] == '-' || (value_is_number(from, &number) && number < 0))
        return text;
    return value_plus(p, text, "+", 1).text;
}

static const char *last_bound(struct python *p, const struct value *to)
{
    const char *text = value_text(p, to, LEVEL_ADD);
    return text[0] == '-' ? value_plus(p, text, "-", 1).text : text;
}

static struct value slice(struct python *p, const struct value *object, const struct value *from,
                          const struct value *to)
{
    const char *place = value_text(p, object, LEVEL_PLACE);
    const char *first = first_bound(p, from);
    const char *last = to->text != NULL ? last_bound(p, to) : NULL;
    p->notes |= NOTE_INDEX;
    if (object->kind == KIND_LIST) {
        if (first[0] == '-' || (last != NULL && last[0] == '-'))
            python_refuse(p, "a slice of a list from its end has no short form in Lua");
        return value_of(last == NULL
                            ? python_say(p, "{table.unpack(%s, %s)}", place, first)
                            : python_say(p, "{table.unpack(%s, %s, %s)}", place, first, last),
                        KIND_LIST, LEVEL_LITERAL);
    }
    if (object->kind == KIND_ADDRESS || object->kind == KIND_DICT)
        python_refuse(p, "this cannot be sliced in Lua");
    return value_of(last == NULL ? python_say(p, "%s:sub(%s)", place, first)
                                 : python_say(p, "%s:sub(%s, %s)", place, first, last),
                    object->kind, LEVEL_PLACE);
}

static struct value list_index(struct python *p, const struct value *object,
                               const struct value *index)
{
    long number;
    const char *place = value_text(p, object, LEVEL_PLACE);
    const char *text = value_text(p, index, LEVEL_ADD);
    p->notes |= NOTE_INDEX;
    if (value_is_number(index, &number) && number < 0) {
        if (object->shape != SHAPE_NAME || object->kind != KIND_LIST)
            python_refuse(p, "Lua does not count from the end");
        text = number == -1 ? python_say(p, "#%s", place)
                            : python_say(p, "#%s - %ld", place, -number - 1);
    } else {
        text = value_plus(p, text, "+", 1).text;
    }
    struct value v = value_of(python_say(p, "%s[%s]", place, text), KIND_UNKNOWN, LEVEL_PLACE);
    v.shape = SHAPE_PLACE;
    return v;
}

static struct value text_index(struct python *p, const struct value *object,
                               const struct value *index)
{
    long number;
    const char *place = value_text(p, object, LEVEL_PLACE);
    p->notes |= NOTE_INDEX;
    if (object->kind == KIND_BYTES)
        python_refuse(p, "an index into bytes is a number in Python: data:byte(1) in Lua");
    if (!value_is_number(index, &number))
        python_refuse(p, "text is indexed by text:sub(i, i) in Lua, counting from 1");
    number += number >= 0;
    return value_of(
        python_say(p, number == -1 ? "%s:sub(%ld)" : "%s:sub(%ld, %ld)", place, number, number),
        KIND_TEXT, LEVEL_PLACE);
}

static struct value index_of(struct python *p, const struct value *object,
                             const struct value *index)
{
    long number;
    if (object->kind == KIND_MODULE && strcmp(object->text, "arg") == 0)
        return value_of(python_say(p, "arg[%s]", value_text(p, index, 0)), KIND_TEXT, LEVEL_PLACE);
    if (object->kind == KIND_PAIR && strcmp(index->text ? index->text : "", "0") == 0)
        return value_of(python_say(p, "(%s)", object->text), KIND_UNKNOWN, LEVEL_PLACE);
    if (value_is_text(object))
        return text_index(p, object, index);
    if (object->kind == KIND_LIST || object->kind == KIND_ADDRESS)
        return list_index(p, object, index);
    if (object->kind == KIND_DICT || value_is_text(index)) {
        struct value v = value_of(
            python_say(p, "%s[%s]", value_text(p, object, LEVEL_PLACE), value_text(p, index, 0)),
            KIND_UNKNOWN, LEVEL_PLACE);
        v.shape = SHAPE_PLACE;
        return v;
    }
    if (p->script || !value_is_number(index, &number))
        python_refuse(p, "Lua's lists count from 1, Python's from 0, and which of a list, a "
                         "dictionary or text this is cannot be seen");
    return list_index(p, object, index);
}

static struct value after_bracket(struct python *p, const struct value *object)
{
    struct value from = {0}, to = {0};
    python_take(p);
    if (!python_sees(p, ":"))
        from = expression_read(p);
    if (python_accept(p, "]"))
        return index_of(p, object, &from);
    python_expect(p, ":");
    if (!python_sees(p, "]") && !python_sees(p, ":"))
        to = expression_read(p);
    if (python_sees(p, ":"))
        python_refuse(p, "a slice with a step is a loop in Lua");
    python_expect(p, "]");
    return slice(p, object, &from, &to);
}

struct value primary_read(struct python *p)
{
    if (++p->nesting > 400)
        python_wrong(p);
    if (python_sees(p, "-") || python_sees(p, "+") || python_sees(p, "~"))
        python_wrong(p); /* two signs in a row */
    struct value v = read_atom(p);
    while (!p->stopped) {
        if (python_sees(p, ".")) {
            v = after_dot(p, &v);
        } else if (python_sees(p, "[")) {
            v = after_bracket(p, &v);
        } else if (python_sees(p, "(")) {
            struct arguments arguments;
            call_read_arguments(p, &arguments);
            if (v.shape != SHAPE_NAME)
                python_refuse(p, "what is called here has no name");
            v = call_function(p, value_text(p, &v, LEVEL_PLACE), &arguments);
        } else {
            break;
        }
    }
    p->nesting--;
    return v;
}
