/* SPDX-License-Identifier: MIT
 *
 * .save: the session to take home. Of the journal a .lua file has what was typed, as a script that
 * runs; any other file has notes: what was told, typed, called and shown.
 */
#include "app/dots.h"
#include "base/text.h"
#include "page/file.h"
#include "view/journal.h"
#include "view/line.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_shown(const struct journal_entry *entry, const char *beginning)
{
    return entry->kind == JOURNAL_SHOWN && entry->text != NULL &&
           strncmp(entry->text, beginning, strlen(beginning)) == 0;
}

/* Why what was typed at `index` is no part of a script that runs, as far as was shown: an error
 * would end it, and what was interrupted waited for something that may never come. NULL otherwise.
 */
static const char *reason_against(const struct journal *journal, size_t index)
{
    for (size_t i = index + 1; i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        if (entry->kind == JOURNAL_TYPED)
            return NULL;
        if (is_shown(entry, "error: "))
            return "-- it failed: ";
        if (is_shown(entry, RECORD_INTERRUPTED))
            return "-- it was interrupted: ";
    }
    return NULL;
}

/* An expression that is no statement, such as a variable's name, is shown as the prompt did. */
static void append_statement(lua_State *L, struct buffer *out, const char *code)
{
    static const char run[] = ".run ";
    if (strncmp(code, run, sizeof run - 1) == 0) {
        const size_t length = strlen(code += sizeof run - 1);
        buffer_puts(out, "dofile(");
        text_append_quoted(out, code, length, length);
        buffer_puts(out, ")\n");
        return;
    }
    int status = luaL_loadbufferx(L, code, strlen(code), "=save", "t");
    lua_pop(L, 1);
    buffer_printf(out, status == LUA_OK ? "%s\n" : "print(%s)\n", code);
    out->failed |= status == LUA_ERRMEM;
}

static void append_lines(struct buffer *out, const char *before, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        buffer_puts(out, before);
        text_append_safe(out, text, length, true);
        buffer_putc(out, '\n');
        text += length + (text[length] == '\n');
    }
}

static bool begins_step(const struct journal_entry *entry)
{
    return entry->kind == JOURNAL_TOLD && entry->text != NULL && entry->text[0] != '\n';
}

static bool is_same_step(const struct journal_entry *a, const struct journal_entry *b)
{
    size_t length = strcspn(a->text, "\n");
    return length == strcspn(b->text, "\n") && memcmp(a->text, b->text, length) == 0;
}

/* A lesson that was repeated as far as the step that begins at `index` has undone what was typed
 * since that step began before, and would do it twice. A step that was undone is none to go back
 * to. */
static void mark_undone(const struct journal *journal, size_t index, bool *undone)
{
    size_t begin = index;
    while (begin-- > 0) {
        const struct journal_entry *entry = journal_at(journal, begin);
        if (!undone[begin] && begins_step(entry) && is_same_step(entry, journal_at(journal, index)))
            break;
    }
    if (begin == SIZE_MAX) /* it did not begin here: the lesson was begun on another day */
        return;
    for (bool outside = false; begin < index; begin++) {
        const struct journal_entry *entry = journal_at(journal, begin);
        outside = is_shown(entry, RECORD_LEFT) || (outside && !begins_step(entry));
        undone[begin] |= !outside; /* between two lessons nothing is undone */
    }
}

/* Of each entry, whether it was undone. NULL where there is no memory; the caller frees it. */
static bool *find_undone(const struct journal *journal)
{
    const size_t count = journal_count(journal);
    bool *undone = calloc(count + 1, sizeof *undone), repeated = false;
    for (size_t i = 0; undone != NULL && i < count; i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        repeated |= is_shown(entry, RECORD_REPEATED);
        if (!repeated || !begins_step(entry))
            continue;
        mark_undone(journal, i, undone);
        repeated = false;
    }
    return undone;
}

static void append_lost(struct buffer *out, const char *before, const struct journal *journal)
{
    unsigned long lost = journal_lost(journal);
    if (lost > 0)
        buffer_printf(out, "%s%lu %s missing: the record had no room for more.\n", before, lost,
                      lost == 1 ? "entry is" : "entries are");
}

