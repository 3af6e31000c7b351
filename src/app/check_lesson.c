/* SPDX-License-Identifier: MIT
 *
 * The process of a lesson that is checked: which plays there are, and what is proved of each as a
 * whole. In the first a student solves everything; in the second one skips everything, and goes
 * back once.
 */
#include "checking.h"
#include "lua/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So that the lesson's last step is not the end, and can be gone back to. */
static const char one_more[] = "\n--# The end\n-- Nothing is left to do.\n";

/* The file. */

/* A mistake is told as `PATH:LINE: what`. */
static void say_mistakes(struct check *check, const struct buffer *mistakes)
{
    size_t prefix = strlen(check->path) + 1;
    for (const char *at = buffer_text(mistakes); *at != '\0';) {
        size_t length = strcspn(at, "\n");
        char *what = NULL;
        unsigned long line = length > prefix ? strtoul(at + prefix, &what, 10) : 0;
        const char *text = what != NULL ? what + strspn(what, ": ") : at;
        check_that(check, false, (unsigned)line, "%.*s", (int)(at + length - text), text);
        at += length + (at[length] == '\n');
    }
}

static bool prove_format(struct check *check)
{
    struct buffer mistakes = BUFFER_EMPTY;
    struct lesson *lesson = NULL;
    if (!lesson_is_lesson(buffer_text(&check->text), check->text.length)) {
        check_that(check, false, 1, "the file is a lesson");
        check_say(check, CHECK_NOTE, 1, "expected: lines that begin with --: and --#; got: none");
        return false;
    }
    int error = lesson_parse_text(&check->session, check->path, &check->text, &lesson, &mistakes);
    say_mistakes(check, &mistakes);
    if (error == 0)
        check_that(check, true, 0, "the format is right");
    else if (error != EINVAL)
        check_that(check, false, 0, "the file can be read: %s", strerror(error));
    lesson_free(lesson);
    buffer_free(&mistakes);
    return error == 0;
}

/* Playing. */

static int begin(struct check *check)
{
    struct session *session = &check->session;
    struct buffer mistakes = BUFFER_EMPTY;
    struct lesson *lesson = NULL;
    check->serial = session->engine->last_serial;
    check->task = session->engine->last_id;
    check->asked = check->over = false;
    int error = lesson_parse_text(session, check->path, &check->text, &lesson, &mistakes);
    buffer_free(&mistakes);
    if (error == 0)
        check->steps = lesson->step_count - 1;
    return error != 0 ? error : lesson_begin(session, check->path, lesson, PLAYER_KEYS);
}

static bool start_play(struct check *check)
{
    int error = begin(check);
    if (error != 0) {
        check_that(check, false, 0, "the lesson begins: %s", strerror(error));
        return false;
    }
    check_settle(check);
    return true;
}

/* What a lesson leaves open is there to play with; that it is, is worth a note. */
static void note_what_is_open(struct check *check)
{
    const struct engine *e = check->session.engine;
    struct buffer text = BUFFER_EMPTY;
    for (const struct socket *s = e->sockets; s != NULL; s = s->next) {
        buffer_puts(&text, text.length > 0 ? ", " : "");
        socket_describe(&text, s);
    }
    for (const struct task *task = e->tasks; task != NULL; task = task->next) {
        buffer_puts(&text, text.length > 0 ? ", " : "");
        task_describe(&text, task);
    }
    if (text.failed)
        check_that(check, false, 0, "not enough memory to say what is left open");
    else if (text.length > 0)
        check_say(check, CHECK_NOTE, 0, "left open at the end: %s", buffer_text(&text));
    buffer_free(&text);
}

