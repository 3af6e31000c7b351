/* SPDX-License-Identifier: MIT
 *
 * Linux knows the program's path and can tie a child to its parent. Elsewhere the path is found as
 * the command's name was: by its slash, or in PATH.
 */
#include "app/program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)

#include <signal.h>
#include <sys/prctl.h>

static bool append_own_path(struct buffer *path)
{
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program);
    if (length <= 0 || (size_t)length == sizeof program)
        return false;
    buffer_append(path, program, (size_t)length);
    return true;
}

void program_end_with_parent(void)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

#else

static bool append_own_path(struct buffer *path)
{
    (void)path;
    return false;
}

void program_end_with_parent(void)
{
}

#endif

static bool append_program(struct buffer *path, const char *file)
{
    char *real = access(file, X_OK) == 0 ? realpath(file, NULL) : NULL;
    if (real == NULL)
        return false;
    buffer_puts(path, real);
    free(real);
    return true;
}

/* An empty directory in PATH is the one that we are in. */
static void append_from_path(struct buffer *path, const char *name)
{
    const char *place = getenv("PATH");
    bool found = false;
    while (place != NULL && !found) {
        struct buffer file = BUFFER_EMPTY;
        size_t length = strcspn(place, ":");
        buffer_append(&file, place, length);
        buffer_printf(&file, "%s%s", length > 0 ? "/" : "./", name);
        found = !file.failed && append_program(path, buffer_text(&file));
        buffer_free(&file);
        place = place[length] == ':' ? place + length + 1 : NULL;
    }
}

void program_find(struct buffer *path, const char *name)
{
    if (append_own_path(path) || name == NULL || name[0] == '\0')
        return;
    if (strchr(name, '/') != NULL)
        append_program(path, name);
    else
        append_from_path(path, name);
}
