/* SPDX-License-Identifier: MIT
 *
 * .edit: the last entry in the user's own editor; what comes out of it stands on the prompt, to be
 * run by Enter. Only a user's line starts a program so, never a lesson's code.
 */
#include "app/dots.h"
#include "page/file.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is read back at most. */
#define LARGEST_ENTRY ((size_t)1 << 20)

/* The editor's command may have arguments of its own: the system's shell splits it. */
static const char command[] = "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"";

static void become_editor(const char *path)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
    _exit(127);
}

/* Returns 0 once the editor has ended well, or an errno value; ECANCELED where it ended otherwise.
 */
static int run_editor(const char *path)
{
    int status = 0;
    pid_t pid = fork();
    if (pid < 0)
        return errno;
    if (pid == 0)
        become_editor(path);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return errno;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ECANCELED;
}

/* A file that nobody else can read, with a name that editors know as Lua's: in a directory of its
 * own, since mkstemp() knows no suffix. */
static int make_file(struct buffer *directory, struct buffer *path)
{
    const char *place = getenv("TMPDIR");
    buffer_printf(directory, "%s/sockrepl-XXXXXX",
                  place != NULL && place[0] == '/' ? place : "/tmp");
    if (directory->failed)
        return ENOMEM;
    if (mkdtemp(directory->data) == NULL)
        return errno;
    buffer_printf(path, "%s/entry.lua", directory->data);
    return path->failed ? ENOMEM : 0;
}

static int edit(struct session *session, const char *path, struct buffer *text)
{
    if (session->entered.failed)
        return ENOMEM;
    int error = file_write(path, buffer_text(&session->entered), session->entered.length);
    if (error == 0)
        error = run_editor(path);
    (void)signals_take_interrupt(&session->notes); /* a Ctrl-C was the editor's */
    if (error == 0)
        error = file_read(path, LARGEST_ENTRY, text);
    if (error == 0 && strlen(buffer_text(text)) != text->length)
        error = EINVAL;
    while (text->length > 0 && text->data[text->length - 1] == '\n')
        text->data[--text->length] = '\0';
    return error;
}

bool dot_edit(struct session *session, const char *argument)
{
    struct buffer directory = BUFFER_EMPTY, path = BUFFER_EMPTY, text = BUFFER_EMPTY;
    (void)argument;
    int error = make_file(&directory, &path);
    if (error == 0)
        error = edit(session, path.data, &text);
    if (error == ECANCELED)
        report_note(session, "the editor ended with an error; nothing was changed");
    else if (error != 0)
        report_note(session, "cannot edit: %s", strerror(error));
    else
        buffer_append(&session->proposed, buffer_text(&text), text.length);
    if (path.length > 0)
        (void)unlink(path.data);
    if (directory.length > 0)
        (void)rmdir(directory.data);
    buffer_free(&directory);
    buffer_free(&path);
    buffer_free(&text);
    return true;
}
