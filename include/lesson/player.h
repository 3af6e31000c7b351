/* SPDX-License-Identifier: MIT
 *
 * A lesson being played, as a machine of events: a line was typed, a statement ended, a time is
 * over. What it wants done (text told, code run, the next line asked for) it asks of its host, so
 * that a person at a terminal and a program that checks lessons can both drive it. Knows no Lua, no
 * terminal and no clock.
 */
#ifndef LESSON_PLAYER_H
#define LESSON_PLAYER_H

#include "lesson/lesson.h"
#include "lesson/progress.h"

struct player;

enum player_manner {
    PLAYER_KEYS,    /* each statement waits on the prompt for Enter */
    PLAYER_PRESENT, /* and is put there by an Enter of its own */
    PLAYER_AUTO,    /* by itself, at the pace of a reader */
    PLAYER_STRAIGHT /* by itself, without pauses; an error that is not meant ends it */
};

enum player_voice {
    PLAYER_TITLE, /* the lesson's */
    PLAYER_HEADING,
    PLAYER_NARRATION, /* paragraphs, see lesson.h */
    PLAYER_QUESTION,
    PLAYER_CHOICE,
    PLAYER_HINT,
    PLAYER_ANSWER, /* how a prediction, or an attempt, came out */
    PLAYER_LIST,   /* a line that is not wrapped */
    PLAYER_NOTE,
    PLAYER_WAY,      /* a note on what can be typed here */
    PLAYER_SHORTAGE, /* what memory did not suffice for: the player's own words, safe to show */
    PLAYER_RECALLED /* heading and narration of a step that PLAYER_RECALL repeats: for the record */
};

enum player_run {
    PLAYER_SHOW,   /* as if it were typed at the prompt */
    PLAYER_REPLAY, /* quietly */
    PLAYER_RECALL, /* the same, of a step that the record of this session does not have */
    PLAYER_JUDGE   /* an expression, quietly, and not as a call of the student's */
};

enum player_end { PLAYER_FINISHED, PLAYER_LEFT, PLAYER_FORGOTTEN, PLAYER_FAILED };

/* How a statement ended. */
struct player_outcome {
    bool failed;  /* by an error */
    bool stopped; /* by Ctrl-C */
    bool more;    /* others, of the same paste, follow at once */
    bool truth;   /* of PLAYER_JUDGE: what it gave counts as true */
    /* Of an error its name, as ECONNREFUSED, where it has one, and what it says; NULL elsewhere. */
    const char *error, *message;
    const char *shown; /* the value of an expression, as the prompt shows it; or NULL */
};

struct player_host {
    /* Text as it stands in the lesson: nothing in it is escaped yet. */
    void (*tell)(void *owner, enum player_voice voice, const char *text);

    /* The next line is wanted. `typed` (or NULL) stands on it already; it lives until the player
     * hears of the next event. */
    void (*ask)(void *owner, const char *prompt, const char *typed);

    /* Runs code, which lives until this returns, and calls player_ran() when it has ended: not from
     * within. `line` is the lesson's, 0 for none. */
    void (*run)(void *owner, enum player_run how, const char *code, unsigned line);

    /* Calls player_waited() after a time, not from within; in place of a wait that is under way. */
    void (*wait)(void *owner, double seconds);

    /* Calls player_waited(), not from within, once the tasks that a replay has begun have come to
     * rest: what they do until then was seen before. */
    void (*settle)(void *owner);

    /* A step begins: what exercises judge counts from here. */
    void (*step)(void *owner, size_t step);

    /* Closes what the lesson has opened since it began, and ends its tasks. */
    void (*reset)(void *owner);

    /* Keeps the progress, which has changed. */
    void (*save)(void *owner, const struct progress *progress);

    /* The lesson is over; the player is not used again but to be freed, not from within. */
    void (*over)(void *owner, enum player_end end);
    void *owner;
};

/* The lesson must outlive the player. Takes `progress`, which fits the lesson. Returns 0 or ENOMEM.
 */
int player_new(const struct lesson *lesson, struct progress *progress, enum player_manner manner,
               const struct player_host *host, struct player **player);
void player_free(struct player *player);

/* Begins, with the question whether to go on where progress was made before. */
void player_start(struct player *player);

/* Enter on an empty line. */
void player_enter(struct player *player);

/* A line that may be an answer to what the player asked: true where it was. */
bool player_answer(struct player *player, const char *line);

/* A statement that was typed is about to run; player_ran() follows. `suggested`: it is what the
 * player put on the line, perhaps edited. */
void player_entered(struct player *player, const char *code, bool suggested);

/* What was typed is not Lua, and was told so. */
void player_refused(struct player *player);

void player_ran(struct player *player, const struct player_outcome *outcome);
void player_waited(struct player *player);

/* Ctrl-C while nothing ran and no line was read. */
void player_interrupted(struct player *player);

/* The commands, while a line is asked for. Numbers of steps count from 1. */
void player_hint(struct player *player);
void player_skip(struct player *player);
void player_again(struct player *player);
void player_back(struct player *player);
void player_steps(struct player *player);
void player_goto(struct player *player, unsigned step);
void player_read(struct player *player, unsigned step);
void player_leave(struct player *player);

const struct progress *player_progress(const struct player *player);

/* Whether the last statement of the step has failed as the step says that it must. */
bool player_is_meant(const struct lesson_step *step, const struct player_outcome *outcome);

/* Index of the step in hand. */
size_t player_here(const struct player *player);

#endif
