/* SPDX-License-Identifier: MIT
 *
 * A session ties the rooms together: one Lua state with its engine, the two ports, and the prompt
 * where somebody types. Its parts are in files of their own: entry.c runs what is typed, report.c
 * tells of errors, output.c is print and io.write, words.c is help, exit and trace, waiting.c says
 * what a call waits for, dots.c obeys the commands, lesson.c plays lessons.
 */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "base/port.h"
#include "help/help.h"
#include "lua/engine.h"
#include "lua/task.h"
#include "prompt/prompt.h"
#include "view/journal.h"

enum colour_when { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

struct lesson_observer;
struct lesson_partner;
struct lesson_play;

/* Stands in a port's hooks before the prompt's own, which it calls. */
struct waiting_guard {
    struct session *session;
    struct port_hooks inner;
};

struct session {
    lua_State *L;
    struct engine *engine;
    struct signal_notes notes;
    struct port out, err;

    struct prompt *prompt;          /* NULL in a script */
    struct buffer pending;          /* lines of an unfinished statement */
    struct buffer entered;          /* the last entry that was Lua */
    struct buffer queue;            /* pasted lines that wait for those before them */
    struct buffer proposed;         /* what the next prompt has typed already; empty for nothing */
    struct lesson_play *play;       /* the lesson in hand, or NULL */
    struct lesson_partner *partner; /* the process that plays its other side, or NULL */
    const char *program; /* the path of the running program; empty where it is not known */
    const struct lesson_observer *observer; /* plays it in place of a person; or NULL */
    bool quiet;            /* what runs shows nothing: it repeats or judges what was shown before */
    bool hushed;           /* nor do tasks: what they do belongs to what is repeated */
    struct loop_wait tick; /* looks after a foreground that waits for long */
    unsigned waiting_rows; /* of the screen, at its bottom, that say so */
    struct waiting_guard waiting_guards[2];
    char stray[HELP_NAME_MAX + 1]; /* the entry that runs, where it is a name that nothing has */
    bool proposes; /* the line on the prompt is the shell's own proposal, not the lesson's */
    bool asking;   /* the prompt comes back after each statement */
    bool told_of_local;
    bool told_of_history;
    bool failed;         /* the foreground's last statement or script ended by an error */
    bool interrupted;    /* by Ctrl-C */
    bool echoed;         /* and below the terminal's own ^C a line was begun */
    const void *written; /* the file that a write gave back to this entry; only ever compared */
    bool done;
    int status;
};

/* Opens everything; `attended` for a prompt. Raises Lua errors. */
void session_open(struct session *session, lua_State *L, enum colour_when colour, bool attended);

/* Runs what is at the top of the stack, a function and `arguments` values, as the foreground until
 * it ends; returns an exit status. */
int session_run(struct session *session, int arguments);

/* Reads and runs what is typed until the user leaves; returns an exit status. */
int session_prompt(struct session *session);

/* Closes everything; says on a terminal what was still open. */
void session_close(struct session *session);

/* The session of a function that was registered with it as the first upvalue. */
#define session_of(L) ((struct session *)lua_touserdata(L, lua_upvalueindex(1)))

/* trace.c */
/* Whether call lines are shown. */
void trace_switch(struct session *session, bool on);

/* entry.c */
void entry_take(struct session *session, const char *text);
void entry_ended(struct session *session, const struct task *task);
void entry_interrupted(struct session *session);

/* entry_ask.c */
void entry_ask(struct session *session);
/* The prompt with a line typed already; NULL for none. */
void entry_ask_with(struct session *session, const char *line);
/* Puts a text into the history; says once a session where that cannot be kept. */
void entry_remember(struct session *session, const char *text);
/* Drops what was typed or pasted and has not run. */
void entry_forget_unfinished(struct session *session);
/* Asks anew after an error of the session's own: what was unfinished is dropped. */
void entry_recover(struct session *session);

/* entry_run.c */
/* Runs the chunk at the top of the stack as the foreground; the prompt comes back when it ends. */
void entry_start(struct session *session);

/* stray.c */
/* Says of a text that is no Lua whose language it begins in, where that is known. */
void stray_tell_of_syntax(struct session *session, const char *text);
/* The same of a file, by its name. */
void stray_tell_of_file(struct session *session, const char *name);
/* Remembers that an entry is a name, and no more, that no variable has; says so once nil is shown.
 */
void stray_note_name(struct session *session, const char *text, size_t length);
void stray_tell_of_name(struct session *session);

/* guard.c */
/* Runs what may raise, as lua_pcall() does; leaves the error at the top of the stack. */
int guard_try(struct session *session, void (*run)(struct session *session, const void *what),
              const void *what);
/* The same: at a prompt the error is told, and the prompt comes back; elsewhere it is raised, and
 * ends the program. */
void guard_run(struct session *session, void (*run)(struct session *session, const void *what),
               const void *what);

/* report.c */
/* `prompt:1: ` in front of a message says nothing to who typed one line; of a block the line is
 * told. Returns the rest of the message. */
const char *report_append_prompt_place(const char *message, struct buffer *out);
void report_fresh_line(struct session *session);

/* Goes below the ^C that the terminal itself wrote, once. */
void report_echo(struct session *session);
void report_error(struct session *session, const struct task *task);
void report_message(struct session *session, lua_State *L, const char *prefix);
void report_note(struct session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Says what memory did not suffice for, without more of it; the exit status will tell, too. */
void report_shortage(struct session *session, const char *text);
/* A note about a file, say, by its name, which may hold anything. */
void report_about(struct session *session, const char *name, const char *what);

/* record.c */
/* What the journal shows where Ctrl-C stopped what was typed, and where a lesson went back. */
#define RECORD_INTERRUPTED "(interrupted)"
#define RECORD_LEFT "(the lesson has ended)"
#define RECORD_REPEATED "(what the lesson had opened is closed; its earlier steps are repeated)"
/* Enters a text into the journal, or how the sockets stand, where a session is recorded. */
void record_text(struct session *session, enum journal_kind kind, const char *text);
/* The same; of a text that had no memory, that it is missing. */
void record_buffer(struct session *session, enum journal_kind kind, const struct buffer *text);
void record_sockets(struct session *session);
/* Appends the sequence diagram of what was recorded since an entry; nothing where there is none. */
void record_append_diagram(const struct session *session, unsigned long from, size_t columns,
                           bool utf8, struct buffer *out);

/* init.c */
/* Runs the user's init.lua, where there is one. */
void init_run(struct session *session);

/* output.c */
void output_open(struct session *session);
void output_check(struct session *session);
/* Adds print and io.write, as a lesson may have them, to the table at the top of the stack. */
void output_lend(struct session *session, lua_State *L);

/* words.c */
void words_open(struct session *session);
bool words_take(struct session *session, const char *text);
/* Shows the topic of a name, or says that there is none. */
void words_put_topic(struct session *session, const char *name);
/* Adds the words to the table at the top of the stack. */
void words_lend(lua_State *L);

/* family.c */
/* Shows the page of a family of constants, "SO_"; false where the name is none. */
bool family_put(struct session *session, const char *name);

/* habit.c */
/* Takes Python that was typed by habit: puts the Lua for it on the prompt, or waits for the rest of
 * a block. False where it is not Python; the prompt is not shown then. */
bool habit_take(struct session *session, const char *text);
/* After an entry that failed in `co` because it called a method with a dot: proposes it with a
 * colon for the next prompt. */
void habit_mend(struct session *session, lua_State *co);
/* Prints a file of Python as Lua, and what could not be translated on standard error; returns an
 * exit status. */
int habit_print_script(const char *name);

/* waiting.c */
/* Whether what stands on the screen may be drawn anew: not on a terminal that is dumb, or read out
 * by a screen reader. */
bool waiting_can_redraw(const struct session *session);
void waiting_open(struct session *session);
void waiting_begin(struct session *session);
void waiting_end(struct session *session);
/* After a stop: of what was drawn only the cursor's row is ours still. */
void waiting_resume(struct session *session);

#endif
