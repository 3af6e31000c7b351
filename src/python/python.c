/* SPDX-License-Identifier: MIT
 *
 * The door of the room: whether a text is Python, its Lua, and what is to be told of the
 * difference.
 */
#include "python/python.h"
#include "inside.h"

#include <string.h>

/* What is as much Lua as Python. */
#define WEAK_NOTES ((unsigned)(NOTE_METHOD | NOTE_FUNCTION | NOTE_RENAMED | NOTE_LOST))

static const struct {
    enum note note;
    const char *text;
} note_texts[] = {
    {NOTE_COMMA, "the comma before % does not belong there"},
    {NOTE_ADDRESS,
     "a method is called with a colon, and an address needs no parentheses of its own"},
    {NOTE_SELECT, "socket.select gives two lists, and watches for no exceptions"},
    {NOTE_TASK, "a thread is a task, which runs as soon as spawn() has made it"},
    {NOTE_MADE, "a socket is made by socket(), and then bound or connected"},
    {NOTE_RAISE, "error() raises a message, and exceptions have no types"},
    {NOTE_TRY, "pcall catches errors and gives false and the error"},
    {NOTE_WITH, "a variable with <close> is closed at the end of its block"},
    {NOTE_TRUTH, "in Lua only nil and false are false: an empty text and 0 are not"},
    {NOTE_PRINT, "print is a function"},
    {NOTE_BLOCK, "blocks are ended by `end`, not by indentation"},
    {NOTE_STRING, "text is joined by .., and string.format fills in fields"},
    {NOTE_INDEX, "positions are counted from 1"},
    {NOTE_LIST, "lists and dictionaries are tables, in braces"},
    {NOTE_AUGMENTED, "x += 1 is written x = x + 1"},
    {NOTE_OPERATOR, "some operators are written differently: == for is, ~= for !=, .. for "
                    "joining text"},
    {NOTE_WORD, "the words are true, false and nil"},
    {NOTE_ASSERT, "assert is a function"},
    {NOTE_LETTER, "a text is bytes, and has no letter in front"},
    {NOTE_LITERAL, "a text stands in parentheses before its method"},
    {NOTE_METHOD, "a method is called with a colon"},
    {NOTE_FUNCTION, "the function has another name"},
    {NOTE_NAMED, "arguments have no names"},
    {NOTE_NAMES, "several names stand before = without parentheses"},
    {NOTE_COMMENT, "a comment begins with --"},
    {NOTE_ALIAS, "a module is a table, which may have another name too"},
    {NOTE_RENAMED, "a name that means something in Lua got an underscore"},
};

static void append_notes(struct buffer *note, unsigned notes)
{
    int count = 0;
    buffer_puts(note, "Python; in Lua ");
    for (size_t i = 0; i < sizeof note_texts / sizeof note_texts[0] && count < 2; i++) {
        bool repeats = note_texts[i].note == NOTE_METHOD && (notes & NOTE_ADDRESS) != 0;
        if ((notes & (unsigned)note_texts[i].note) == 0 || repeats)
            continue;
        const char *text = note_texts[i].text;
        if (strncmp(text, "in Lua ", 7) == 0 && count == 0)
            text += 7;
        buffer_printf(note, "%s%s", count++ > 0 ? "; " : "", text);
    }
    if ((notes & NOTE_LOST) != 0)
        buffer_puts(note, ". Its line breaks or indentation were lost: look where comments and "
                          "blocks end");
}

static void translate(struct python *p, const char *text, struct scope *scope)
{
    token_scan(&p->list, text, strlen(text), 1);
    if (p->list.failed || p->list.count == 0) {
        p->failed = p->stopped = true;
        return;
    }
    p->scope = scope;
    statement_read_all(p);
    if (!p->stopped && p->list.items[p->at].type != TOKEN_END)
        python_wrong(p);
    if (p->out->failed)
        p->failed = p->stopped = true;
}

static bool ends_with_empty_line(const char *text)
{
    const char *newline = strrchr(text, '\n');
    return newline != NULL && newline[1 + strspn(newline + 1, " \t\r")] == '\0';
}

/* Whether a word stands in the text that Lua has and Python has not. */
static bool has_word_of_lua(const struct token_list *list, size_t count)
{
    static const char words[] = " do then end local function elseif until repeat nil goto ";
    for (size_t i = 0; i + 1 < list->count && i < count; i++) {
        const struct token *token = &list->items[i];
        if (token->type == TOKEN_NAME && token_is_word(token->start, token->length, words) &&
            !token_is(token + 1, "=")) /* print(x, end="") */
            return true;
    }
    return false;
}

/* Whether words stand side by side, or a line ends in a sign: what was not read to its end, because
 * a part of it cannot be translated, may be no Python at all. */
