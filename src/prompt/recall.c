/* SPDX-License-Identifier: MIT
 *
 * The history file: Readline's format with time stamps, `#1700000000` and then the entry with all
 * its lines. Readline's own reader and writer drop empty lines of an entry and know no locks, while
 * several shells share the file. Knows nothing of keys.
 */
#include "inside.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <readline/history.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    ENTRIES_MOST = 10000,
    BYTES_MOST = 16 * 1024 * 1024, /* of a larger file the end is read */
    STAMP_LEAST = 8,               /* digits; `#1` is an expression of Lua's */
    LOCK_TRIES = 25,
    REOPEN_TRIES = 8
};

struct entry {
    const char *begin; /* of its time stamp, where it has one */
    const char *text;
    size_t length;
};

static int open_regular(const char *path, int flags, int *fd)
{
    struct stat about;
    *fd = open(path, flags | O_NONBLOCK | O_CLOEXEC, 0600);
    if (*fd < 0)
        return errno;
    int error = fstat(*fd, &about) != 0 ? errno : 0;
    if (!error && !S_ISREG(about.st_mode))
        error = EINVAL;
    if (error)
        close(*fd);
    else if ((about.st_mode & 0777) != 0600)
        (void)fchmod(*fd, 0600); /* a strange umask, or a file that others could read */
    return error;
}

/* A shell that was stopped while it held the lock must not stop the others: after a quarter of a
 * second it goes without. Returns whether the lock was had; closing the file gives it back. */
static bool lock_file(int fd)
{
    const struct timespec pause = {.tv_nsec = 10L * 1000 * 1000};
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (fcntl(fd, F_SETLK, &whole) == 0)
            return true;
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return false;
        nanosleep(&pause, NULL);
    }
    return false;
}

/* Whether the path still leads to this file: another shell may have put a shorter one there. */
static bool is_current(int fd, const char *path)
{
    struct stat here, there;
    return fstat(fd, &here) == 0 && stat(path, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

static int read_end(int fd, struct buffer *text)
{
    const off_t size = lseek(fd, 0, SEEK_END);
    const off_t from = size > BYTES_MOST ? size - BYTES_MOST : 0;
    if (size < 0 || lseek(fd, from, SEEK_SET) < 0)
        return errno;
    if (!buffer_reserve(text, (size_t)(size - from)))
        return ENOMEM;
    char chunk[16 * 1024];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0)
        buffer_append(text, chunk, (size_t)got);
    if (got < 0)
        return errno;
    return text->failed ? ENOMEM : 0;
}

static const char *line_end(const char *at, const char *end)
{
    const char *const newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline : end;
}

static bool is_stamp(const char *at, const char *end)
{
    const char *const behind = line_end(at, end);
    if (behind - at <= STAMP_LEAST || *at != '#')
        return false;
    while (++at < behind && isdigit((unsigned char)*at))
        continue;
    return at == behind;
}

static const char *next_line(const char *at, const char *end)
{
    at = line_end(at, end);
    return at < end ? at + 1 : end;
}

/* Behind a stamp an entry goes on to the next one; without stamps each line is an entry. */
static bool take_entry(const char **at, const char *end, struct entry *entry)
{
    if (*at >= end)
        return false;
    const bool stamped = is_stamp(*at, end);
    entry->begin = *at;
    entry->text = stamped ? next_line(*at, end) : *at;
    const char *behind = stamped ? entry->text : next_line(*at, end);
    while (stamped && behind < end && !is_stamp(behind, end))
        behind = next_line(behind, end);
    *at = behind;
    if (behind > entry->text && behind[-1] == '\n')
        behind--;
    entry->length = (size_t)(behind - entry->text);
    return true;
}

/* Readline's list holds C strings; an entry with a zero byte was never typed. */
static void add_entry(const struct entry *entry)
{
    if (entry->length == 0 || memchr(entry->text, '\0', entry->length))
        return;
    char *const text = strndup(entry->text, entry->length);
    if (text)
        add_history(text);
    free(text);
}

/* Adds the last ENTRIES_MOST entries; `kept` is where the first of them begins. */
static void add_entries(const struct buffer *text, const char **kept)
{
    const char *const end = text->data + text->length;
    const char *at = text->data;
    struct entry entry;
    size_t count = 0;
    while (take_entry(&at, end, &entry))
        count++;
    *kept = at = text->data;
    for (size_t i = 0; take_entry(&at, end, &entry); i++) {
        if (i + ENTRIES_MOST == count)
            *kept = entry.begin;
        if (i + ENTRIES_MOST >= count)
            add_entry(&entry);
    }
}

static int write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(fd, text, length);
        if (written < 0 && errno != EINTR)
            return errno;
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        }
    }
    return 0;
}