static void append_entry(struct session *session, struct buffer *out, size_t index, bool undone)
{
    const struct journal *journal = session->engine->journal;
    const struct journal_entry *entry = journal_at(journal, index);
    if (entry->kind == JOURNAL_TOLD)
        append_lines(out, "-- ", entry->text);
    if (entry->kind != JOURNAL_TYPED)
        return;
    const char *reason = reason_against(journal, index);
    if (reason == NULL && undone)
        reason = "-- it was undone: ";
    if (reason != NULL)
        append_lines(out, reason, entry->text);
    else
        append_statement(session->L, out, entry->text);
}

static void append_script(struct session *session, struct buffer *out)
{
    const struct journal *journal = session->engine->journal;
    bool *undone = find_undone(journal);
    out->failed |= undone == NULL;
    append_lost(out, "-- ", journal);
    for (size_t i = 0; undone != NULL && i < journal_count(journal); i++)
        append_entry(session, out, i, undone[i]);
    free(undone);
}

static void append_told(struct buffer *out, const char *text)
{
    size_t title = strcspn(text, "\n");
    if (title > 0) {
        buffer_puts(out, "\n## ");
        text_append_safe(out, text, title, false);
        buffer_putc(out, '\n');
    }
    text += title + (text[title] == '\n');
    buffer_putc(out, '\n');
    append_lines(out, "", text);
    buffer_putc(out, '\n');
}

static void append_note(struct buffer *out, const struct journal_entry *entry)
{
    if (entry->kind == JOURNAL_TYPED) {
        append_lines(out, "    > ", entry->text);
    } else if (entry->kind == JOURNAL_SHOWN) {
        append_lines(out, "    ", entry->text);
    } else if (entry->kind == JOURNAL_TOLD) {
        append_told(out, entry->text);
    } else if (entry->kind == JOURNAL_CALL) {
        buffer_puts(out, "      ");
        line_append(out, &entry->record);
        buffer_putc(out, '\n');
    }
}

static void append_notes(const struct session *session, struct buffer *out)
{
    const struct journal *journal = session->engine->journal;
    struct buffer diagram = BUFFER_EMPTY;
    buffer_puts(out, "# Notes of a session with sockrepl\n\n");
    append_lost(out, "", journal);
    for (size_t i = 0; i < journal_count(journal); i++)
        append_note(out, journal_at(journal, i));
    record_append_diagram(session, 0, 80, true, &diagram);
    if (diagram.length > 0) {
        buffer_puts(out, "\n## The calls as a diagram\n\n");
        append_lines(out, "    ", buffer_text(&diagram));
    }
    out->failed |= diagram.failed;
    buffer_free(&diagram);
}

static int save(struct session *session, const char *path)
{
    struct buffer text = BUFFER_EMPTY;
    size_t length = strlen(path);
    journal_hold(session->engine->journal); /* compiling lets the collector close sockets */
    if (length > 4 && strcmp(path + length - 4, ".lua") == 0)
        append_script(session, &text);
    else
        append_notes(session, &text);
    journal_release(session->engine->journal);
    int error = text.failed ? ENOMEM : file_create(path, buffer_text(&text), text.length);
    buffer_free(&text);
    return error;
}

bool dot_save(struct session *session, const char *argument)
{
    struct buffer shown = BUFFER_EMPTY;
    if (argument[0] == '\0') {
        report_note(session, ".save wants the name of a file: notes.lua, or notes.md");
        return true;
    }
    if (session->engine->journal == NULL) {
        report_note(session, "nothing was recorded: trace(true) begins");
        return true;
    }
    int error = save(session, argument);
    if (error != 0) {
        report_about(session, argument,
                     error == EEXIST ? "File exists, and .save replaces none: give another name"
                                     : strerror(error));
        return true;
    }
    text_append_safe(&shown, argument, strlen(argument), false);
    report_note(session, "saved in %s",
                shown.failed ? "that file, for whose name there is not enough memory"
                             : buffer_text(&shown));
    buffer_free(&shown);
    return true;
}
