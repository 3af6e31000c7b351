/* SPDX-License-Identifier: MIT
 *
 * The tokenizer: one pass over the text, after the Python Language Reference, chapter 2. It knows
 * letters and lines, not what they mean.
 */
#include "token.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_INDENTS = 64, TAB_STOP = 8 };

struct scanner {
    struct token_list *list;
    const char *at, *end;
    int line;
    int brackets;
    int indents[MOST_INDENTS];
    int indent_count;
    bool at_line_start, any;
};

static struct token *add(struct scanner *s, enum token_type type, const char *start, size_t length)
{
    struct token_list *list = s->list;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 32;
        struct token *items = realloc(list->items, capacity * sizeof *items);
        if (items == NULL) {
            list->failed = true;
            return NULL;
        }
        list->items = items;
        list->capacity = capacity;
    }
    struct token *token = &list->items[list->count++];
    *token = (struct token){.type = type, .start = start, .length = length, .line = s->line};
    return token;
}

bool token_is(const struct token *token, const char *text)
{
    return (token->type == TOKEN_NAME || token->type == TOKEN_SIGN) &&
           strlen(text) == token->length && memcmp(token->start, text, token->length) == 0;
}

bool token_is_word(const char *text, size_t length, const char *words)
{
    for (const char *at = words; *at != '\0'; at++) {
        size_t size = strcspn(at + 1, " ");
        if (size > 0 && size == length && memcmp(at + 1, text, length) == 0)
            return true;
        at += size;
        if (at[1] == '\0')
            break;
    }
    return false;
}

/* How many bytes a quotation mark takes, 0 for none. Curly quotes in UTF-8 are E2 80 98 to 9F,
 * single ones first. */
static size_t quote_size(const char *at, const char *end, char *kind)
{
    if (at < end && (*at == '\'' || *at == '"')) {
        *kind = *at;
        return 1;
    }
    if (end - at < 3 || memcmp(at, "\xE2\x80", 2) != 0)
        return 0;
    unsigned char last = (unsigned char)at[2];
    if (last < 0x98 || last > 0x9F)
        return 0;
    *kind = last < 0x9C ? '1' : '2'; /* a curly single or double one */
    return 3;
}

static bool is_triple(const char *at, const char *end, char quote)
{
    return end - at >= 3 && at[0] == quote && at[1] == quote && at[2] == quote;
}