/* Puts a shorter file in the place of a longer one, all at once; `path` has no symbolic links. */
static int replace_file(const char *path, const char *text, size_t length)
{
    struct buffer name = BUFFER_EMPTY;
    buffer_printf(&name, "%s.XXXXXX", path);
    const int fd = name.failed ? -1 : mkstemp(name.data);
    int error = fd < 0 ? errno : write_all(fd, text, length);
    if (fd >= 0 && close(fd) != 0 && !error)
        error = errno;
    if (!error && rename(name.data, path) != 0)
        error = errno;
    if (error && fd >= 0)
        unlink(name.data);
    buffer_free(&name);
    return error;
}

static void cut_file(const char *path, const char *text, size_t length)
{
    char *const real = realpath(path, NULL);
    if (real)
        (void)replace_file(real, text, length); /* or the next start tries again */
    free(real);
}

int recall_load(const char *path)
{
    struct buffer text = BUFFER_EMPTY;
    int fd;
    int error = open_regular(path, O_RDWR, &fd);
    if (error == EACCES || error == EROFS)
        error = open_regular(path, O_RDONLY, &fd);
    if (error)
        return error == ENOENT ? 0 : error;
    const bool locked = lock_file(fd);
    error = read_end(fd, &text);
    if (!error && text.length > 0) {
        const char *kept;
        add_entries(&text, &kept);
        if (kept > text.data && locked && is_current(fd, path))
            cut_file(path, kept, (size_t)(text.data + text.length - kept));
    }
    close(fd);
    buffer_free(&text);
    return error;
}

static int open_locked(const char *path, int *fd)
{
    for (int i = 0; i < REOPEN_TRIES; i++) {
        const int error = open_regular(path, O_RDWR | O_APPEND | O_CREAT, fd);
        if (error)
            return error;
        lock_file(*fd);
        if (is_current(*fd, path))
            return 0;
        close(*fd);
    }
    return EAGAIN;
}

/* One write for the whole entry; where the disk is full, nothing of it stays. */
static int append_text(int fd, const char *text, size_t length)
{
    const off_t size = lseek(fd, 0, SEEK_END);
    const ssize_t written = write(fd, text, length);
    if (written == (ssize_t)length)
        return 0;
    const int error = written < 0 ? errno : ENOSPC;
    if (written > 0 && size >= 0 && ftruncate(fd, size) != 0)
        return errno;
    return error;
}

/* Whether a file ends in the middle of a line, as one does that something else wrote. */
static bool ends_midline(int fd)
{
    char last = '\n';
    const off_t size = lseek(fd, 0, SEEK_END);
    return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

/* Since 1970; a clock that was never set may be before that. */
static long long seconds_now(void)
{
    const long long now = (long long)time(NULL);
    return now > 0 ? now : 0;
}

int recall_append(const char *path, const char *entry)
{
    struct buffer text = BUFFER_EMPTY;
    int fd;
    int error = open_locked(path, &fd);
    if (error)
        return error;
    if (ends_midline(fd))
        buffer_putc(&text, '\n');
    buffer_printf(&text, "#%08lld\n%s\n", seconds_now(), entry);
    error = text.failed ? ENOMEM : append_text(fd, text.data, text.length);
    if (close(fd) != 0 && !error)
        error = errno;
    buffer_free(&text);
    return error;
}

/* Makes the directories that lead to the file, as far as they can be made: where they cannot,
 * writing the file says so. */
static void make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
}

char *prompt_history_path(void)
{
    const char *const state = getenv("XDG_STATE_HOME");
    const char *const home = getenv("HOME");
    struct buffer path = BUFFER_EMPTY;
    if (state && *state == '/')
        buffer_printf(&path, "%s/sockrepl/history", state);
    else if (home && *home == '/')
        buffer_printf(&path, "%s/.local/state/sockrepl/history", home);
    if (path.failed)
        buffer_free(&path);
    if (path.data)
        make_directories(path.data);
    return path.data;
}
