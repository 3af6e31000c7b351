/* SPDX-License-Identifier: MIT
 *
 * `sockrepl --check FILE...`: lessons are played by nobody and must hold. TAP on standard output.
 */
#ifndef APP_CHECK_H
#define APP_CHECK_H

#include "app/options.h"

/* Returns an exit status: 0 where all is proved, 1 where something is not, 2 for wrong usage and
 * where a file cannot be read. */
int check_files(int argc, char **argv, const struct options *options);

#endif
