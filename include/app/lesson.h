/* SPDX-License-Identifier: MIT
 *
 * Lessons in the session: the player's host. It tells text on the screen, runs code through the
 * engine as the prompt does, and keeps progress. Its parts: lesson.c is the host, lesson_code.c
 * runs its code, lesson_text.c is what the screen gets, lesson_find.c which lessons there are,
 * lesson_dots.c the commands.
 */
#ifndef APP_LESSON_H
#define APP_LESSON_H

#include "app/session.h"
#include "lesson/player.h"

/* Who plays in place of a person, and hears what a person would see. Such a play keeps no progress
 * and asks nothing but for the next line. */
struct lesson_observer {
    void (*tell)(void *owner, enum player_voice voice, const char *text);
    void (*ask)(void *owner);                /* for the next line */
    void (*run)(void *owner, unsigned line); /* code is about to; the line may be 0 */
    void (*ran)(void *owner, enum player_run how, const struct player_outcome *outcome);
    void (*reset)(void *owner); /* what the lesson had opened is closed */
    void (*over)(void *owner, enum player_end end);
    void (*partner_said)(void *owner, const char *line);
    void (*partner_ended)(void *owner, int status); /* as waitpid() has it */
    void *owner;
};

struct lesson_play {
    struct session *session;
    char *path; /* of the lesson's file */
    struct lesson *lesson;
    struct player *player;
    enum player_manner manner;
    char *progress_path; /* NULL where progress is not kept */

    struct buffer prompt, typed; /* what the player asked last */
    struct buffer heading;       /* told, and not in the journal yet: it goes with what follows */
    bool suggests;               /* and whether `typed` is anything */
    bool at_bare_prompt;         /* Enter was pressed at nothing, and nothing was said since */
    struct loop_wait timer;
    unsigned rests; /* that the tasks of a replay still have, a timer each */

    bool network;      /* it may reach other computers */
    bool asks_network; /* and that is what the student is being asked */
    bool confined;     /* the sandbox is entered */

    bool runs; /* the foreground is the player's: */
    enum player_run how;
    bool told;    /* the foreground is an entry that the player was told of */
    bool follows; /* and another follows it, as in a paste */
    bool starved; /* the player's code could not be started for want of memory */

    bool over;
    enum player_end end;
    unsigned long first_serial; /* sockets and tasks from here on are the lesson's */
    unsigned first_task;
    unsigned long first_number; /* of the journal's entries */
    unsigned long valid_number; /* the same, of those that no replay has taken the place of */
    unsigned long first_lost;   /* how many had fallen out of it before */
};

/* Reads the file and begins to play it. Where it cannot be read, or is no lesson, or one with
 * mistakes, that is told; returns 0, or an exit status. */
int lesson_open(struct session *session, const char *path, enum player_manner manner);

/* Begins to play a lesson, which it takes. Returns 0 or an errno value. */
int lesson_begin(struct session *session, const char *path, struct lesson *lesson,
                 enum player_manner manner);

/* Runs a statement as if the observer had typed it; `suggested` and `more` as the player wants
 * them.
 */
void lesson_type(struct session *session, const char *code, bool suggested, bool more);

/* Closes the sockets and cancels the tasks that came after these numbers. */
void lesson_close_opened(struct engine *e, unsigned long serial, unsigned task_id);

/* 0 where the file is a lesson, EINVAL where it is something else, or why it cannot be read. */
int lesson_try_file(const char *path);

/* Plays without a prompt until it is over; returns an exit status. */
int lesson_run(struct session *session);

/* What happens in the session while a lesson is played. */
void lesson_enter(struct session *session);
bool lesson_answer(struct session *session, const char *text);
void lesson_entered(struct session *session, const char *code, size_t length);
void lesson_refused(struct session *session); /* what was typed is not Lua */
void lesson_ended(struct session *session, const struct task *task, bool more);
void lesson_interrupted(struct session *session);

/* lesson_end.c */
/* Ends the lesson in hand; harmless where there is none. */
void lesson_close(struct session *session);
/* Does what is due once the player has been called: it may be over. */
void lesson_settle(struct session *session);
/* Gives everything back; nothing is said. */
void lesson_discard(struct lesson_play *play);

/* lesson_code.c */
/* Starts code of the lesson's; play->how says as what. */
void lesson_start_code(struct lesson_play *play, const char *code);
/* Tells the player after a time, in place of a time that is running. Raises. */
void lesson_start_timer(struct lesson_play *play, double seconds);

