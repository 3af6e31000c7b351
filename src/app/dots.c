/* SPDX-License-Identifier: MIT
 *
 * The table of dot commands, and how a line finds its way to one of them.
 */
#include "app/dots.h"
#include "app/lesson.h"
#include "base/text.h"
#include "help/help.h"
#include "lua/binding.h"
#include "lua/evaluate.h"

#include <ctype.h>
#include <errno.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LABEL_COLUMNS = 16 };

static const char blanks[] = " \t\r\n";

static void append_entry(struct buffer *page, const struct dot *dot, size_t width)
{
    char label[LABEL_COLUMNS + 3];
    const struct help_topic *topic = help_find(dot->name);
    if (topic == NULL)
        return;
    snprintf(label, sizeof label, "  %-*s", LABEL_COLUMNS,
             topic->signature != NULL ? topic->signature : topic->name);
    size_t begin = page->length;
    text_append_wrapped(page, topic->summary, width, "                  ");
    if (!page->failed && page->length - begin >= strlen(label))
        memcpy(page->data + begin, label, strlen(label));
}

static bool run_help(struct session *session, const char *argument)
{
    struct buffer page = BUFFER_EMPTY;
    size_t count, width = (size_t)port_columns(&session->out);
    const struct dot *dots = dots_entries(&count);
    if (argument[0] != '\0') {
        words_put_topic(session, argument);
        return true;
    }
    for (size_t i = 0; i < count; i++)
        if (dots[i].place == DOT_ANYWHERE || session->play != NULL)
            append_entry(&page, &dots[i], width);
    text_append_wrapped(&page, "help shows the calls, help \"keys\" the keys.", width, "");
    port_put(&session->out, STYLE_PLAIN, &page);
    buffer_free(&page);
    return true;
}

/* So that .save finds it, and that an error is not taken for one of the entry before. */
static void record_run(struct session *session, const char *path)
{
    struct buffer line = BUFFER_EMPTY;
    buffer_printf(&line, ".run %s", path);
    record_buffer(session, JOURNAL_TYPED, &line);
    buffer_free(&line);
}

static bool run_file(struct session *session, const char *argument)
{
    lua_State *L = session->L;
    const char *home = getenv("HOME");
    if (argument[0] == '\0') {
        report_note(session, ".run wants the name of a file");
        return true;
    }
    if (strncmp(argument, "~/", 2) == 0 && home != NULL)
        argument = lua_pushfstring(L, "%s%s", home, argument + 1);
    else
        argument = lua_pushstring(L, argument);
    record_run(session, argument);
    int wrong = evaluate_load_file(L, argument);
    if (wrong != LUA_OK) {
        report_message(session, L, "error: ");
        if (wrong == LUA_ERRSYNTAX)
            stray_tell_of_file(session, argument);
        lua_pop(L, 2);
        return true;
    }
    lua_remove(L, -2);
    entry_start(session);
    return false;
}

static bool run_quit(struct session *session, const char *argument)
{
    (void)argument;
    session->done = true;
    engine_leave(session->engine);
    return true;
}

/* In the order of `.help`. */
static const struct dot table[] = {
    {".help", DOT_ANYWHERE, DOT_TOPIC, run_help},
    {".hint", DOT_LESSON, DOT_NOTHING, lesson_dot_hint},
    {".skip", DOT_LESSON, DOT_NOTHING, lesson_dot_skip},
    {".again", DOT_LESSON, DOT_NOTHING, lesson_dot_again},
    {".back", DOT_LESSON, DOT_NOTHING, lesson_dot_back},
    {".goto", DOT_LESSON, DOT_NUMBER, lesson_dot_goto},
    {".read", DOT_LESSON, DOT_NUMBER, lesson_dot_read},
    {".steps", DOT_LESSON, DOT_NOTHING, lesson_dot_steps},
    {".partner", DOT_LESSON, DOT_NOTHING, lesson_dot_partner},
    {".leave", DOT_LESSON, DOT_NOTHING, lesson_dot_leave},
    {".lessons", DOT_ANYWHERE, DOT_NOTHING, lesson_dot_lessons},
    {".lesson", DOT_ANYWHERE, DOT_LESSON_NAME, lesson_dot_lesson},
    {".run", DOT_ANYWHERE, DOT_FILE, run_file},
    {".save", DOT_ANYWHERE, DOT_FILE, dot_save},
    {".edit", DOT_ANYWHERE, DOT_NOTHING, dot_edit},
    {".quit", DOT_ANYWHERE, DOT_NOTHING, run_quit},
};

