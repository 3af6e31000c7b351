/* SPDX-License-Identifier: MIT
 *
 * The program: options, then code, a script or the prompt.
 */
#include "app/check.h"
#include "app/lesson.h"
#include "app/merge.h"
#include "app/options.h"
#include "app/program.h"
#include "app/session.h"
#include "base/text.h"
#include "lua/evaluate.h"

#include <errno.h>
#include <lauxlib.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct start {
    int argc;
    char **argv;
    struct options options;
    struct session session;
    struct buffer program;
    struct buffer lesson; /* the path of the one to play; empty for none */
    bool terminal;        /* somebody types, and sees what is written */
    int status;
};

/* A shell that holds ten thousand connections needs as many descriptors as it may have. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* The table `arg`: the script at 0, its arguments behind it, the program before. */
static void set_arguments(lua_State *L, const struct start *start)
{
    int script = start->options.file != NULL ? start->options.argument_first - 1 : 0;
    lua_newtable(L);
    for (int i = 0; i < start->argc; i++) {
        lua_pushstring(L, start->argv[i]);
        lua_rawseti(L, -2, i - script);
    }
    lua_setglobal(L, "arg");
}

static int push_arguments(lua_State *L, const struct start *start)
{
    int count = 0;
    luaL_checkstack(L, start->argc + LUA_MINSTACK, "too many arguments");
    for (int i = start->options.argument_first; i < start->argc; i++, count++)
        lua_pushstring(L, start->argv[i]);
    return count;
}

static int refuse_chunk(struct session *session, int load_status)
{
    if (session->notes.ended)
        return 128 + session->notes.ended;
    if (session->notes.interrupted)
        return 130;
    report_message(session, session->L, "sockrepl: ");
    lua_pop(session->L, 1);
    return load_status == LUA_ERRFILE ? 2 : 1;
}

static int run_code(struct start *start)
{
    lua_State *L = start->session.L;
    const char *code = start->options.code;
    int wrong = luaL_loadbufferx(L, code, strlen(code), "=-e", "t");
    if (wrong != LUA_OK)
        return refuse_chunk(&start->session, wrong);
    return session_run(&start->session, 0);
}

static int run_file(struct start *start, const char *name)
{
    lua_State *L = start->session.L;
    if (strcmp(name, "-") != 0 && lesson_load_script(&start->session, name))
        return session_run(&start->session, 1 + push_arguments(L, start));
    int wrong = evaluate_load_file(L, strcmp(name, "-") == 0 ? NULL : name);
    if (wrong != LUA_OK) {
        int status = refuse_chunk(&start->session, wrong);
        if (wrong == LUA_ERRSYNTAX)
            stray_tell_of_file(&start->session, name);
        return status;
    }
    return session_run(&start->session, push_arguments(L, start));
}

static void greet(struct session *session)
{
    struct buffer text = BUFFER_EMPTY;
    if (!session->out.terminal)
        return;
    text_append_wrapped(&text,
                        "sockrepl " SOCKREPL_VERSION
                        ": the Berkeley socket calls, typed and run, in Lua 5.4.\n"
                        "help shows the calls, Ctrl-D leaves.",
                        (size_t)port_columns(&session->out), "");
    port_put(&session->out, STYLE_PLAIN, &text);
    buffer_free(&text);
}

static enum player_manner manner_of(const struct start *start)
{
    if (!start->terminal)
        return PLAYER_STRAIGHT;
    if (start->options.automatic)
        return PLAYER_AUTO;
    return start->options.present ? PLAYER_PRESENT : PLAYER_KEYS;
}

/* With a prompt the lesson goes on in session_prompt(). */
static int play(struct start *start, bool attended)
{
    struct session *session = &start->session;
    int status = lesson_open(session, buffer_text(&start->lesson), manner_of(start));
    if (status != 0)
        return status;
    return start->terminal && attended ? session_prompt(session) : lesson_run(session);
}

/* Which lesson is meant; false after a message where that cannot be told. */
static bool find_lesson(struct start *start)
{
    const struct options *options = &start->options;
    if (options->lesson != NULL) {
        int error = lesson_find(&start->session, options->lesson, &start->lesson);
        if (error != 0)
            fprintf(stderr, "sockrepl: %s\n",
                    error == ENOENT ? "there is no such lesson; --lessons lists them"
                                    : strerror(error));
        return error == 0;
    }
    const char *file = options->file;
    if (file == NULL || options->run || strcmp(file, "-") == 0)
        return true;
    int error = lesson_try_file(file);
    if (error == 0)
        buffer_puts(&start->lesson, file);
    if (error != ENOMEM && !start->lesson.failed)
        return true; /* what is no lesson is a script */
    fprintf(stderr, "sockrepl: %s\n", strerror(ENOMEM));
    return false;
}

