/* SPDX-License-Identifier: MIT
 *
 * What the parts of --check share. check.c has a process for each lesson, looks after its time and
 * prints what it proves; in that process check_lesson.c says what is to be proved and check_step.c
 * proves it for a step, check_student.c types, check_side.c plays the other side, check_room.c
 * finds it a network, and check_say.c says to the first what came of it.
 */
#ifndef APP_CHECKING_H
#define APP_CHECKING_H

#include "app/lesson.h"
#include "app/options.h"

/* What a line means that the lesson's process writes; behind the letter stand the line of the file,
 * a blank and the text. */
enum check_kind {
    CHECK_HOLDS = '+',
    CHECK_FAILS = '-',
    CHECK_SKIPS = '/', /* and why */
    CHECK_NOTE = '#',
    CHECK_PLACE = '@',  /* something begins there that may take its time */
    CHECK_LONELY = '!', /* there is no private network, and the process ends: try without */
    CHECK_DONE = '.'    /* nothing is missing */
};

struct check {
    int output; /* a pipe to the process that prints */
    const char *path;
    const struct options *options;
    bool shared;   /* the network is everybody's */
    unsigned line; /* of what is being tried */

    struct session session;
    struct lesson_observer observer;
    FILE *nowhere;        /* where a terminal would be */
    struct buffer text;   /* the lesson, with one step more at its end */
    unsigned long serial; /* sockets and tasks after these are the lesson's */
    unsigned task;
    size_t steps;       /* without the one more */
    size_t descriptors; /* that were open after the first play; 0 before */

    /* What was heard since the student did something. */
    bool asked;
    bool over;
    bool stopped;
    bool failed;    /* the last statement; then: */
    bool unclear;   /* the condition of a goal failed itself */
    size_t ran;     /* statements of the step, by .skip */
    bool skips;     /* .skip was typed */
    bool surprised; /* one of them failed, and no --! says so */
    struct buffer error, message;
    struct buffer answer, note; /* what the player said last */

    /* The other side. */
    bool side_begun, side_listens, side_ended;
    bool side_failed;        /* and that has been said */
    bool trying;             /* what an answer does to it is not its fault */
    unsigned side_line;      /* where the lesson names it */
    struct buffer side_said; /* its last words */
};

/* check_room.c */
/* A private network, or a turn in the one of everybody; in the latter case until the process ends.
 * Returns 0 or an errno value. */
int check_room_enter(struct check *check);

/* check_say.c */
void check_say(struct check *check, enum check_kind kind, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Says that something holds, or does not; returns whether it does. */
bool check_that(struct check *check, bool holds, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* check_lesson.c: the process of a lesson */
/* Plays the lesson; the descriptor is the process's. Returns an exit status. */
int check_lesson(const char *path, int output, const struct options *options, bool shared);

/* check_step.c */
/* Plays a step and proves what it says. False where the lesson cannot go on. */
bool check_step(struct check *check, size_t step);
/* The same by .skip, without proofs. */
bool check_skip_step(struct check *check, size_t step);

/* check_wait.c */
/* Lets the loop turn until `is` holds; false where the time is over before. */
bool check_wait(struct check *check, bool (*is)(const struct check *check), double seconds);

/* check_student.c */
void check_student_init(struct check *check);
void check_student_free(struct check *check);
/* The step in hand; SIZE_MAX where none is. */
size_t check_here(const struct check *check);
const struct lesson_step *check_step_at(const struct check *check, size_t step);
/* Each returns once the player asks for the next line, or the lesson is over. */
void check_settle(struct check *check);
void check_type(struct check *check, const struct lesson_text *code, bool suggested, bool more);
bool check_answer(struct check *check, const char *line);
void check_enter(struct check *check);
void check_skip(struct check *check);
void check_back(struct check *check);
void check_goto(struct check *check, size_t step);
/* check_side.c */
/* Whether the other side, where there is one, can be played. */
bool check_side_exists(struct check *check);
/* Starts what must be there before the lesson's own side begins. */
void check_side_begin(struct check *check);
/* And what comes once that listens. */
void check_side_tend(struct check *check);
/* Waits for its end, and proves that it was one. */
void check_side_end(struct check *check);
void check_side_heard(struct check *check, const char *line);
void check_side_ended(struct check *check, int status);

#endif