const struct dot *dots_entries(size_t *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

static const struct dot *find(const char *name)
{
    if (strcasecmp(name, ".exit") == 0)
        name = ".quit"; /* Node and SQLite have both */
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcasecmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static const struct dot *find_nearest(const char *name)
{
    const struct dot *nearest = NULL;
    unsigned least = help_tolerance(name) + 1;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        unsigned distance = help_distance(name, table[i].name);
        if (distance < least) {
            least = distance;
            nearest = &table[i];
        }
    }
    return nearest;
}

static void refuse(struct session *session, const char *name)
{
    const struct dot *nearest = find_nearest(name);
    struct buffer shown = BUFFER_EMPTY;
    text_append_safe(&shown, name, strlen(name), false);
    if (shown.failed)
        report_note(session, "%s", strerror(ENOMEM));
    else if (nearest != NULL)
        report_note(session, "there is no command %s; did you mean %s?", buffer_text(&shown),
                    nearest->name);
    else
        report_note(session, "there is no command %s; .help lists them", buffer_text(&shown));
    buffer_free(&shown);
}

/* Splits `.name  argument  ` in place, and takes quotes off the argument. */
static char *split(char *line)
{
    char *argument = line + strcspn(line, blanks);
    if (*argument != '\0')
        *argument++ = '\0';
    argument += strspn(argument, blanks);
    size_t length = strlen(argument);
    while (length > 0 && isspace((unsigned char)argument[length - 1]))
        argument[--length] = '\0';
    char quote = argument[0];
    if (length >= 2 && (quote == '"' || quote == '\'') && argument[length - 1] == quote) {
        argument[length - 1] = '\0';
        argument++;
    }
    return argument;
}

/* Returns whether the prompt is to come back. */
static bool obey(struct session *session, char *line)
{
    const char *argument = split(line);
    const struct dot *dot = find(line);
    if (dot == NULL) {
        refuse(session, line);
        return true;
    }
    if (dot->place == DOT_LESSON && session->play == NULL) {
        report_note(session, "%s is for lessons; .lessons lists them", dot->name);
        return true;
    }
    if (dot->argument == DOT_NOTHING && argument[0] != '\0') {
        report_note(session, "%s takes no argument", dot->name);
        return true;
    }
    return dot->run(session, argument);
}

static bool is_command(const struct session *session, const char *text)
{
    return session->pending.length == 0 && text[0] == '.' && isalpha((unsigned char)text[1]);
}

const struct dot *dots_of_line(const struct session *session, const char *text, size_t *argument)
{
    char name[16];
    const size_t begin = strspn(text, blanks);
    const size_t length = strcspn(text + begin, blanks);
    if (!is_command(session, text + begin) || text[begin + length] == '\0' || length >= sizeof name)
        return NULL;
    memcpy(name, text + begin, length);
    name[length] = '\0';
    *argument = begin + length + strspn(text + begin + length, blanks);
    return find(name);
}

/* Within an unfinished statement `.name` is a field. Where none can stand it is a command that came
 * too early; the statement is not lost for that. */
static bool came_early(struct session *session, const char *text)
{
    char name[16];
    struct buffer code = BUFFER_EMPTY;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(text, blanks), text);
    if (session->pending.length == 0 || text[0] != '.' || find(name) == NULL)
        return false;
    buffer_printf(&code, "%s\n%s", buffer_text(&session->pending), text);
    if (code.failed) {
        buffer_free(&code);
        luaL_error(session->L, "not enough memory");
    }
    enum evaluate_outcome outcome = evaluate_compile(session->L, buffer_text(&code), code.length);
    buffer_free(&code);
    if (outcome != EVALUATE_INCOMPLETE)
        lua_pop(session->L, 1);
    if (outcome != EVALUATE_WRONG)
        return false;
    report_note(session, "a statement is unfinished: Ctrl-C drops it, then come the commands");
    entry_ask(session);
    return true;
}

bool dots_take(struct session *session, const char *text)
{
    text += strspn(text, blanks);
    if (came_early(session, text))
        return true;
    if (!is_command(session, text))
        return false;
    struct buffer *line = binding_buffer(session->L); /* freed whatever the command raises */
    buffer_puts(line, text);
    if (line->failed)
        luaL_error(session->L, "not enough memory");
    entry_remember(session, text);
    if (obey(session, line->data) && !session->done)
        entry_ask(session);
    buffer_free(line);
    lua_pop(session->L, 1);
    return true;
}
