/* SPDX-License-Identifier: MIT
 *
 * The command line. What it takes stands in tables: the parser, --help and the man page read them,
 * and none of them says anything of its own about an option.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "app/session.h"

struct options {
    const char *code;        /* -e; NULL for none */
    const char *file;        /* a script; "-" is standard input; NULL for none */
    const char *from_python; /* --from-python; NULL for none */
    const char *merge;       /* --merge: the first page, `file` is the second; NULL for none */
    const char *output;      /* -o; NULL for none */
    const char *program;     /* its own path, see program.h; not of the command line */
    int argument_first;      /* of the script's arguments in argv */
    bool prompt;             /* -i */
    bool no_init;            /* -n */
    bool plain;              /* --plain */
    bool help, version;
    bool run;               /* a lesson as a script */
    bool automatic;         /* --auto */
    bool present;           /* --present */
    bool lessons;           /* list them */
    const char *lesson;     /* --lesson; NULL for none */
    bool check;             /* prove lessons: `file` and the arguments */
    double limit;           /* seconds that a statement may take then */
    const char *new_lesson; /* --new; NULL for none */
    int trace;              /* -1: by the mode */
    enum colour_when colour;
};

/* Returns 0, or 2 after a message for what is wrong. */
int options_parse(int argc, char **argv, struct options *options);

void options_print_help(FILE *out);

struct options_entry {
    const char *name;  /* "-e", "--trace" */
    const char *value; /* what follows it, as --help calls it; NULL for nothing */
    const char *text;
    /* False: not a value of this option. NULL: `member` of struct options is set to true, or to the
     * value where one follows. */
    bool (*set)(struct options *options, const char *value);
    size_t member;
};

const struct options_entry *options_entries(size_t *count);

/* The words of which an option's value is one, ended by NULL; NULL where it is any text. */
const char *const *options_words(const struct options_entry *option);

/* What stands between an option and its value: "" where it takes none. */
const char *options_separator(const struct options_entry *option);

struct options_row {
    const char *left; /* what follows the program's name, or an exit status */
    const char *text;
};

const struct options_row *options_forms(size_t *count);
const struct options_row *options_statuses(size_t *count);

#endif
