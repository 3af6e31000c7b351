/* SPDX-License-Identifier: MIT
 *
 * What is written from the program's own tables while it is built: the man page, completion for
 * three shells, annotations for editors, and the README's table. Each writes to standard output.
 */
#ifndef MAKE_H
#define MAKE_H

#include "app/options.h"
#include "help/help.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

void make_man(const char *version);
void make_bash(const char *version);
void make_zsh(const char *version);
void make_fish(const char *version);
void make_annotations(const char *version);
void make_table(const char *version);

#endif
