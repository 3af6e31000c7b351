/* SPDX-License-Identifier: MIT
 *
 * The commands of the shell itself, which begin with a dot: one table of names and functions. What
 * they take and do is said by their topics in help/help.h, from which `.help` lists them too.
 */
#ifndef APP_DOTS_H
#define APP_DOTS_H

#include "app/session.h"

enum dot_place {
    DOT_ANYWHERE,
    DOT_LESSON /* means something within a lesson alone */
};

/* What may stand behind it. */
enum dot_argument { DOT_NOTHING, DOT_TOPIC, DOT_NUMBER, DOT_LESSON_NAME, DOT_FILE };

struct dot {
    const char *name; /* with its dot; a topic of help has the same name */
    enum dot_place place;
    enum dot_argument argument;
    /* Does it. `argument` has no blanks around it and is "" where nothing was typed. Returns
     * whether the prompt is to come back at once: false where something runs now, or was asked
     * already. */
    bool (*run)(struct session *session, const char *argument);
};

const struct dot *dots_entries(size_t *count);

/* save.c and edit.c, for the table */
bool dot_save(struct session *session, const char *argument);
bool dot_edit(struct session *session, const char *argument);

/* Takes a line that is a command: runs it, or says what is wrong with it. False where the line is
 * none: `.5` is a number, and within an unfinished statement `.name` is a field. */
bool dots_take(struct session *session, const char *text);

/* The command that a line is, and where its argument begins; NULL where a name is unfinished, or
 * there is no such command. */
const struct dot *dots_of_line(const struct session *session, const char *text, size_t *argument);

#endif
