/* SPDX-License-Identifier: MIT
 *
 * What the files of completion share: a request, and their doors to each other. complete.c finds
 * what stands where the cursor is, complete_value.c looks at the student's values, complete_list.c
 * at the shell's own lists.
 */
#ifndef APP_COMPLETING_H
#define APP_COMPLETING_H

#include "app/expect.h"
#include "app/session.h"

#include <string.h>

struct request {
    struct session *session;
    lua_State *L;
    struct prompt_offers *offers;
    struct buffer text; /* the statement as far as the end of the word */
    size_t line, start; /* of the line, and of the word, in it */
    const char *word;   /* the same, ended by a zero */
    char quote;         /* before the word, within quotes */
    bool first;         /* the word is the first of the statement */
    struct context context;
    struct expect expect;
    const struct help_topic *topic; /* of the function that is called, or NULL */
    size_t kept;  /* what of the word stays: the path before the name that is completed */
    bool method;  /* it ends with a colon */
    bool lenient; /* tables that hold what is expected will do */
    struct buffer offer;
    unsigned count;
    const char *signature;
};

static inline const char *complete_stem(const struct request *r)
{
    return r->word + r->kept;
}

static inline bool complete_expects_object(const struct request *r)
{
    return r->expect.what >= EXPECT_SOCKET && r->expect.what <= EXPECT_TASK;
}

static inline bool complete_expects_constant(const struct request *r)
{
    return r->expect.what >= EXPECT_LEVEL;
}

/* complete_list.c */
void complete_offer(struct request *r, const char *name, char append);
bool complete_begins_with(const char *text, const char *prefix);
void complete_constants(struct request *r);
/* What help() explains. By name, constants and errors only where something is typed: they are many.
 * As a value it must be one. */
void complete_topics(struct request *r, bool by_name);
void complete_keywords(struct request *r);

/* complete_value.c: variables, and fields of what the path before the name leads to */
void complete_values(struct request *r);

#endif
