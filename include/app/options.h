/* SPDX-License-Identifier: MIT
 *
 * The command line. One table of options is parsed by and printed from.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "app/session.h"

struct options {
    const char *code;  /* -e; NULL for none */
    const char *file;  /* a script; "-" is standard input; NULL for none */
    int argument_first; /* of the script's arguments in argv */
    bool prompt;       /* -i */
    bool help, version;
    int trace; /* -1: by the mode */
    enum colour_when colour;
};

/* Returns 0, or 2 after a message for what is wrong. */
int options_parse(int argc, char **argv, struct options *options);

void options_print_help(FILE *out);

#endif
