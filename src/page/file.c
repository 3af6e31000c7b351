/* SPDX-License-Identifier: MIT
 *
 * The new file gets its name only once the disk has all of it.
 */
#include "page/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_TRIES = 100 };

static int write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t count = write(fd, text, length);
        if (count < 0 && errno != EINTR)
            return errno;
        if (count > 0) {
            text += count;
            length -= (size_t)count;
        }
    }
    return 0;
}

static int write_directly(const char *path, const char *text, size_t length)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return errno;
    int error = write_all(fd, text, length);
    if (close(fd) != 0 && error == 0)
        error = errno;
    return error;
}

/* A name that nobody has, next to `path`; open() rather than mkstemp(), which would ignore the
 * umask. */
static int open_beside(const char *path, struct buffer *name, int *fd)
{
    for (unsigned i = 0; i < NAME_TRIES; i++) {
        buffer_clear(name);
        buffer_printf(name, "%s.%ld-%u", path, (long)getpid(), i);
        if (name->failed)
            return ENOMEM;
        *fd = open(buffer_text(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (*fd >= 0)
            return 0;
        if (errno != EEXIST)
            return errno;
    }
    return EEXIST;
}

/* So that the new name, too, survives a power cut. Not every file system can. */
static void sync_folder(const char *path)
{
    struct buffer folder = BUFFER_EMPTY;
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        buffer_putc(&folder, '.');
    else
        buffer_append(&folder, path, (size_t)(slash - path) + (slash == path));
    int fd = folder.failed ? -1 : open(buffer_text(&folder), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    buffer_free(&folder);
}

static int replace(const char *path, const struct stat *old, const char *text, size_t length)
{
    struct buffer name = BUFFER_EMPTY;
    int fd = -1;
    int error = open_beside(path, &name, &fd);
    if (error != 0) {
        buffer_free(&name);
        return error;
    }
    if (old != NULL && fchmod(fd, old->st_mode & 0777) != 0)
        error = errno;
    if (error == 0)
        error = write_all(fd, text, length);
    if (error == 0 && fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
        error = errno;
    if (close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && rename(buffer_text(&name), path) != 0)
        error = errno;
    if (error == 0)
        sync_folder(path);
    else
        unlink(buffer_text(&name));
    buffer_free(&name);
    return error;
}

int file_write(const char *path, const char *text, size_t length)
{
    struct stat old;
    if (stat(path, &old) != 0)
        return errno == ENOENT ? replace(path, NULL, text, length) : errno;
    if (S_ISDIR(old.st_mode))
        return EISDIR;
    if (!S_ISREG(old.st_mode))
        return write_directly(path, text, length);
    if (access(path, W_OK) != 0) /* rename() would not ask */
        return errno;
    char *target = realpath(path, NULL);
    if (target == NULL)
        return errno;
    int error = replace(target, &old, text, length);
    free(target);
    return error;
}

int file_create(const char *path, const char *text, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    int error = write_all(fd, text, length);
    if (close(fd) != 0 && error == 0)
        error = errno;
    if (error != 0)
        (void)unlink(path);
    return error;
}

static int read_all(int fd, size_t most, struct buffer *text)
{
    char bytes[16384];
    size_t start = text->length;
    for (;;) {
        ssize_t count = read(fd, bytes, sizeof bytes);
        if (count == 0)
            return 0;
        if (count < 0 && errno != EINTR)
            return errno;
        if (count > 0)
            buffer_append(text, bytes, (size_t)count);
        if (text->failed)
            return ENOMEM;
        if (text->length - start > most)
            return EFBIG;
    }
}

int file_read(const char *path, size_t most, struct buffer *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return errno;
    int error = read_all(fd, most, text);
    close(fd);
    return error;
}
