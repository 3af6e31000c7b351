/* SPDX-License-Identifier: MIT
 *
 * A reader of tokens that remembers the brackets and blocks which are open. What does not fit
 * together, as half-typed code may not, is passed over.
 */
#include "app/context.h"

#include <ctype.h>
#include <string.h>

enum { FRAMES = 32 }; /* deeper code has no context */

struct frame {
    char kind;             /* the bracket, or 'e' for a block that `end` or `until` closes */
    size_t callee, length; /* length 0: no call */
    unsigned argument;
    size_t begins[CONTEXT_ARGUMENTS];
};

struct reader {
    const char *text;
    size_t at, end;
    struct frame frames[FRAMES];
    size_t depth;
    size_t path, path_length; /* the name with its dots that was read last; length 0: none */
    bool linked;              /* it ends with a dot or a colon */
    bool defining;            /* `function` was read: the next bracket holds parameters */
    enum context_place place;
};

const char *const *context_keywords(void)
{
    static const char *const keywords[] = {
        "and",      "break",  "do",   "else", "elseif", "end",   "false", "for",
        "function", "goto",   "if",   "in",   "local",  "nil",   "not",   "or",
        "repeat",   "return", "then", "true", "until",  "while", NULL};
    return keywords;
}

static bool is_keyword(const char *text, size_t length)
{
    for (const char *const *word = context_keywords(); *word != NULL; word++)
        if (strlen(*word) == length && memcmp(*word, text, length) == 0)
            return true;
    return false;
}

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

bool context_is_name(const char *text, size_t length)
{
    if (length == 0 || isdigit((unsigned char)text[0]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_letter(text[i]))
            return false;
    return !is_keyword(text, length);
}

static bool is_at(const struct reader *r, size_t at, char c)
{
    return at < r->end && r->text[at] == c;
}

static void forget_path(struct reader *r)
{
    r->path_length = 0;
    r->linked = false;
}

static void open_frame(struct reader *r, char kind, bool is_call)
{
    if (r->depth < FRAMES) {
        struct frame *f = &r->frames[r->depth];
        memset(f, 0, sizeof *f);
        f->kind = kind;
        f->callee = r->path;
        f->length = is_call ? r->path_length : 0;
        f->argument = 1;
        f->begins[0] = r->at + 1;
    }
    r->depth++;
}

static void close_frame(struct reader *r, char kind)
{
    if (r->depth > FRAMES || (r->depth > 0 && r->frames[r->depth - 1].kind == kind))
        r->depth--;
}

/* Behind the long bracket that opens at `at`, the end of the text where it is open there; `at`
 * where none opens. */
static size_t skip_long(const struct reader *r, size_t at)
{
    size_t i = at + 1;
    while (is_at(r, i, '='))
        i++;
    const size_t level = i - at - 1;
    if (!is_at(r, i, '['))
        return at;
    for (i++; i < r->end; i++) {
        size_t equals = 0;
        while (r->text[i] == ']' && is_at(r, i + 1 + equals, '='))
            equals++;
        if (r->text[i] == ']' && equals == level && is_at(r, i + 1 + equals, ']'))
            return i + equals + 2;
    }
    return r->end + 1;
}

/* Takes what was skipped; behind the end it was not closed. */
static void read_prose(struct reader *r, size_t behind)
{
    if (behind > r->end)
        r->place = CONTEXT_PROSE;
    r->at = behind > r->end ? r->end : behind;
}

static void read_comment(struct reader *r)
{
    const size_t opening = r->at + 2;
    size_t behind = is_at(r, opening, '[') ? skip_long(r, opening) : opening;
    if (behind == opening) {
        while (behind < r->end && r->text[behind] != '\n')
            behind++;
        behind += behind == r->end; /* no newline has ended it */
    }
    read_prose(r, behind);
}

/* A string that is open at the end leaves the path: in `help "bi` it is what is called. */
static void read_quoted(struct reader *r)
{
    const char quote = r->text[r->at];
    for (size_t i = r->at + 1; i < r->end; i++) {
        if (r->text[i] == '\\') {
            i++;
        } else if (r->text[i] == quote || r->text[i] == '\n') {
            r->at = i + 1;
            forget_path(r);
            return;
        }
    }
    if (r->path_length > 0 && !r->linked)
        open_frame(r, r->text[r->at], true);
    r->place = CONTEXT_QUOTED;
    r->at = r->end;
}

static void read_keyword(struct reader *r, const char *word, size_t length)
{
    static const char *const openers[] = {"function", "do", "if", "repeat"};
    static const char *const closers[] = {"end", "until"};
    forget_path(r);
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++)
        if (strlen(openers[i]) == length && memcmp(openers[i], word, length) == 0)
            open_frame(r, 'e', false);
    for (size_t i = 0; i < sizeof closers / sizeof closers[0]; i++)
        if (strlen(closers[i]) == length && memcmp(closers[i], word, length) == 0)
            close_frame(r, 'e');
    r->defining = length == 8 && memcmp(word, "function", length) == 0;
}