static bool is_prose(const struct token_list *list, size_t count)
{
    static const char joints[] = " and or not in is as if else for import ";
    for (size_t i = 1; i < count; i++) {
        const struct token *token = &list->items[i], *before = token - 1;
        bool value = before->type == TOKEN_NUMBER || before->type == TOKEN_STRING ||
                     token_is(before, ")") || token_is(before, "]") ||
                     (before->type == TOKEN_NAME && !python_is_keyword(before) &&
                      !token_is(before, "print"));
        if (token->type == TOKEN_WRONG || (value && token->type == TOKEN_NAME &&
                                           !token_is_word(token->start, token->length, joints)))
            return true;
        if (token->type == TOKEN_NEWLINE && (token_is(before, ".") || token_is(before, ",")))
            return true;
    }
    return false;
}

static bool is_layout(const struct token *token)
{
    return token->type == TOKEN_END || token->type == TOKEN_NEWLINE ||
           token->type == TOKEN_INDENT || token->type == TOKEN_DEDENT ||
           token->type == TOKEN_COMMENT;
}

/* Whether the text ends with a header. */
static bool ends_with_header(const struct token_list *list)
{
    size_t count = list->count;
    while (count > 0 && is_layout(&list->items[count - 1]))
        count--;
    return count > 0 && token_is(&list->items[count - 1], ":");
}

/* Whether the last line is a header or stands within a block. */
static bool is_within_block(const struct python *p, const char *text)
{
    const char *newline = strrchr(text, '\n');
    if (!refusal_is_block(p, 0))
        return false;
    const char *last = newline != NULL ? newline + 1 : NULL;
    return last == NULL || strspn(last, " \t") > 0 || ends_with_header(&p->list) ||
           token_is_word(last, strcspn(last, " :"), " elif else except finally ");
}

/* #t > 0 may go on as Lua: a comment at a prompt is a sign that no length can be meant by. */
static bool is_plain_comment(const char *text)
{
    text += strspn(text, " \t");
    return text[0] == '#' && (text[1] == ' ' || text[1] == '!' || text[1] == '#');
}

static enum python_verdict judge(const struct python *p, const char *text)
{
    bool goes_on = !ends_with_empty_line(text);
    if (p->failed)
        return PYTHON_NO;
    if (p->list.open)
        return refusal_is_block(p, 0) ? PYTHON_MORE : PYTHON_NO;
    if (p->runs_out && goes_on)
        return PYTHON_MORE;
    if (p->wrong || (p->notes & ~WEAK_NOTES) == 0 || has_word_of_lua(&p->list, refusal_end(p)))
        return PYTHON_NO;
    if (p->stopped && is_prose(&p->list, refusal_end(p)))
        return PYTHON_NO;
    if (p->stopped) /* the rest of a block would be run as lines of its own */
        return goes_on && is_within_block(p, text) ? PYTHON_MORE : PYTHON_NOTHING;
    if (p->in_block && goes_on)
        return PYTHON_MORE;
    return PYTHON_YES;
}

/* The last newline is the entry's own. */
static void put_lua(struct buffer *lua, const struct buffer *out)
{
    size_t length = out->length;
    while (length > 0 && out->data[length - 1] == '\n')
        length--;
    buffer_append(lua, buffer_text(out), length);
}

/* Whether there is nothing to run. */
static bool is_comments(const struct buffer *out)
{
    const char *at = buffer_text(out);
    while (*at != '\0') {
        at += strspn(at, " \n");
        if (*at != '\0' && strncmp(at, "--", 2) != 0)
            return false;
        at += strcspn(at, "\n");
    }
    return true;
}

static bool has_lines(const char *text)
{
    const char *newline = strchr(text, '\n');
    return newline != NULL && newline[1 + strspn(newline + 1, " \t\r\n")] != '\0';
}

static enum python_verdict conclude(const struct python *p, const char *text, struct buffer *lua,
                                    struct buffer *note)
{
    enum python_verdict verdict = judge(p, text);
    if (verdict == PYTHON_NOTHING) {
        buffer_puts(note, "Python");
        if (has_lines(text) && !p->restored && p->problem != NULL)
            buffer_printf(note, ", line %d", p->problem_line);
        buffer_printf(note, ": %s", p->problem ? p->problem : "it cannot be translated");
        refusal_append_rest(p, text, lua);
        if (lua->length > 0)
            buffer_puts(note, ". The rest is on the prompt");
        return verdict;
    }
    if (verdict != PYTHON_YES)
        return verdict;
    bool empty = is_comments(p->out);
    if (empty && (p->notes & NOTE_IMPORT) != 0) {
        buffer_puts(note, "Python; nothing is to be imported here: socket and json are there, "
                          "sleep() and spawn() too");
        return PYTHON_NOTHING;
    }
    if (empty && p->notes == NOTE_COMMENT) {
        buffer_puts(note, "a comment, which needs nothing; Lua's begin with --");
        return is_plain_comment(text) ? PYTHON_NOTHING : PYTHON_NO;
    }
    if (empty) {
        buffer_puts(note, "Python; Lua needs nothing for it");
        return PYTHON_NOTHING;
    }
    put_lua(lua, p->out);
    append_notes(note, p->notes);
    return PYTHON_YES;
}

