/* SPDX-License-Identifier: MIT
 *
 * `sockrepl --merge A B -o C`: what two shells recorded, in one picture.
 */
#ifndef APP_MERGE_H
#define APP_MERGE_H

#include "app/options.h"

/* Returns an exit status. */
int merge_files(int argc, char **argv, const struct options *options);

#endif
