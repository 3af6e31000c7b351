/* SPDX-License-Identifier: MIT
 *
 * Python typed by habit at the prompt: the Lua for it is put on the next prompt line, where the
 * student reads it and runs it with Enter. What is Lua is never taken for Python.
 */
#include "app/habit_spot.h"
#include "app/session.h"
#include "lua/evaluate.h"
#include "python/python.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

/* `print "a", b` is an expression of Lua's, the call and b; nobody means that. */
static bool is_print_statement(lua_State *L, const struct buffer *text)
{
    const char *at = buffer_text(text) + strspn(buffer_text(text), " \t");
    if (strncmp(at, "print", 5) != 0)
        return false;
    at += 5 + strspn(at + 5, " \t");
    if (*at != '"' && *at != '\'')
        return false;
    bool statement = luaL_loadbufferx(L, buffer_text(text), text->length, "=prompt", "t") == LUA_OK;
    lua_pop(L, 1);
    return !statement;
}

static bool is_lua(struct session *session, const struct buffer *text)
{
    enum evaluate_outcome outcome = evaluate_compile(session->L, buffer_text(text), text->length);
    if (outcome != EVALUATE_INCOMPLETE)
        lua_pop(session->L, 1);
    return outcome == EVALUATE_READY && !is_print_statement(session->L, text) &&
           habit_spot(session->L, buffer_text(text)) != HABIT_PYTHON;
}

/* Whether what was typed so far is a block of Python that goes on. */
static bool is_block(const struct session *session)
{
    struct buffer lua = BUFFER_EMPTY, note = BUFFER_EMPTY;
    bool block = session->pending.length > 0 &&
                 python_translate(buffer_text(&session->pending), &lua, &note) == PYTHON_MORE;
    buffer_free(&lua);
    buffer_free(&note);
    return block;
}

static void tell(struct session *session, const struct buffer *entry, const struct buffer *lua,
                 const struct buffer *note)
{
    bool starved = lua->failed || note->failed;
    entry_remember(session, buffer_text(entry));
    buffer_clear(&session->pending);
    report_note(session, "%s",
                starved ? "Python; there is not enough memory to say it in Lua"
                        : buffer_text(note));
    entry_ask_with(session, lua->length > 0 && !starved ? buffer_text(lua) : NULL);
}

static void wait_for_more(struct session *session, const struct buffer *entry)
{
    buffer_clear(&session->pending);
    buffer_append(&session->pending, buffer_text(entry), entry->length);
    entry_ask(session);
}

static bool take(struct session *session, const struct buffer *entry, bool pasted)
{
    struct buffer lua = BUFFER_EMPTY, note = BUFFER_EMPTY, whole = BUFFER_EMPTY;
    buffer_printf(&whole, "%s%s", buffer_text(entry), pasted ? "\n" : "");
    enum python_verdict verdict = PYTHON_NO;
    lua.failed = whole.failed;
    if (!whole.failed)
        verdict = python_translate(buffer_text(&whole), &lua, &note);
    if (verdict == PYTHON_NO && lua.failed)
        report_note(session, "not enough memory to see whether that is Python");
    if (verdict == PYTHON_MORE)
        wait_for_more(session, entry);
    else if (verdict != PYTHON_NO)
        tell(session, entry, &lua, &note);
    buffer_free(&lua);
    buffer_free(&note);
    buffer_free(&whole);
    return verdict != PYTHON_NO;
}

/* text.decode() compiles, and decodes nothing. */
static bool take_call(struct session *session, const struct buffer *entry)
{
    struct buffer lua = BUFFER_EMPTY, note = BUFFER_EMPTY;
    bool found = habit_spot(session->L, buffer_text(entry)) == HABIT_CALL &&
                 python_translate_call(buffer_text(entry), &lua, &note);
    if (found)
        tell(session, entry, &lua, &note);
    buffer_free(&lua);
    buffer_free(&note);
    return found;
}

static void drop_block(struct session *session, const struct buffer *entry)
{
    struct buffer nothing = BUFFER_EMPTY, note = BUFFER_EMPTY;
    buffer_puts(&note, "neither Lua nor Python that is understood: the block was dropped");
    tell(session, entry, &nothing, &note);
    buffer_free(&note);
}