static enum python_verdict translate_lines(const char *text, bool restored, struct buffer *lua,
                                           struct buffer *note)
{
    struct buffer out = BUFFER_EMPTY;
    struct python p = {.out = &out, .restored = restored};
    p.notes = restored ? NOTE_LOST : 0U;
    struct scope scope = {0};
    translate(&p, text, &scope);
    enum python_verdict verdict = conclude(&p, text, lua, note);
    lua->failed = lua->failed || p.failed;
    buffer_free(&out);
    python_release(&p);
    return verdict;
}

/* A comment that has swallowed code behind it stands alone or behind an import. */
static bool may_hide_code(const char *text)
{
    text += strspn(text, " \t");
    return text[0] == '#' || strncmp(text, "import ", 7) == 0 || strncmp(text, "from ", 5) == 0;
}

/* A line that is one comment, or no Python, may be a page whose line breaks were lost. */
static enum python_verdict translate_restored(const char *text, struct buffer *lua,
                                              struct buffer *note)
{
    struct buffer lines = BUFFER_EMPTY;
    enum python_verdict verdict = PYTHON_NO;
    bool restored = restore_lines(text, &lines);
    const char *newline = strchr(buffer_text(&lines), '\n');
    if (restored && !lines.failed && newline != NULL && newline[1] != '\0')
        verdict = translate_lines(buffer_text(&lines), true, lua, note);
    lua->failed = lua->failed || lines.failed;
    buffer_free(&lines);
    return verdict;
}

enum python_verdict python_translate(const char *text, struct buffer *lua, struct buffer *note)
{
    struct buffer code = BUFFER_EMPTY, words = BUFFER_EMPTY;
    enum python_verdict verdict = PYTHON_NO;
    if (may_hide_code(text))
        verdict = translate_restored(text, &code, &words);
    if (verdict != PYTHON_YES && !code.failed) {
        buffer_clear(&code);
        buffer_clear(&words);
        verdict = translate_lines(text, false, &code, &words);
    }
    if (verdict == PYTHON_NO && !code.failed)
        verdict = translate_restored(text, &code, &words);
    if (code.failed || words.failed) {
        verdict = PYTHON_NO;
        lua->failed = true;
    }
    if (verdict == PYTHON_YES || verdict == PYTHON_NOTHING) {
        buffer_append(lua, buffer_text(&code), code.length);
        buffer_append(note, buffer_text(&words), words.length);
    }
    buffer_free(&code);
    buffer_free(&words);
    return verdict;
}

bool python_translate_call(const char *text, struct buffer *lua, struct buffer *note)
{
    struct buffer out = BUFFER_EMPTY;
    struct python p = {.out = &out};
    struct scope scope = {0};
    translate(&p, text, &scope);
    bool found = !p.stopped && strchr(text, '\n') == NULL && p.notes != 0 && out.length > 0 &&
                 strncmp(text, buffer_text(&out), out.length - 1) != 0;
    if (found) {
        put_lua(lua, &out);
        append_notes(note, p.notes);
    }
    lua->failed = lua->failed || p.failed;
    buffer_free(&out);
    python_release(&p);
    return found;
}

/* Python's idea of true, for values whose kind only the run tells. */
static const char truth_function[] = "local function is_true(x) -- as Python has it\n"
                                     "  if type(x) == \"table\" then return next(x) ~= nil end\n"
                                     "  return x ~= nil and x ~= false and x ~= 0 and x ~= \"\"\n"
                                     "end\n\n";

bool python_translate_script(const char *text, struct buffer *lua, struct buffer *problems)
{
    struct buffer out = BUFFER_EMPTY, lines = BUFFER_EMPTY;
    struct python p = {.out = &out, .script = true, .problems = problems};
    struct scope scope = {0};
    bool collapsed = restore_lines(text, &lines);
    translate(&p, collapsed ? buffer_text(&lines) : text, &scope);
    p.failed = p.failed || lines.failed;
    if (p.needs_truth)
        buffer_puts(lua, truth_function);
    buffer_append(lua, buffer_text(&out), out.length);
    if (p.failed)
        buffer_puts(problems, "there is not enough memory\n");
    bool good = p.problem_count == 0 && !p.failed;
    buffer_free(&out);
    buffer_free(&lines);
    python_release(&p);
    return good;
}
