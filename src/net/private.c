/* SPDX-License-Identifier: MIT
 *
 * Linux's network namespaces (network_namespaces(7)). A user namespace around them is what lets
 * ordinary users have one; where users may have none, who is root needs none.
 */
#define _GNU_SOURCE /* unshare() */
#include "net/private.h"

#include <errno.h>

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)

#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int raise_loopback(void)
{
    struct ifreq request;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), error = 0;
    if (fd < 0)
        return errno;
    memset(&request, 0, sizeof request);
    memcpy(request.ifr_name, "lo", sizeof "lo");
    if (ioctl(fd, SIOCGIFFLAGS, &request) != 0)
        error = errno;
    request.ifr_flags |= IFF_UP;
    if (error == 0 && ioctl(fd, SIOCSIFFLAGS, &request) != 0)
        error = errno;
    close(fd);
    return error;
}

/* Or port 80 would be open to everybody here (capabilities(7)). */
static int give_up_rights(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    if (syscall(SYS_capset, &header, none) != 0)
        return errno;
    return prctl(PR_SET_DUMPABLE, 1) != 0 ? errno : 0; /* as before: debuggers may look */
}

int net_enter_private(void)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 && unshare(CLONE_NEWNET) != 0)
        return errno;
    int error = raise_loopback();
    return error != 0 ? error : give_up_rights();
}

#else

int net_enter_private(void)
{
    return ENOSYS;
}

#endif
