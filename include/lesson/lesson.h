/* SPDX-License-Identifier: MIT
 *
 * A lesson as its file says it: facts, steps, what each step tells, runs and asks. The file is
 * plain Lua whose comments carry marks in their third column. Knows the marks and no Lua: whether a
 * text is code is asked of whoever reads the lesson.
 */
#ifndef LESSON_LESSON_H
#define LESSON_LESSON_H

#include "base/buffer.h"

#include <stdint.h>

enum lesson_code { LESSON_COMPLETE, LESSON_UNFINISHED, LESSON_WRONG, LESSON_NO_MEMORY };

/* Whether a text is a statement or an expression of Lua; `expression`: whether it is the latter.
 * Where it is not, appends why to `message`, without a place, and sets `line`, from 1, in the text.
 */
struct lesson_compiler {
    enum lesson_code (*compile)(void *owner, const char *code, size_t length, bool expression,
                                struct buffer *message, unsigned *line);
    void *owner;
};

enum lesson_role { LESSON_ANY_ROLE, LESSON_SERVER, LESSON_CLIENT };

enum { LESSON_NEEDS_IPV6 = 1, LESSON_NEEDS_NETWORK = 2, LESSON_NEEDS_TWO_TERMINALS = 4 };

enum lesson_skip { LESSON_SKIP_FREE, LESSON_SKIP_AFTER, LESSON_SKIP_OFF };

/* A text and the line of the file that it begins in. */
struct lesson_text {
    char *text;
    unsigned line;
};

struct lesson_texts {
    struct lesson_text *items;
    size_t count;
};

/* `--x code -- reply`, of which a `--+` has the code alone. */
struct lesson_answer {
    char *code;
    char *reply; /* NULL for none */
    unsigned line;
};

struct lesson_answers {
    struct lesson_answer *items;
    size_t count;
};

/* Every text is NULL where the step has none. A paragraph of a narration or an explanation is one
 * line; a line that begins with a space is an example and stays as it is. */
struct lesson_step {
    char *title;
    unsigned line;
    char *narration;
    struct lesson_texts statements; /* the code, by its shortest beginnings that compile */
    char *goal;                     /* `--=`: what makes it an exercise */
    unsigned goal_line;
    char *wish; /* the goal in words, behind `--`; or NULL */
    struct lesson_texts hints;
    struct lesson_answers passes, fails;
    char *failure; /* `--!`: the error that the last statement must raise */
    unsigned failure_line;
    char *question; /* `--q`: what makes it a prediction */
    unsigned question_line;
    struct lesson_texts choices;
    size_t answer; /* index of the right one */
    char *explanation;
};

struct lesson {
    char *name; /* the file's, without directories and `.lua` */
    char *title, *about, *partner;
    unsigned partner_line;
    unsigned minutes; /* 0: not said */
    enum lesson_role role;
    unsigned needs;
    enum lesson_skip skip;
    unsigned skip_after; /* attempts, of LESSON_SKIP_AFTER */
    struct lesson_step *steps;
    size_t step_count;
    uint64_t hash; /* of the file's text: whether it is the one that progress was made in */
};

/* Whether a text is a lesson at all: it has a line that begins with `--: ` or `--# `. */
bool lesson_is_lesson(const char *text, size_t length);

/* Reads a lesson. `path` stands in front of each message and names the lesson. Appends each mistake
 * to `mistakes` as `PATH:LINE: what is wrong`, on a line of its own, and returns EINVAL where there
 * are any; `*lesson` is NULL then. Returns 0 or ENOMEM otherwise. */
int lesson_parse(const char *path, const char *text, size_t length,
                 const struct lesson_compiler *compiler, struct lesson **lesson,
                 struct buffer *mistakes);

void lesson_free(struct lesson *lesson);

/* Appends a lesson to begin with: each mark once, explained, and nothing wrong in it. */
void lesson_append_template(struct buffer *out, const char *title);

#endif
