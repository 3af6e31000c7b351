/* SPDX-License-Identifier: MIT
 *
 * Expressions with operators, weakest first, after the grammar in the Python Language Reference.
 */
#include "inside.h"

#include <string.h>

enum { MOST_NESTING = 60 };

static struct value read_or(struct python *p);

static struct value truth_of(const char *text)
{
    struct value v = {.kind = KIND_BOOL, .level = LEVEL_OR, .truth = text};
    return v;
}

/* Whether Lua takes the value for true exactly when Python does. */
static bool is_plain_truth(const struct value *v)
{
    return v->text != NULL && (v->kind == KIND_BOOL || v->kind == KIND_SOCKET ||
                               v->kind == KIND_ADDRESS || v->kind == KIND_ERROR);
}

static struct value combine(struct python *p, const struct value *left, const char *word,
                            const struct value *right, enum level level)
{
    if (is_plain_truth(left) && is_plain_truth(right))
        return value_of(python_say(p, "%s %s %s", value_text(p, left, level), word,
                                   value_text(p, right, level + 1)),
                        KIND_BOOL, level);
    return truth_of(python_say(p, "%s %s %s", value_condition(p, left, true), word,
                               value_condition(p, right, true)));
}

static struct value unary_minus(struct python *p, const char *sign)
{
    python_take(p);
    struct value v = primary_read(p);
    const char *text = value_text(p, &v, LEVEL_UNARY);
    if (*sign == '+')
        return v;
    return value_of(python_say(p, text[0] == '-' ? "- %s" : "-%s", text), KIND_NUMBER, LEVEL_UNARY);
}

static struct value read_factor(struct python *p)
{
    struct value v;
    if (python_sees(p, "-"))
        v = unary_minus(p, "-");
    else if (python_sees(p, "+"))
        v = unary_minus(p, "+");
    else if (python_accept(p, "~")) {
        v = primary_read(p);
        v = value_of(python_say(p, "~%s", value_text(p, &v, LEVEL_UNARY)), KIND_NUMBER,
                     LEVEL_UNARY);
    } else {
        v = primary_read(p);
    }
    if (python_sees(p, "**"))
        python_refuse(p, "** gives a whole number in Python; Lua's ^ always gives a float");
    return v;
}

static struct value add(struct python *p, const struct value *left, const struct value *right)
{
    bool text = value_is_text(left) || value_is_text(right);
    bool number = left->kind == KIND_NUMBER || right->kind == KIND_NUMBER;
    if (left->kind == KIND_LIST || right->kind == KIND_LIST)
        python_refuse(p, "Lua does not join lists by +");
    else if (text == number)
        python_refuse(p, "+ may add or join here; Lua joins by .. and adds by +");
    if (text) {
        p->notes |= NOTE_OPERATOR;
        return value_of(python_say(p, "%s .. %s", value_text(p, left, LEVEL_CONCAT),
                                   value_text(p, right, LEVEL_CONCAT)),
                        value_is_text(left) ? left->kind : right->kind, LEVEL_CONCAT);
    }
    return value_of(python_say(p, "%s + %s", value_text(p, left, LEVEL_ADD),
                               value_text(p, right, LEVEL_ADD + 1)),
                    KIND_NUMBER, LEVEL_ADD);
}

static struct value repeat(struct python *p, const struct value *text, const struct value *count)
{
    p->notes |= NOTE_OPERATOR;
    return value_of(
        python_say(p, "%s:rep(%s)", value_text(p, text, LEVEL_PLACE), value_text(p, count, 0)),
        text->kind, LEVEL_PLACE);
}

static struct value multiply(struct python *p, const char *sign, const struct value *left,
                             const struct value *right)
{
    if (*sign == '%' && (value_is_text(left) || right->shape == SHAPE_TUPLE))
        return format_percent(p, left, right);
    if (*sign == '*' && value_is_text(left))
        return repeat(p, left, right);
    if (*sign == '*' && value_is_text(right))
        return repeat(p, right, left);
    if (left->kind == KIND_LIST || right->kind == KIND_LIST)
        python_refuse(p, "Lua does not repeat lists");
    if (*sign == '%' && left->kind == KIND_UNKNOWN && right->kind != KIND_NUMBER)
        python_refuse(p, "%% may format text or give a remainder here");
    return value_of(python_say(p, "%s %s %s", value_text(p, left, LEVEL_MULTIPLY), sign,
                               value_text(p, right, LEVEL_UNARY)),
                    KIND_NUMBER, LEVEL_MULTIPLY);
}