/* Spaces, among them the no-break space that web pages have. */
static size_t space_length(const char *at, const char *end)
{
    if (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\f'))
        return 1;
    return end - at >= 2 && memcmp(at, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Finds the end of a string whose body begins at `at`; NULL where there is none. */
static const char *find_closing(struct scanner *s, const char *at, char kind, bool triple)
{
    while (at < s->end) {
        char other = 0;
        if (*at == '\\' && at + 1 < s->end) {
            s->line += at[1] == '\n';
            at += 2;
            continue;
        }
        if (triple ? is_triple(at, s->end, kind) : quote_size(at, s->end, &other) && other == kind)
            return at;
        if (*at == '\n' && !triple)
            return NULL;
        s->line += *at == '\n';
        at++;
    }
    if (triple)
        s->list->open = true;
    return NULL;
}

static bool scan_string(struct scanner *s, const char *start, unsigned prefix)
{
    char kind = 0;
    size_t quote = quote_size(s->at, s->end, &kind);
    bool triple = is_triple(s->at, s->end, kind);
    const char *body = s->at + (triple ? 3 : quote);
    const char *closing = find_closing(s, body, kind, triple);
    if (closing == NULL)
        return false;
    size_t tail = triple ? 3 : quote;
    struct token *token = add(s, TOKEN_STRING, start, (size_t)(closing - start) + tail);
    if (token == NULL)
        return false;
    token->body = body;
    token->body_length = (size_t)(closing - body);
    token->prefix = prefix | (quote > 1 ? TOKEN_CURLY : 0U);
    s->at = closing + tail;
    return true;
}

/* The flags of a string's prefix; false where the letters are no prefix. */
static bool read_prefix(const char *start, size_t length, unsigned *prefix)
{
    *prefix = 0;
    if (length > 2)
        return false;
    for (size_t i = 0; i < length; i++) {
        switch ((tolower)((unsigned char)start[i])) { /* the function, not the macro */
        case 'r':
            *prefix |= TOKEN_RAW;
            break;
        case 'b':
            *prefix |= TOKEN_BYTES;
            break;
        case 'f':
            *prefix |= TOKEN_FORMAT;
            break;
        case 'u':
            break;
        default:
            return false;
        }
    }
    return true;
}

static bool scan_name(struct scanner *s)
{
    const char *start = s->at;
    unsigned prefix;
    char kind;
    while (s->at < s->end && is_name_byte(*s->at))
        s->at++;
    size_t length = (size_t)(s->at - start);
    if (quote_size(s->at, s->end, &kind) && read_prefix(start, length, &prefix))
        return scan_string(s, start, prefix);
    return add(s, TOKEN_NAME, start, length) != NULL;
}

static bool scan_number(struct scanner *s)
{
    const char *start = s->at;
    bool hex = s->end - start > 1 && start[0] == '0' && strchr("xXoObB", start[1]) != NULL;
    while (s->at < s->end && (is_name_byte(*s->at) || *s->at == '.')) {
        bool exponent = !hex && (*s->at == 'e' || *s->at == 'E');
        s->at++;
        if (exponent && s->at < s->end && (*s->at == '+' || *s->at == '-'))
            s->at++;
    }
    return add(s, TOKEN_NUMBER, start, (size_t)(s->at - start)) != NULL;
}

static bool scan_sign(struct scanner *s)
{
    static const char *const signs[] = {
        "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==",
        "!=",  "<>",  "->",  ":=",  "+=",  "-=", "*=", "/=", "%=", "&=", "|=", "^=",
        "@=",  "+",   "-",   "*",   "/",   "%",  "&",  "|",  "^",  "~",  "<",  ">",
        "=",   "(",   ")",   "[",   "]",   "{",  "}",  ",",  ":",  ".",  ";",  "@",
    };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t length = strlen(signs[i]);
        if ((size_t)(s->end - s->at) < length || memcmp(s->at, signs[i], length) != 0)
            continue;
        if (strchr("([{", *s->at) != NULL)
            s->brackets++;
        else if (strchr(")]}", *s->at) != NULL && --s->brackets < 0)
            return false;
        bool good = add(s, TOKEN_SIGN, s->at, length) != NULL;
        s->at += length;
        return good;
    }
    return false;
}

static void scan_comment(struct scanner *s)
{
    const char *newline = memchr(s->at, '\n', (size_t)(s->end - s->at));
    const char *end = newline ? newline : s->end;
    if (s->brackets == 0)
        add(s, TOKEN_COMMENT, s->at, (size_t)(end - s->at));
    s->at = end;
}

/* The first line's indentation is that of the whole text: a block is often pasted with its own. */
static void set_indent(struct scanner *s, int column)
{
    if (s->indent_count == 0) {
        s->indents[s->indent_count++] = column;
        return;
    }
    if (column > s->indents[s->indent_count - 1] && s->indent_count < MOST_INDENTS) {
        s->indents[s->indent_count++] = column;
        add(s, TOKEN_INDENT, s->at, 0);
        return;
    }
    while (s->indent_count > 1 && column < s->indents[s->indent_count - 1]) {
        s->indent_count--;
        add(s, TOKEN_DEDENT, s->at, 0);
    }
}

static int skip_spaces(struct scanner *s)
{
    int column = 0;
    size_t length;
    while ((length = space_length(s->at, s->end)) > 0) {
        column += *s->at == '\t' ? TAB_STOP - column % TAB_STOP : 1;
        s->at += length;
    }
    return column;
}

static void begin_line(struct scanner *s)
{
    int column = skip_spaces(s);
    s->at_line_start = false;
    if (s->at < s->end && *s->at != '\n' && *s->at != '#') {
        set_indent(s, column);
        s->any = true;
    }
}

static void end_line(struct scanner *s)
{
    if (s->brackets == 0) {
        if (s->any)
            add(s, TOKEN_NEWLINE, s->at, 0);
        s->any = false;
        s->at_line_start = true;
    }
    if (s->at < s->end)
        s->at++;
    s->line++;
}

/* One token; false where the text is no Python. */
static bool scan_one(struct scanner *s)
{
    char kind;
    if (isalpha((unsigned char)*s->at) || *s->at == '_')
        return scan_name(s);
    if (isdigit((unsigned char)*s->at) ||
        (*s->at == '.' && s->end - s->at > 1 && isdigit((unsigned char)s->at[1])))
        return scan_number(s);
    if (quote_size(s->at, s->end, &kind))
        return scan_string(s, s->at, 0);
    return scan_sign(s);
}

/* A newline, a comment or a joined line; false where a token stands here. */
static bool skip_layout(struct scanner *s)
{
    if (*s->at == '\n') {
        end_line(s);
        return true;
    }
    if (*s->at == '#') {
        scan_comment(s);
        return true;
    }
    if (*s->at == '\\' && s->end - s->at > 1 && s->at[1] == '\n') {
        s->at += 2;
        s->line++;
        return true;
    }
    return false;
}

void token_scan(struct token_list *list, const char *text, size_t length, int first_line)
{
    struct scanner s = {.list = list, .at = text, .end = text + length, .line = first_line};
    s.at_line_start = true;
    *list = (struct token_list){0};
    while (s.at < s.end) {
        if (s.at_line_start && s.brackets == 0)
            begin_line(&s);
        skip_spaces(&s);
        if (s.at == s.end || skip_layout(&s))
            continue;
        if (!scan_one(&s)) {
            add(&s, TOKEN_WRONG, s.at, 0);
            return;
        }
    }
    list->open = list->open || s.brackets > 0;
    if (s.any)
        add(&s, TOKEN_NEWLINE, s.at, 0);
    for (; s.indent_count > 1; s.indent_count--)
        add(&s, TOKEN_DEDENT, s.at, 0);
    add(&s, TOKEN_END, s.at, 0);
}

void token_free(struct token_list *list)
{
    free(list->items);
    *list = (struct token_list){0};
}
