/* SPDX-License-Identifier: MIT
 *
 * The player's state, for its files alone: player.c hears of what happens, course.c goes from step
 * to step, predict.c hears answers, judge.c decides about exercises, replay.c goes back, look.c
 * looks around, tell.c says what there is to read.
 */
#ifndef LESSON_PLAYING_H
#define LESSON_PLAYING_H

#include "lesson/player.h"

enum { PLAYER_TRIES = 20, PLAYER_PARTS = 8 };

enum player_state {
    PLAYER_IDLE,
    PLAYER_OFFERS,   /* asked whether to go on where one was */
    PLAYER_ASKS,     /* asked for a line */
    PLAYER_ENTRY,    /* what was typed runs */
    PLAYER_OWN,      /* a statement of the step runs */
    PLAYER_JUDGES,   /* the goal is looked at */
    PLAYER_POLLS,    /* and will be again in a moment */
    PLAYER_EXPLAINS, /* the goal's parts are looked at, to say what is missing */
    PLAYER_MEASURES, /* and the left side of the one that is */
    PLAYER_PAUSES,   /* before it goes on by itself */
    PLAYER_REPLAYS,
    PLAYER_SETTLES, /* it is over, and so soon will be what its tasks do */
    PLAYER_IS_OVER
};

struct player {
    const struct lesson *lesson;
    struct progress progress;
    struct player_host host;
    enum player_manner manner;
    enum player_state state;
    struct buffer prompt;

    size_t here;   /* index of the step in hand */
    size_t cursor; /* of its statements, the next one */
    bool chosen;   /* its prediction was made: */
    size_t choice;
    bool revealed;  /* and was answered */
    bool unread;    /* text was told since the last Enter */
    bool laid_out;  /* PLAYER_PRESENT: the statement stands on the prompt */
    bool skipping;  /* the step's own code runs in place of the student's */
    bool told_hint; /* that there are hints */
    bool told_mend; /* what to do where a statement of the lesson fails */
    bool strayed;   /* the student typed what the step did not suggest */
    bool skips_on;  /* the replay is for .skip, which goes on after it */
    unsigned attempts;
    size_t hints;                /* given so far */
    struct progress_entries run; /* what ran in this step */

    struct buffer entry; /* what the student typed, while it runs and is judged */
    bool attempt;        /* it looks like one at the exercise */
    bool repeats;        /* a solution makes such a call several times: one is no mistake */
    bool early;          /* and more often than was done by now */
    bool entry_failed;
    bool entered;   /* the judging began with an Enter, not an entry */
    unsigned tries; /* looks at the goal */
    struct buffer part;
    size_t part_at; /* where in the goal the next part begins */

    size_t replay_step, replay_entry, replay_target;
};

static inline const struct lesson_step *player_step(const struct player *p)
{
    return &p->lesson->steps[p->here];
}

static inline bool player_is_attended(const struct player *p)
{
    return p->manner == PLAYER_KEYS || p->manner == PLAYER_PRESENT;
}

static inline bool player_asks_question(const struct player *p)
{
    return player_step(p)->question != NULL && !p->chosen;
}

/* course.c */
bool course_is_exercise(const struct player *p); /* for the student to solve */
/* The statement that Enter runs; NULL where it runs none. */
const struct lesson_text *course_statement(const struct player *p);
void course_enter(struct player *p, size_t step); /* one is there, and nothing was told of it */
void course_begin(struct player *p, size_t step);
void course_finish(struct player *p, enum progress_state state);
void course_go_on(struct player *p); /* asks, pauses or goes to the next step */
void course_ask(struct player *p, const char *typed);
void course_end(struct player *p, enum player_end how);

/* predict.c */
/* Which choice a line means; `count` where it is none, or several. */
size_t predict_find(struct player *p, const struct lesson_texts *choices, const char *line);
void predict_choose(struct player *p, size_t choice);
/* Tells the answer, once. */
void predict_reveal(struct player *p);

/* judge.c */
void judge_entry(struct player *p); /* an entry at an exercise has ended */
void judge_enter(struct player *p); /* Enter at an exercise */
void judge_ran(struct player *p, const struct player_outcome *outcome);
void judge_again(struct player *p);

/* replay.c */
void replay_to(struct player *p, size_t target);
void replay_keep_entry(struct player *p, bool failed); /* for when its step is repeated */
void replay_ran(struct player *p, const struct player_outcome *outcome);

/* tell.c */
void tell(struct player *p, enum player_voice voice, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A note that wants no memory itself. */
void tell_shortage(struct player *p, const char *text);
void tell_step(struct player *p, size_t step, bool again);
/* That a step without a heading on the screen begins. */
void tell_recalled(struct player *p, size_t step);
void tell_question(struct player *p);
void tell_choices(struct player *p, const struct lesson_step *step);
void tell_way_to_answer(struct player *p);

/* condition.c: of code as text */
/* Whether two texts differ in blanks and the kind of quotes at most. */
bool condition_same_code(const char *a, const char *b);
/* Whether `code` calls anything that `model` calls; a model without calls is met by what it
 * assigns, one without either by its names. */
bool condition_resembles(const char *code, const char *model);
/* Whether `code` does some of what `model` does, and nothing else: the first of its statements. */
bool condition_is_part(const char *code, const char *model);
/* Whether `model` makes a call of `code` several times; `*early`: one of these more often than it
 * was `done` so far. */
bool condition_repeats(const char *code, const char *model, const char *done, bool *early);
/* Copies the part of a condition at `*at`, as far as the next `and` outside of brackets, and moves
 * `*at` behind it; false at the end. A condition with an `or` is one part. */
bool condition_next_part(const char *condition, size_t *at, struct buffer *part);
/* Cuts a part before its comparison; false where it has none. */
bool condition_left_side(struct buffer *part);

#endif