bool habit_take(struct session *session, const char *text)
{
    struct buffer entry = BUFFER_EMPTY;
    bool block = is_block(session), pasted = strchr(text, '\n') != NULL;
    if (session->pending.length > 0)
        buffer_printf(&entry, "%s\n", buffer_text(&session->pending));
    buffer_puts(&entry, text);
    if (entry.failed) {
        buffer_free(&entry);
        luaL_error(session->L, "not enough memory");
    }
    buffer_clear(&session->entered);
    buffer_append(&session->entered, buffer_text(&entry), entry.length);
    bool taken =
        is_lua(session, &entry) ? take_call(session, &entry) : take(session, &entry, pasted);
    if (block && !taken) /* Lua would only swallow what follows */
        drop_block(session, &entry);
    buffer_free(&entry);
    return block || taken;
}

/* "%s" % x, "a" + b and str(x) are Lua as far as a compiler sees; running them ends like this. */
static bool ends_as_python(const char *message)
{
    static const char *const ends[] = {"attempt to mod a 'string'",
                                       "attempt to add a 'string'",
                                       "(global 'str')",
                                       "(global 'len')",
                                       "(global 'select')",
                                       "has no function 'create_",
                                       "(global 'input')",
                                       "(global 'int')",
                                       "(global 'range')",
                                       "(global 'time')",
                                       "(global 'sys')",
                                       "(global 'threading')"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (strstr(message, ends[i]) != NULL)
            return true;
    return false;
}

static void propose(struct session *session, const struct buffer *lua)
{
    buffer_puts(&session->proposed, buffer_text(lua));
    session->proposed.failed |= lua->failed;
}

void habit_mend(struct session *session, lua_State *co)
{
    static const char colon[] = "a method is called with a colon";
    struct buffer lua = BUFFER_EMPTY, note = BUFFER_EMPTY;
    const char *message = lua_type(co, -1) == LUA_TSTRING ? lua_tostring(co, -1) : "";
    bool found = strstr(message, colon) != NULL && /* the error has said why */
                 python_translate_call(buffer_text(&session->entered), &lua, &note);
    if (!found && ends_as_python(message)) {
        const char *entered = buffer_text(&session->entered);
        found = python_translate(entered, &lua, &note) == PYTHON_YES ||
                python_translate_call(entered, &lua, &note);
        if (found)
            report_note(session, "%s", buffer_text(&note));
    }
    if (found || lua.failed)
        propose(session, &lua); /* which says so where memory was short */
    buffer_free(&lua);
    buffer_free(&note);
}

static int read_all(FILE *file, struct buffer *text)
{
    char bytes[4096];
    size_t length;
    errno = 0;
    while ((length = fread(bytes, 1, sizeof bytes, file)) > 0)
        buffer_append(text, bytes, length);
    if (text->failed)
        return ENOMEM;
    return ferror(file) ? errno : 0;
}

static int read_file(const char *name, struct buffer *text)
{
    if (strcmp(name, "-") == 0)
        return read_all(stdin, text);
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return errno;
    int error = read_all(file, text);
    fclose(file);
    return error;
}

/* Each problem with the file's name in front, as compilers do. */
static void print_problems(const char *name, const char *problems)
{
    while (*problems != '\0') {
        size_t length = strcspn(problems, "\n");
        fprintf(stderr, "%s: %.*s\n", name, (int)length, problems);
        problems += length + (problems[length] == '\n');
    }
}

int habit_print_script(const char *name)
{
    struct buffer text = BUFFER_EMPTY, lua = BUFFER_EMPTY, problems = BUFFER_EMPTY;
    bool whole = false;
    int error = read_file(name, &text);
    if (error == 0 && memchr(buffer_text(&text), '\0', text.length) != NULL)
        error = EILSEQ; /* no Python has a zero byte */
    if (error == 0) {
        whole = python_translate_script(buffer_text(&text), &lua, &problems);
        error = lua.failed || problems.failed ? ENOMEM : 0;
    }
    if (error != 0) {
        fprintf(stderr, "sockrepl: %s: %s\n", name, strerror(error));
    } else {
        whole &= fwrite(buffer_text(&lua), 1, lua.length, stdout) == lua.length;
        whole &= fflush(stdout) == 0;
        print_problems(name, buffer_text(&problems));
    }
    buffer_free(&text);
    buffer_free(&lua);
    buffer_free(&problems);
    return error != 0 ? 2 : whole ? 0 : 1;
}
