/* SPDX-License-Identifier: MIT
 *
 * A lesson run as the script that it is. A statement that must fail would end it: such a statement
 * is put into a protected call, on the lines that it has, so that the error is shown with its place
 * and the script goes on. What a lesson tells and asks are comments here.
 */
#include "app/lesson.h"
#include "base/text.h"

#include <lauxlib.h>
#include <string.h>

/* What the function below is called in the script, which is given it as the first argument. */
#define WANTS "_the_lesson_wants"

/* Whether the error at the top of the stack is the one that the step wants. */
static bool is_wanted(lua_State *L, const struct lesson_step *step)
{
    struct lesson_outcome report = {.outcome.failed = false};
    lesson_outcome_read_error(L, &report);
    bool wanted = player_is_meant(step, &report.outcome);
    lesson_outcome_free(&report);
    return wanted;
}

/* Arguments: the error's name, and what pcall() gave. */
static int want_failure(lua_State *L)
{
    struct session *session = lua_touserdata(L, lua_upvalueindex(1));
    char name[200];
    const struct lesson_step step = {.failure = name};
    snprintf(name, sizeof name, "%s", luaL_checkstring(L, 1));
    if (lua_toboolean(L, 2))
        return luaL_error(L, "this should have failed with %s, and did not", name);
    lua_settop(L, 3);
    if (!is_wanted(L, &step))
        return lua_error(L);
    report_message(session, L, "");
    return 0;
}

static const char *line_of(const char *text, unsigned line)
{
    for (; line > 1 && *text != '\0'; line--) {
        const char *newline = strchr(text, '\n');
        text = newline != NULL ? newline + 1 : text + strlen(text);
    }
    return text;
}

static unsigned count_lines(const char *text)
{
    unsigned count = 1;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

/* Appends what stands from `from` on, with the step's last statement protected; returns where that
 * ends. A comment may end its last line, so the brackets are closed on the next one. */
static const char *append_protected(struct buffer *out, const char *text, const char *from,
                                    const struct lesson_step *step)
{
    const struct lesson_text *last = &step->statements.items[step->statements.count - 1];
    const char *begin = line_of(text, last->line);
    const char *end = line_of(begin, count_lines(last->text) + 1);
    buffer_append(out, from, (size_t)(begin - from));
    buffer_puts(out, WANTS "(");
    text_append_quoted(out, step->failure, strlen(step->failure), strlen(step->failure));
    buffer_puts(out, ", pcall(function() ");
    buffer_append(out, begin, (size_t)(end - begin));
    if (end > begin && end[-1] != '\n')
        buffer_putc(out, '\n');
    buffer_puts(out, "end)) ");
    return end;
}

static bool wants_failures(const struct lesson *lesson)
{
    for (size_t i = 0; i < lesson->step_count; i++)
        if (lesson->steps[i].failure != NULL)
            return true;
    return false;
}

static void append_script(struct buffer *out, const struct lesson *lesson, const char *text)
{
    const char *from = text[0] == '#' ? text + strcspn(text, "\n") : text; /* as Lua does */
    buffer_puts(out, "local " WANTS " = ... ");
    for (size_t i = 0; i < lesson->step_count; i++)
        if (lesson->steps[i].failure != NULL)
            from = append_protected(out, text, from, &lesson->steps[i]);
    buffer_puts(out, from);
}

static bool load_script(struct session *session, const char *path, const struct buffer *script)
{
    struct buffer name = BUFFER_EMPTY;
    buffer_printf(&name, "@%s", path);
    bool loaded =
        !name.failed && !script->failed &&
        luaL_loadbufferx(session->L, script->data, script->length, name.data, "t") == LUA_OK;
    if (!name.failed && !script->failed && !loaded)
        lua_pop(session->L, 1);
    buffer_free(&name);
    return loaded;
}

bool lesson_load_script(struct session *session, const char *path)
{
    struct buffer text = BUFFER_EMPTY, mistakes = BUFFER_EMPTY, script = BUFFER_EMPTY;
    struct lesson *lesson = NULL;
    bool loaded = false;
    if (lesson_read_file(path, &text) == 0 && lesson_is_lesson(buffer_text(&text), text.length))
        (void)lesson_parse_text(session, path, &text, &lesson, &mistakes);
    if (lesson != NULL && wants_failures(lesson)) {
        append_script(&script, lesson, text.data);
        loaded = load_script(session, path, &script);
    }
    lesson_free(lesson);
    buffer_free(&text);
    buffer_free(&mistakes);
    buffer_free(&script);
    if (!loaded)
        return false;
    lua_pushlightuserdata(session->L, session);
    lua_pushcclosure(session->L, want_failure, 1);
    return true;
}
