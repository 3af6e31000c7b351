/* SPDX-License-Identifier: MIT
 *
 * The dot commands about lessons: each hands over to the player, which asks for the next line
 * itself.
 */
#include "app/lesson.h"
#include "base/text.h"
#include "lua/binding.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool lesson_dot_lessons(struct session *session, const char *argument)
{
    (void)argument;
    lesson_list(session);
    return true;
}

static void tell_missing(struct session *session, const char *name)
{
    struct buffer nearest = BUFFER_EMPTY, text = BUFFER_EMPTY;
    buffer_puts(&text, "there is no lesson ");
    text_append_safe(&text, name, strlen(name), false);
    if (lesson_find_nearest(session, name, &nearest)) {
        buffer_puts(&text, "; did you mean ");
        text_append_safe(&text, buffer_text(&nearest), nearest.length, false);
        buffer_putc(&text, '?');
    } else {
        buffer_puts(&text, "; .lessons lists them");
    }
    report_note(session, "%s", text.failed ? strerror(ENOMEM) : buffer_text(&text));
    buffer_free(&nearest);
    buffer_free(&text);
}

bool lesson_dot_lesson(struct session *session, const char *argument)
{
    if (argument[0] == '\0') {
        lesson_list(session);
        return true;
    }
    struct buffer *path = binding_buffer(session->L);
    int error = lesson_find(session, argument, path);
    if (error == ENOENT)
        tell_missing(session, argument);
    else if (error != 0)
        report_note(session, "%s", strerror(error));
    bool failed = error != 0 || lesson_open(session, buffer_text(path), PLAYER_KEYS) != 0;
    buffer_free(path);
    lua_pop(session->L, 1);
    return failed;
}

static unsigned to_number(const char *argument)
{
    char *end;
    unsigned long value = strtoul(argument, &end, 10);
    return isdigit((unsigned char)argument[0]) && *end == '\0' && value < 100000 ? (unsigned)value
                                                                                 : 0;
}

/* Before the lesson has begun there is nothing to command but to leave. */
static bool is_asked(struct session *session)
{
    if (!session->play->asks_network)
        return false;
    report_note(session, "please answer y or n first, or .leave");
    entry_ask(session);
    return true;
}

static bool command(struct session *session, void (*run)(struct player *player))
{
    if (run != player_leave && is_asked(session))
        return false;
    run(session->play->player);
    lesson_settle(session);
    return false;
}

bool lesson_dot_hint(struct session *session, const char *argument)
{
    (void)argument;
    return command(session, player_hint);
}

bool lesson_dot_skip(struct session *session, const char *argument)
{
    (void)argument;
    return command(session, player_skip);
}

bool lesson_dot_again(struct session *session, const char *argument)
{
    (void)argument;
    return command(session, player_again);
}

bool lesson_dot_back(struct session *session, const char *argument)
{
    (void)argument;
    return command(session, player_back);
}

bool lesson_dot_steps(struct session *session, const char *argument)
{
    (void)argument;
    return command(session, player_steps);
}

bool lesson_dot_leave(struct session *session, const char *argument)
{
    (void)argument;
    return command(session, player_leave);
}

bool lesson_dot_goto(struct session *session, const char *argument)
{
    if (is_asked(session))
        return false;
    player_goto(session->play->player, to_number(argument));
    lesson_settle(session);
    return false;
}

bool lesson_dot_read(struct session *session, const char *argument)
{
    if (is_asked(session))
        return false;
    player_read(session->play->player, to_number(argument));
    lesson_settle(session);
    return false;
}