struct value expression_apply(struct python *p, const char *sign, const struct value *left,
                              const struct value *right)
{
    if (strcmp(sign, "+") == 0)
        return add(p, left, right);
    if (strchr("*/%", *sign) != NULL)
        return multiply(p, sign, left, right);
    enum level level = *sign == '-' ? LEVEL_ADD : LEVEL_BIT_OR;
    if (strchr("-|&", *sign) == NULL)
        python_refuse(p, "%s= is not translated", sign);
    return value_of(python_say(p, "%s %s %s", value_text(p, left, level), sign,
                               value_text(p, right, LEVEL_MULTIPLY)),
                    KIND_NUMBER, level);
}

static struct value read_term(struct python *p)
{
    struct value left = read_factor(p);
    while (python_sees(p, "*") || python_sees(p, "/") || python_sees(p, "//") ||
           python_sees(p, "%")) {
        const struct token *sign = python_take(p);
        const char *text = python_keep(p, sign->start, sign->length);
        struct value right = read_factor(p);
        left = multiply(p, text, &left, &right);
    }
    return left;
}

static struct value read_sum(struct python *p)
{
    struct value left = read_term(p);
    while (python_sees(p, "+") || python_sees(p, "-")) {
        bool plus = python_accept(p, "+");
        if (!plus)
            python_take(p);
        struct value right = read_term(p);
        left = plus ? add(p, &left, &right)
                    : value_of(python_say(p, "%s - %s", value_text(p, &left, LEVEL_ADD),
                                          value_text(p, &right, LEVEL_ADD + 1)),
                               KIND_NUMBER, LEVEL_ADD);
    }
    return left;
}

static struct value read_bits(struct python *p, enum level level)
{
    static const char *const signs[][2] = {[LEVEL_BIT_OR] = {"|", "|"},
                                           [LEVEL_BIT_XOR] = {"^", "^"},
                                           [LEVEL_BIT_AND] = {"&", "&"},
                                           [LEVEL_SHIFT] = {"<<", ">>"}};
    struct value left = level == LEVEL_SHIFT ? read_sum(p) : read_bits(p, level + 1);
    while (python_sees(p, signs[level][0]) || python_sees(p, signs[level][1])) {
        const struct token *sign = python_take(p);
        struct value right = level == LEVEL_SHIFT ? read_sum(p) : read_bits(p, level + 1);
        left = value_of(python_say(p, "%s %.*s %s", value_text(p, &left, level),
                                   level == LEVEL_BIT_XOR ? 1 : (int)sign->length,
                                   level == LEVEL_BIT_XOR ? "~" : sign->start,
                                   value_text(p, &right, level + 1)),
                        KIND_NUMBER, level);
    }
    return left;
}

/* The sign of a comparison as Lua has it; NULL where none stands here. */
static const char *take_comparison(struct python *p)
{
    static const char *const same[] = {"==", "<", ">", "<=", ">="};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (python_accept(p, same[i]))
            return same[i];
    if (python_accept(p, "!=") || python_accept(p, "<>")) {
        p->notes |= NOTE_OPERATOR;
        return "~=";
    }
    if (!python_accept(p, "is"))
        return NULL;
    p->notes |= NOTE_OPERATOR;
    return python_accept(p, "not") ? "~=" : "==";
}

static struct value contains(struct python *p, const struct value *left, const struct value *right,
                             bool wanted)
{
    p->notes |= NOTE_OPERATOR;
    if (value_is_text(right))
        return value_of(python_say(p, "%s:find(%s, 1, true) %s nil",
                                   value_text(p, right, LEVEL_PLACE), value_text(p, left, 0),
                                   wanted ? "~=" : "=="),
                        KIND_BOOL, LEVEL_COMPARE);
    if (right->kind == KIND_DICT)
        return value_of(python_say(p, "%s[%s] %s nil", value_text(p, right, LEVEL_PLACE),
                                   value_text(p, left, 0), wanted ? "~=" : "=="),
                        KIND_BOOL, LEVEL_COMPARE);
    python_refuse(p, "Lua has no `in`: a loop over the list looks for the value");
    return (struct value){0};
}

