/* SPDX-License-Identifier: MIT
 *
 * A compiler for the tests of lessons, which knows of Lua no more than they need: blocks from `do`
 * to `end`, and that `= =` is wrong.
 */
#ifndef TESTS_LESSON_COMPILER_H
#define TESTS_LESSON_COMPILER_H

#include "lesson/lesson.h"

#include <string.h>

static inline size_t test_count(const char *text, size_t length, const char *word)
{
    size_t count = 0, size = strlen(word);
    for (size_t i = 0; i + size <= length; i++)
        count += memcmp(text + i, word, size) == 0;
    return count;
}

static inline enum lesson_code test_compile(void *owner, const char *code, size_t length,
                                            bool expression, struct buffer *message, unsigned *line)
{
    (void)owner;
    (void)expression;
    for (size_t i = 0; i + 3 <= length; i++) {
        *line += code[i] == '\n';
        if (memcmp(code + i, "= =", 3) == 0) {
            buffer_puts(message, "unexpected symbol near '='");
            return LESSON_WRONG;
        }
    }
    bool open = test_count(code, length, " do\n") > test_count(code, length, "end");
    return open ? LESSON_UNFINISHED : LESSON_COMPLETE;
}

static const struct lesson_compiler test_compiler = {test_compile, NULL};

#endif