/* lesson_outcome.c */
/* What the player hears of a statement's end, and the texts in it. */
struct lesson_outcome {
    struct player_outcome outcome;
    struct buffer error, message, shown;
    bool starved; /* there was no memory for one of them */
};
/* Takes the task's value off its stack. */
void lesson_outcome_read(const struct task *task, struct lesson_outcome *outcome);
/* Of the error at the top of the stack, which it leaves there. */
void lesson_outcome_read_error(lua_State *L, struct lesson_outcome *outcome);
void lesson_outcome_free(struct lesson_outcome *outcome);

/* lesson_script.c */
/* Pushes the chunk of a lesson that wants errors, and what its first argument must be: the chunk
 * shows them and goes on. False for any other file, which is a script as it stands. */
bool lesson_load_script(struct session *session, const char *path);

/* lesson_confine.c */
/* Enters the sandbox: before anything of the lesson is compiled to be run. Returns 0 or ENOMEM. */
int lesson_confine(struct lesson_play *play);
/* Enters it anew: what the lesson defined is forgotten. */
void lesson_confine_anew(struct lesson_play *play);
/* Leaves it; harmless where it was not entered. */
void lesson_release(struct lesson_play *play);
/* Whether other computers are asked for, the question, and its answer. */
bool lesson_wants_network(const struct lesson_play *play);
void lesson_ask_network(struct lesson_play *play);
void lesson_hear_network(struct lesson_play *play, const char *answer);

/* lesson_partner.c */
/* Ends the process that plays the other side; harmless where there is none. */
void lesson_partner_close(struct session *session);
/* 0 where the other side is a lesson beside this one, which names one; ENOENT or ENOMEM. */
int lesson_partner_try(const struct session *session);
/* Starts it. ENOENT where the file is missing or is no lesson. */
int lesson_partner_start(struct session *session);
bool lesson_dot_partner(struct session *session, const char *argument);

/* record.c */
/* Enters a text of the lesson's, so that pages made of the journal have it: behind the heading of
 * its step, or an empty line where the step goes on. */
void record_told(struct lesson_play *play, const char *text);
/* Enters the heading of a step that has told nothing else. */
void record_heading(struct lesson_play *play);

/* lesson_text.c */
/* What the prompt shows while a lesson asks; `*suggestion` is NULL where it suggests nothing. */
const char *lesson_prompt(const struct session *session, const char **suggestion);
void lesson_tell(struct lesson_play *play, enum player_voice voice, const char *text);
/* As if the code had been typed at the lesson's prompt. */
void lesson_show_typed(struct lesson_play *play, const char *code);
/* For a terminal that cannot show a block on the prompt: shows it above, and suggests it as one
 * line, where that is the same code. */
void lesson_flatten_typed(struct lesson_play *play);
/* What the student takes home, once the lesson is through. */
void lesson_show_summary(struct lesson_play *play);

/* lesson_find.c */
/* Reads a whole file; returns 0 or an errno value. */
int lesson_read_file(const char *path, struct buffer *text);
/* Parses with this session's Lua as the compiler; as lesson_parse(). */
int lesson_parse_text(struct session *session, const char *path, const struct buffer *text,
                      struct lesson **lesson, struct buffer *mistakes);
/* The path of a lesson that is named by its path, its name, its number or what follows that.
 * Returns 0, ENOENT or ENOMEM. */
int lesson_find(const struct session *session, const char *name, struct buffer *path);
/* The name nearest to one that was not found; false where none is near. */
bool lesson_find_nearest(const struct session *session, const char *name, struct buffer *nearest);
/* Tells `visit` the path of each lesson, in the order of their names; false where there was no
 * memory for all. */
bool lesson_each(const struct session *session, void (*visit)(void *owner, const char *path),
                 void *owner);
/* Lists all lessons with title, minutes and progress. */
void lesson_list(struct session *session);
/* The path of the course's README.md, which says how a lesson is written: beside the program's
 * lessons, or those that were installed. `program` is the program's path. False where it is not
 * there. */
bool lesson_find_guide(const char *program, struct buffer *path);
/* Writes the template for a new lesson, and says to who sits there where more is told; returns an
 * exit status. */
int lesson_new_file(const char *name, const char *program);

/* lesson_dots.c: as struct dot wants them. */
bool lesson_dot_lessons(struct session *session, const char *argument);
bool lesson_dot_lesson(struct session *session, const char *argument);
bool lesson_dot_hint(struct session *session, const char *argument);
bool lesson_dot_skip(struct session *session, const char *argument);
bool lesson_dot_again(struct session *session, const char *argument);
bool lesson_dot_back(struct session *session, const char *argument);
bool lesson_dot_steps(struct session *session, const char *argument);
bool lesson_dot_goto(struct session *session, const char *argument);
bool lesson_dot_read(struct session *session, const char *argument);
bool lesson_dot_leave(struct session *session, const char *argument);

#endif
