/* SPDX-License-Identifier: MIT
 *
 * What the program asks of the system about itself as a process: where it lies, and that a child
 * ends with it. Each system has its own way, or none; all of them stand in program.c.
 */
#ifndef APP_PROGRAM_H
#define APP_PROGRAM_H

#include "base/buffer.h"

/* Appends the path of the running program, which was started as `name`, its argv[0]; nothing where
 * it is not found. */
void program_find(struct buffer *path, const char *name);

/* Asks that this process, a child, be killed when its parent ends; nothing happens where a system
 * cannot do that, and the child ends when it next writes to its parent. */
void program_end_with_parent(void);

#endif
