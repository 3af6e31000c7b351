/* SPDX-License-Identifier: MIT
 *
 * The other side of a lesson, in a process of its own: the server's side runs first, and the
 * client's once it listens, whichever of the two is being checked. Each time that the lesson goes
 * back, the other side begins anew.
 */
#include "checking.h"
#include "lua/socket.h"

#include <string.h>
#include <sys/wait.h>

static const struct lesson *lesson_of(const struct check *check)
{
    return check->session.play->lesson;
}

static bool has_side(const struct check *check)
{
    return check->session.play != NULL && lesson_of(check)->partner != NULL;
}

static void say_failed(struct check *check, const char *got)
{
    unsigned line = check->side_line;
    check->side_failed = true;
    check_that(check, false, line, "the other side plays to its end");
    check_say(check, CHECK_NOTE, line, "expected: exit status 0; got: %s", got);
    check_say(check, CHECK_NOTE, line, "it said last: %s", buffer_text(&check->side_said));
}

static void start(struct check *check)
{
    check->side_begun = true;
    check->side_listens = check->side_ended = false;
    buffer_clear(&check->side_said);
    check->side_line = lesson_of(check)->partner_line;
    int error = lesson_partner_start(&check->session);
    if (error == 0)
        return;
    check->side_ended = true;
    say_failed(check, strerror(error));
}

bool check_side_exists(struct check *check)
{
    const struct lesson *lesson = lesson_of(check);
    if (lesson->partner == NULL)
        return true;
    if (!check_that(check, lesson->role != LESSON_ANY_ROLE, lesson->partner_line,
                    "it is said who begins, where there is another side")) {
        check_say(check, CHECK_NOTE, lesson->partner_line,
                  "expected: a fact 'role', server or client; got: none");
        return false;
    }
    if (check_that(check, lesson_partner_try(&check->session) == 0, lesson->partner_line,
                   "the other side, %s, is a lesson", lesson->partner))
        return true;
    check_say(check, CHECK_NOTE, lesson->partner_line,
              "expected: a lesson beside this one; got: no such file, or no lesson");
    return false;
}

static bool side_has_begun(const struct check *check)
{
    return check->side_listens || check->side_ended || check->session.interrupted;
}

void check_side_begin(struct check *check)
{
    check->side_begun = false;
    if (!has_side(check) || lesson_of(check)->role != LESSON_CLIENT)
        return;
    start(check);
    check->session.interrupted = false;
    (void)check_wait(check, side_has_begun, check->options->limit);
}

static bool listens(const struct check *check)
{
    const struct socket *s = check->session.engine->sockets;
    while (s != NULL && !s->listening)
        s = s->next;
    return s != NULL;
}

void check_side_tend(struct check *check)
{
    if (has_side(check) && !check->side_begun && lesson_of(check)->role == LESSON_SERVER &&
        listens(check))
        start(check);
}

static bool is_call(const char *line, const char *call, const char *result)
{
    size_t length = strlen(line), end = strlen(result);
    return strncmp(line, call, strlen(call)) == 0 && length > end &&
           strcmp(line + length - end, result) == 0;
}

void check_side_heard(struct check *check, const char *line)
{
    check->side_listens |= is_call(line, "listen(", " = 0");
    buffer_clear(&check->side_said);
    buffer_puts(&check->side_said, line);
}

/* Who waits for a side that has failed would wait in vain. */
void check_side_ended(struct check *check, int status)
{
    char got[40];
    check->side_ended = true;
    if (status == 0 || check->trying || check->side_failed)
        return;
    if (WIFEXITED(status))
        snprintf(got, sizeof got, "exit status %d", WEXITSTATUS(status));
    else
        snprintf(got, sizeof got, "signal %d", WTERMSIG(status));
    say_failed(check, got);
    engine_interrupt(check->session.engine);
}

static bool side_has_ended(const struct check *check)
{
    return check->side_ended;
}

void check_side_end(struct check *check)
{
    if (!check->side_begun || check->side_failed)
        return;
    bool ended = check_wait(check, side_has_ended, check->options->limit);
    if (check->side_failed)
        return;
    if (ended)
        check_that(check, true, check->side_line, "the other side plays to its end");
    else
        say_failed(check, "it still runs");
    lesson_partner_close(&check->session);
}
