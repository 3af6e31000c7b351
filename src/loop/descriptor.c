/* SPDX-License-Identifier: MIT
 *
 * Where the program's own descriptors are kept. Knows no loop and no poller, which both ask.
 */
#include "loop/loop.h"

#include <fcntl.h>
#include <unistd.h>

enum { OWN_DESCRIPTORS = 100 };

int loop_keep_descriptor(int fd)
{
    const int kept = fcntl(fd, F_DUPFD_CLOEXEC, OWN_DESCRIPTORS);
    if (kept < 0)
        return fd;
    close(fd);
    return kept;
}
