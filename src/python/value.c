/* SPDX-License-Identifier: MIT
 *
 * Values: putting pieces of Lua together, and Python's idea of what counts as true, which is not
 * Lua's: there 0, "" and an empty list are false.
 */
#include "inside.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct value value_of(const char *text, enum kind kind, enum level level)
{
    return (struct value){.text = text, .kind = kind, .level = level};
}

const char *value_text(struct python *p, const struct value *v, enum level level)
{
    if (v->text == NULL) {
        if (v->truth != NULL)
            python_refuse(p,
                          "`and` and `or` give one of their values here, and Lua chooses another "
                          "one where a value is 0, empty or unknown");
        else
            python_refuse(p, "this has no value in Lua");
        return "";
    }
    if (v->kind == KIND_PAIR)
        python_refuse(p, "this gives two values in Lua: a, b = %s", v->text);
    if (v->kind == KIND_READY)
        python_refuse(p, "this gives two lists in Lua: readable, writable = %s", v->text);
    if (make_is_needed(v))
        python_refuse(p, "a socket that is made and %s wants a name: s = ...",
                      v->kind == KIND_SERVER ? "bound" : "connected");
    return v->level < level ? python_say(p, "(%s)", v->text) : v->text;
}

const char *value_list(struct python *p, const struct value *items, size_t count)
{
    const char *list = "";
    for (size_t i = 0; i < count; i++)
        list = python_say(p, "%s%s%s", list, i > 0 ? ", " : "", value_text(p, &items[i], 0));
    return list;
}

bool value_is_text(const struct value *v)
{
    return v->kind == KIND_TEXT || v->kind == KIND_BYTES;
}

/* A number that the translator may count with; one so large that a sum might not fit is left to
 * Lua. */
static bool read_number(const char *text, long *number)
{
    char *end;
    *number = strtol(text, &end, 10);
    return *end == '\0' && end != text && *number > LONG_MIN / 2 && *number < LONG_MAX / 2;
}

bool value_is_number(const struct value *v, long *number)
{
    return v->text != NULL && v->kind == KIND_NUMBER && read_number(v->text, number);
}

/* Unknown values: a test that holds for whatever it may be. */
static const char *unknown_condition(struct python *p, const struct value *v, bool wanted)
{
    p->notes |= NOTE_TRUTH;
    if (p->script) {
        p->needs_truth = true;
        return python_say(p, "%sis_true(%s)", wanted ? "" : "not ", value_text(p, v, 0));
    }
    if (v->shape != SHAPE_NAME) {
        python_refuse(p, "what counts as true differs: in Lua only nil and false are not. Give the "
                         "value a name and compare it");
        return "";
    }
    return python_say(
        p, wanted ? "(%s and %s ~= \"\" and %s ~= 0)" : "(not %s or %s == \"\" or %s == 0)",
        v->text, v->text, v->text);
}

const char *value_condition(struct python *p, const struct value *v, bool wanted)
{
    if (v->truth != NULL)
        return wanted ? python_say(p, "(%s)", v->truth) : python_say(p, "not (%s)", v->truth);
    const char *text = value_text(p, v, LEVEL_CONCAT);
    switch (v->kind) {
    case KIND_TEXT:
    case KIND_BYTES:
        p->notes |= NOTE_TRUTH;
        return python_say(p, "%s %s \"\"", text, wanted ? "~=" : "==");
    case KIND_NUMBER:
        p->notes |= NOTE_TRUTH;
        return strcmp(text, "1") == 0 ? (wanted ? "true" : "false")
                                      : python_say(p, "%s %s 0", text, wanted ? "~=" : "==");
    case KIND_LIST:
        p->notes |= NOTE_TRUTH;
        return python_say(p, "#%s %s 0", value_text(p, v, LEVEL_UNARY), wanted ? ">" : "==");
    case KIND_DICT:
        p->notes |= NOTE_TRUTH;
        return python_say(p, "next(%s) %s nil", text, wanted ? "~=" : "==");
    case KIND_BOOL:
    case KIND_SOCKET:
    case KIND_ADDRESS:
    case KIND_ERROR:
        return wanted ? value_text(p, v, LEVEL_AND)
                      : python_say(p, "not %s", value_text(p, v, LEVEL_UNARY));
    default:
        return unknown_condition(p, v, wanted);
    }
}

/* As print and str show it. */
const char *value_shown(struct python *p, const struct value *v)
{
    if (value_is_text(v))
        return value_text(p, v, LEVEL_CONCAT);
    if (v->kind == KIND_LIST || v->kind == KIND_DICT || v->kind == KIND_JSON)
        return python_say(p, "json.dumps(%s)", value_text(p, v, 0));
    return python_say(p, "tostring(%s)", value_text(p, v, 0));
}

/* left + 1, counted where it is a number. */
struct value value_plus(struct python *p, const char *left, const char *sign, int number)
{
    long value;
    if (read_number(left, &value))
        return value_of(python_say(p, "%ld", *sign == '+' ? value + number : value - number),
                        KIND_NUMBER, LEVEL_LITERAL);
    return value_of(python_say(p, "%s %s %d", left, sign, number), KIND_NUMBER, LEVEL_ADD);
}