static struct value read_comparison(struct python *p)
{
    struct value left = read_bits(p, LEVEL_BIT_OR);
    bool is_not = python_sees(p, "not") && token_is(python_peek_next(p, 1), "in");
    if (is_not || python_sees(p, "in")) {
        if (is_not)
            python_take(p);
        python_take(p);
        struct value right = read_bits(p, LEVEL_BIT_OR);
        return contains(p, &left, &right, !is_not);
    }
    const char *sign = take_comparison(p);
    if (sign == NULL)
        return left;
    struct value right = read_bits(p, LEVEL_BIT_OR);
    if (take_comparison(p) != NULL)
        python_refuse(p, "Lua does not chain comparisons: write both with `and`");
    bool lists = left.kind == KIND_LIST || right.kind == KIND_LIST || left.kind == KIND_DICT ||
                 right.kind == KIND_DICT;
    if (lists)
        python_refuse(p, "Lua compares lists by identity, Python by what they hold");
    return value_of(python_say(p, "%s %s %s", value_text(p, &left, LEVEL_BIT_OR), sign,
                               value_text(p, &right, LEVEL_BIT_OR)),
                    KIND_BOOL, LEVEL_COMPARE);
}

static struct value read_not(struct python *p)
{
    int nots = 0;
    while (python_accept(p, "not"))
        nots++;
    struct value v = read_comparison(p);
    if (nots == 0)
        return v;
    bool wanted = nots % 2 == 0;
    const char *text = value_condition(p, &v, wanted);
    bool compared = v.truth == NULL && v.kind != KIND_BOOL && strncmp(text, "not ", 4) != 0;
    return value_of(text, KIND_BOOL, compared ? LEVEL_COMPARE : wanted ? v.level : LEVEL_UNARY);
}

static struct value read_and(struct python *p)
{
    struct value left = read_not(p);
    while (python_accept(p, "and")) {
        struct value right = read_not(p);
        left = combine(p, &left, "and", &right, LEVEL_AND);
    }
    return left;
}

static struct value read_or(struct python *p)
{
    struct value left = read_and(p);
    while (python_accept(p, "or")) {
        struct value right = read_and(p);
        left = combine(p, &left, "or", &right, LEVEL_OR);
    }
    return left;
}

/* `c and a or b` is Python's `a if c else b` only where a is never nil or false. */
static struct value choose(struct python *p, const struct value *yes)
{
    struct value condition = read_or(p);
    python_expect(p, "else");
    struct value no = expression_read(p);
    if (!value_is_text(yes) && yes->kind != KIND_NUMBER)
        python_refuse(p, "`a if c else b` is `c and a or b` in Lua only where a is never false");
    p->notes |= NOTE_OPERATOR;
    return value_of(python_say(p, "%s and %s or %s", value_condition(p, &condition, true),
                               value_text(p, yes, LEVEL_COMPARE), value_text(p, &no, LEVEL_OR)),
                    yes->kind == no.kind ? no.kind : KIND_UNKNOWN, LEVEL_OR);
}

struct value expression_read(struct python *p)
{
    struct value v = {0};
    if (++p->nesting > MOST_NESTING)
        python_wrong(p);
    if (python_sees(p, "lambda"))
        p->notes |= NOTE_BLOCK;
    if (python_sees(p, "lambda"))
        python_refuse(p, "a lambda is a function in Lua: function(x) return ... end");
    else
        v = read_or(p);
    if (python_accept(p, "if"))
        v = choose(p, &v);
    p->nesting--;
    return v;
}

static bool ends_list(const struct python *p)
{
    const struct token *token = python_peek(p);
    return token->type == TOKEN_NEWLINE || token->type == TOKEN_END ||
           token->type == TOKEN_COMMENT || token_is(token, ")") || token_is(token, "=") ||
           token_is(token, ";") || token_is(token, "]") || token_is(token, ":");
}

struct value expression_read_list(struct python *p)
{
    enum { MOST = 32 };
    struct value items[MOST];
    size_t count = 1;
    items[0] = expression_read(p);
    if (!python_sees(p, ","))
        return items[0];
    while (python_accept(p, ",") && !ends_list(p) && !p->stopped) {
        if (count == MOST) {
            python_refuse(p, "too many values side by side");
            break;
        }
        items[count++] = expression_read(p);
    }
    struct value *kept = python_allocate(p, count * sizeof *kept);
    if (kept == NULL)
        return (struct value){0};
    memcpy(kept, items, count * sizeof *kept);
    struct value tuple =
        value_of(python_say(p, "{%s}", value_list(p, kept, count)), KIND_LIST, LEVEL_LITERAL);
    tuple.shape = SHAPE_TUPLE;
    tuple.items = kept;
    tuple.count = count;
    return tuple;
}