static size_t count_descriptors(void)
{
    long most = sysconf(_SC_OPEN_MAX);
    size_t count = 0;
    for (int fd = 0; fd < most && fd < 65536; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static bool is_closed(const struct check *check)
{
    const struct engine *e = check->session.engine;
    return e->sockets == NULL && e->tasks == NULL &&
           (check->descriptors == 0 || count_descriptors() <= check->descriptors);
}

/* The first play may have opened what the shell itself keeps, the second nothing. */
static void prove_closed(struct check *check, const char *play)
{
    struct engine *e = check->session.engine;
    bool first = check->descriptors == 0;
    if (first)
        note_what_is_open(check);
    check->line = 0;
    lesson_close_opened(e, check->serial, check->task);
    check_side_end(check);
    bool closed = check_wait(check, is_closed, check->options->limit);
    check_that(check, closed, 0, "nothing stays open after %s", play);
    if (!closed) {
        check_say(check, CHECK_NOTE, 0, "expected: no socket, no task");
        note_what_is_open(check);
    }
    check->descriptors = count_descriptors();
}

static bool solve_all(struct check *check)
{
    if (!start_play(check) || !check_side_exists(check))
        return false;
    check_side_begin(check);
    for (size_t i = 0; i < check->steps; i++)
        if (!check_step(check, i))
            return false;
    check_enter(check);
    prove_closed(check, "the lesson");
    return check->over;
}

static bool skip_from(struct check *check, size_t step)
{
    for (size_t i = step; i < check->steps; i++)
        if (!check_skip_step(check, i))
            return false;
    return true;
}

static void note_place(struct check *check, const char *expected)
{
    check_say(check, CHECK_NOTE, check->line, "expected: %s", expected);
    check_say(check, CHECK_NOTE, check->line, "got: step %zu; %s", check_here(check) + 1,
              check->message.length > 0 ? buffer_text(&check->message) : buffer_text(&check->note));
}

static bool skip_all(struct check *check)
{
    if (!start_play(check))
        return false;
    check_side_begin(check);
    bool through = skip_from(check, 0);
    if (!check_that(check, through, through ? 0 : check->line, ".skip leads through the lesson")) {
        note_place(check, "the next step");
        return false;
    }
    check_back(check);
    bool back = check_here(check) == check->steps - 1 && skip_from(check, check->steps - 1);
    if (!check_that(check, back, back ? 0 : check->line, ".back repeats the steps before")) {
        note_place(check, "the step before");
        return false;
    }
    check_enter(check);
    prove_closed(check, ".skip and .back");
    return check->over;
}

/* Whether the computer has what the lesson needs; other computers are never reached. */
static bool has_needs(struct check *check)
{
    static const char code[] = "local s <close> = socket(AF_INET6) bind(s, '::1', 0)";
    struct buffer mistakes = BUFFER_EMPTY;
    struct lesson *lesson = NULL;
    (void)lesson_parse_text(&check->session, check->path, &check->text, &lesson, &mistakes);
    bool needs = lesson != NULL && (lesson->needs & LESSON_NEEDS_IPV6) != 0;
    lesson_free(lesson);
    buffer_free(&mistakes);
    if (!needs || luaL_loadstring(check->session.L, code) != LUA_OK)
        return true;
    bool has = session_run(&check->session, 0) == 0;
    if (!has)
        check_say(check, CHECK_SKIPS, 0, "it needs IPv6, which there is none of here");
    return has;
}

static void play(struct check *check)
{
    if (!prove_format(check) || !has_needs(check))
        return;
    buffer_puts(&check->text, one_more);
    if (check->text.failed)
        check_that(check, false, 0, "the lesson can be tried: %s", strerror(ENOMEM));
    else if (!solve_all(check) || !skip_all(check))
        check_say(check, CHECK_NOTE, check->line, "the rest of this lesson was not tried");
}

/* The process. */

static int open_nowhere(struct check *check)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
        return errno;
    check->nowhere = fdopen(loop_keep_descriptor(fd), "w");
    return check->nowhere != NULL ? 0 : errno;
}

static int protected_play(lua_State *L)
{
    struct check *check = lua_touserdata(L, 1);
    struct session *session = &check->session;
    lua_gc(L, LUA_GCSTOP);
    session_open(session, L, COLOUR_NEVER, false);
    lua_gc(L, LUA_GCRESTART);
    port_init(&session->out, check->nowhere);
    port_init(&session->err, check->nowhere);
    trace_switch(session, true);
    session->engine->attended = true; /* as with a student, calls wait in the loop */
    check_student_init(check);
    play(check);
    return 0;
}

static int run(struct check *check)
{
    lua_State *L = luaL_newstate();
    if (L == NULL)
        return ENOMEM;
    lua_pushcfunction(L, protected_play);
    lua_pushlightuserdata(L, check);
    bool well = lua_pcall(L, 1, 0, 0) == LUA_OK;
    if (!well)
        check_that(check, false, check->line, "the shell holds: %s", luaL_tolstring(L, -1, NULL));
    session_close(&check->session);
    lua_close(L);
    return 0;
}

int check_lesson(const char *path, int output, const struct options *options, bool shared)
{
    struct check check = {.output = output, .path = path, .options = options, .shared = shared};
    check.session.program = options->program;
    int error = check_room_enter(&check);
    if (error != 0 && !shared)
        return 0; /* who started this process tries again without */
    if (error != 0)
        check_say(&check, CHECK_NOTE, 0, "no turn can be taken: %s", strerror(error));
    error = open_nowhere(&check);
    if (error == 0)
        error = lesson_read_file(path, &check.text);
    if (error == 0)
        error = run(&check);
    if (error != 0)
        check_that(&check, false, 0, "the lesson can be tried: %s", strerror(error));
    check_student_free(&check);
    buffer_free(&check.text);
    if (check.nowhere != NULL)
        (void)fclose(check.nowhere);
    check_say(&check, CHECK_DONE, 0, "%s", "");
    return 0;
}