/* A lesson, a script, or standard input. */
static int run_given(struct start *start, bool attended)
{
    const struct options *options = &start->options;
    if (start->lesson.length > 0)
        return play(start, attended);
    if (options->file != NULL)
        return run_file(start, options->file);
    return attended || options->code != NULL ? 0 : run_file(start, "-");
}

static int run_all(struct start *start, bool attended)
{
    bool asked = start->lesson.length > 0 && start->terminal; /* its prompt has ended by then */
    int status = 0;
    if (attended && !start->options.no_init && start->lesson.length == 0)
        init_run(&start->session);
    if (start->session.done)
        return start->session.status;
    if (start->options.code != NULL)
        status = run_code(start);
    if (start->options.lessons) {
        lesson_list(&start->session);
        return status;
    }
    if (status == 0)
        status = run_given(start, attended);
    if (!attended || asked || start->session.done)
        return status;
    greet(&start->session);
    return session_prompt(&start->session);
}

static int protected_main(lua_State *L)
{
    struct start *start = lua_touserdata(L, 1);
    const struct options *options = &start->options;
    bool idle = options->code == NULL && options->file == NULL;
    bool plays = start->lesson.length > 0;
    bool attended = !options->lessons && (options->prompt || (plays && start->terminal) ||
                                          (idle && !plays && isatty(STDIN_FILENO)));
    lua_gc(L, LUA_GCSTOP);
    session_open(&start->session, L, options->colour, attended);
    lua_gc(L, LUA_GCRESTART);
    if (options->trace >= 0 || plays)
        trace_switch(&start->session, options->trace != 0);
    set_arguments(L, start);
    start->status = run_all(start, attended);
    return 0;
}

static int run(struct start *start)
{
    lua_State *L = luaL_newstate();
    if (L == NULL) {
        fputs("sockrepl: not enough memory\n", stderr);
        return 1;
    }
    start->status = 1;
    lua_pushcfunction(L, protected_main);
    lua_pushlightuserdata(L, start);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK)
        fprintf(stderr, "sockrepl: %s\n",
                lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "an error that is no text");
    session_close(&start->session);
    lua_close(L);
    if (start->session.err.error == ENOMEM && start->status == 0)
        start->status = 1; /* that something could not be shown was said there */
    if (start->session.out.error != 0 && start->status == 0) {
        fprintf(stderr, "sockrepl: cannot write: %s\n", strerror(start->session.out.error));
        start->status = 1;
    }
    return start->status;
}

/* What opens a shell, or several. */
static int play_or_run(struct start *start)
{
    start->session.program = start->options.program = buffer_text(&start->program);
    if (start->options.check)
        return check_files(start->argc, start->argv, &start->options);
    start->terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    int status = find_lesson(start) ? run(start) : 2;
    buffer_free(&start->lesson);
    return status;
}

/* Of what was written to standard output without a session. */
static int end_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    fprintf(stderr, "sockrepl: cannot write: %s\n", strerror(errno));
    return 1;
}

int main(int argc, char **argv)
{
    struct start start = {.argc = argc, .argv = argv};
    int wrong = options_parse(argc, argv, &start.options);
    if (wrong != 0)
        return wrong;
    if (start.options.help) {
        options_print_help(stdout);
        return end_output();
    }
    if (start.options.version) {
        puts("sockrepl " SOCKREPL_VERSION);
        return end_output();
    }
    if (start.options.from_python != NULL)
        return habit_print_script(start.options.from_python);
    if (start.options.merge != NULL)
        return merge_files(argc, argv, &start.options);
    if (start.options.plain)
        setenv("TERM", "dumb", 1); /* what it asks for is what such a terminal is given */
    program_find(&start.program, argv[0]);
    setlocale(LC_CTYPE, "");
    raise_descriptor_limit();
    int status = start.options.new_lesson != NULL
                     ? lesson_new_file(start.options.new_lesson, buffer_text(&start.program))
                     : play_or_run(&start);
    buffer_free(&start.program);
    return status;
}