static void read_word(struct reader *r)
{
    const size_t begin = r->at;
    while (r->at < r->end && is_letter(r->text[r->at]))
        r->at++;
    const size_t length = r->at - begin;
    if (is_keyword(r->text + begin, length)) {
        read_keyword(r, r->text + begin, length);
        return;
    }
    if (!r->linked)
        r->path = begin;
    r->path_length = r->at - r->path;
    r->linked = false;
}

static void read_number(struct reader *r)
{
    while (r->at < r->end && (is_letter(r->text[r->at]) || r->text[r->at] == '.'))
        r->at++;
    forget_path(r);
}

/* A dot or a colon of a name; not `..`, `...` or `::`. */
static void read_link(struct reader *r)
{
    const char c = r->text[r->at];
    const size_t begin = r->at;
    while (is_at(r, r->at, c))
        r->at++;
    if (r->at - begin > 1) {
        forget_path(r);
        return;
    }
    if (r->path_length == 0)
        r->path = begin;
    r->path_length = r->at - r->path;
    r->linked = true;
}

static void read_opening(struct reader *r)
{
    const char c = r->text[r->at];
    const size_t behind = c == '[' ? skip_long(r, r->at) : r->at;
    if (behind != r->at) {
        read_prose(r, behind);
    } else {
        open_frame(r, c, c != '[' && !r->defining && !r->linked);
        r->defining = false;
        r->at++;
    }
    forget_path(r);
}

static void read_comma(struct reader *r)
{
    r->at++;
    forget_path(r);
    if (r->depth == 0 || r->depth > FRAMES)
        return;
    struct frame *f = &r->frames[r->depth - 1];
    if (f->argument < CONTEXT_ARGUMENTS && f->kind == '(')
        f->begins[f->argument] = r->at;
    f->argument += f->kind == '(';
}

static void read_closing(struct reader *r)
{
    const char c = r->text[r->at++];
    close_frame(r, c == ')' ? '(' : c == ']' ? '[' : '{');
    forget_path(r);
}

static void read_token(struct reader *r)
{
    const char c = r->text[r->at];
    if (isspace((unsigned char)c)) {
        r->at++;
    } else if (isdigit((unsigned char)c)) {
        read_number(r);
    } else if (is_letter(c)) {
        read_word(r);
    } else if (c == '"' || c == '\'') {
        read_quoted(r);
    } else if (c == '-' && is_at(r, r->at + 1, '-')) {
        read_comment(r);
    } else if (c == '.' || c == ':') {
        read_link(r);
    } else if (strchr("([{", c) != NULL) {
        read_opening(r);
    } else if (strchr(")]}", c) != NULL) {
        read_closing(r);
    } else if (c == ',') {
        read_comma(r);
    } else {
        r->at++;
        forget_path(r);
    }
}

/* The innermost call that is open, but for one outside of the function that the place is in. */
static void take_call(const struct reader *r, struct context *context)
{
    for (size_t i = r->depth <= FRAMES ? r->depth : 0; i > 0; i--) {
        const struct frame *f = &r->frames[i - 1];
        if (f->kind == 'e')
            return;
        context->nested += f->kind == '{' || f->length == 0;
        if (f->length > 0) {
            context->callee = f->callee;
            context->callee_length = f->length;
            context->argument = f->argument;
            memcpy(context->begins, f->begins, sizeof f->begins);
            return;
        }
    }
}

void context_read(const char *text, size_t end, struct context *context)
{
    struct reader r = {.text = text, .end = end};
    while (r.at < r.end)
        read_token(&r);
    memset(context, 0, sizeof *context);
    context->place = r.place;
    take_call(&r, context);
}

const char *context_argument(const char *text, const struct context *context, unsigned argument,
                             size_t *length)
{
    if (argument == 0 || argument >= context->argument || argument >= CONTEXT_ARGUMENTS)
        return NULL;
    size_t begin = context->begins[argument - 1];
    size_t end = context->begins[argument] - 1; /* the comma */
    while (begin < end && isspace((unsigned char)text[begin]))
        begin++;
    while (end > begin && isspace((unsigned char)text[end - 1]))
        end--;
    *length = end - begin;
    return text + begin;
}
