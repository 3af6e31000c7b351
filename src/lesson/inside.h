/* SPDX-License-Identifier: MIT
 *
 * What the parts of the parser share: lines by their marks, facts, and steps made of what was read.
 * For them alone.
 */
#ifndef LESSON_INSIDE_H
#define LESSON_INSIDE_H

#include "lesson/lesson.h"

enum { TITLE_COLUMNS = 60 };

/* A line of the file, or a part of it. */
struct line {
    const char *text;
    size_t length;
};

struct parser {
    const char *path;
    const struct lesson_compiler *compiler;
    struct lesson *lesson;
    struct buffer *mistakes;
    bool starved; /* there was no memory */
    unsigned line;

    struct lesson_step *step; /* that is being read; NULL before the first */
    struct buffer narration, explanation, code;
    unsigned code_line;
    char *answer;
    unsigned answer_line;
    char last; /* the mark that a comment would go on, '\0' for none */
};

void parser_complain(struct parser *p, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A copy; NULL and `starved` where there is no memory. */
char *parser_copy(struct parser *p, const char *text, size_t length);

/* One more item of a list of `size` bytes each, zeroed; NULL and `starved`. */
void *parser_add(struct parser *p, void **items, size_t *count, size_t size);

bool line_is_blank(char c);

/* Takes the blanks at both ends off. */
void line_trim(struct line *line);

/* What stands behind `--:`. */
void fact_read(struct parser *p, const struct line *rest);

/* The step has been read: makes statements and paragraphs of it, and looks whether it is whole. */
void step_finish(struct parser *p);

#endif
