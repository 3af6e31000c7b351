/* SPDX-License-Identifier: MIT
 *
 * What belongs into an argument of one of the shell's functions: a socket, a family, an option of
 * the level that was given. And which constants that leaves to choose from. Works on text; knows
 * neither the student's variables nor how candidates are shown.
 */
#ifndef APP_EXPECT_H
#define APP_EXPECT_H

#include "app/context.h"
#include "help/help.h"
#include "net/name.h"

enum expect_what {
    EXPECT_ANYTHING,
    EXPECT_SOCKET,
    EXPECT_LISTENER,
    EXPECT_TASK,
    EXPECT_TOPIC, /* something that help() explains */
    EXPECT_LEVEL, /* from here on constants */
    EXPECT_OPTION,
    EXPECT_CONSTANT
};

struct expect {
    enum expect_what what;
    enum net_kind
        kind; /* of the constant; of the option NET_KIND_COUNT where its level is unknown */
    int level;
};

/* Whether the function's first parameter is a socket. The topic has a signature. */
bool expect_takes_socket(const struct help_topic *topic);

/* `topic` is the function that is called, `method` whether its first argument stands before a
 * colon.
 */
void expect_read(const struct help_topic *topic, bool method, const char *text,
                 const struct context *context, struct expect *expect);

/* Tells `visit` the constants that begin with `prefix` and fit, and whether each is used every day.
 * Another name of a constant comes only where the usual one does not begin so; rare ones only where
 * a prefix is typed, or the common ones are too few to choose from. */
void expect_constants(const struct expect *expect, const char *prefix,
                      void (*visit)(void *owner, const char *name, bool common), void *owner);

#endif
