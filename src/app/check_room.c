/* SPDX-License-Identifier: MIT
 *
 * Where a lesson is played: in a network of its own, so that its ports are free; or in that of
 * everybody, where two checks take turns.
 */
#include "app/program.h"
#include "checking.h"
#include "net/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

static const char turn_name[] = "sockrepl-check.lock";

/* The lock is the open file's and ends with the process. Another user's file, which cannot be
 * opened for writing, can be locked as well. */
static int take_turn(void)
{
    const char *directory = getenv("TMPDIR");
    struct buffer path = BUFFER_EMPTY;
    buffer_printf(&path, "%s/%s", directory != NULL && directory[0] != '\0' ? directory : "/tmp",
                  turn_name);
    int fd = open(buffer_text(&path), O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    buffer_free(&path);
    if (fd < 0)
        return errno;
    fd = loop_keep_descriptor(fd);
    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR)
            return errno;
    return 0;
}

int check_room_enter(struct check *check)
{
    int error = check->shared ? take_turn() : net_enter_private();
    if (error != 0 && !check->shared)
        check_say(check, CHECK_LONELY, 0, "%s", strerror(error));
    program_end_with_parent(); /* after the change of rights, which clears it */
    return error;
}
