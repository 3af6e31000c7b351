/* SPDX-License-Identifier: MIT
 *
 * Python's tokens. Indentation becomes tokens, lines within brackets are joined, comments are kept,
 * and the curly quotes of web pages are quotes. Tokens point into the text.
 */
#ifndef PYTHON_TOKEN_H
#define PYTHON_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum token_type {
    TOKEN_END,
    TOKEN_NEWLINE,
    TOKEN_INDENT,
    TOKEN_DEDENT,
    TOKEN_NAME,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_SIGN,    /* operators and brackets */
    TOKEN_COMMENT, /* without a newline of its own where it stands alone */
    TOKEN_WRONG    /* no Python; the last token */
};

enum token_prefix { TOKEN_RAW = 1, TOKEN_BYTES = 2, TOKEN_FORMAT = 4, TOKEN_CURLY = 8 };

struct token {
    enum token_type type;
    const char *start;
    size_t length;
    int line;         /* from 1 */
    const char *body; /* of a string: what stands between the quotes */
    size_t body_length;
    unsigned prefix; /* of a string: enum token_prefix */
};

struct token_list {
    struct token *items; /* owned */
    size_t count, capacity;
    bool open;   /* the text ends within brackets or a string of three quotes */
    bool failed; /* there was no memory */
};

/* The last token is TOKEN_END or TOKEN_WRONG. */
void token_scan(struct token_list *list, const char *text, size_t length, int first_line);
void token_free(struct token_list *list);

bool token_is(const struct token *token, const char *text);

/* Whether a word stands in a list of words with a space before and behind each. */
bool token_is_word(const char *text, size_t length, const char *words);

#endif
