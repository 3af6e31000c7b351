/* SPDX-License-Identifier: MIT
 *
 * Files whole or not at all: a disk that is full, or a shell that is killed, leaves an older file
 * of the same name as it was. Knows nothing of what stands in them.
 */
#ifndef PAGE_FILE_H
#define PAGE_FILE_H

#include "base/buffer.h"

/* Writes a file by way of a temporary one beside it and rename(2); one that is there keeps its
 * permissions, a symbolic link goes on pointing at it. What is no regular file (a pipe,
 * /dev/stdout) is written to as it is. Returns 0 or an errno value. */
int file_write(const char *path, const char *text, size_t length);

/* Writes a file that is not there yet, or EEXIST: never over somebody's work. What could not be
 * written whole is taken away again. Returns 0 or an errno value. */
int file_create(const char *path, const char *text, size_t length);

/* Appends a file's bytes. Returns 0, EFBIG where there are more than `most`, or an errno value. */
int file_read(const char *path, size_t most, struct buffer *text);

#endif
