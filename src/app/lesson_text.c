/* SPDX-License-Identifier: MIT
 *
 * What a lesson puts on the screen: text behind a bar, so that it is told from what programs print;
 * code as if it were typed; what the student takes home. A lesson may come from a stranger: all of
 * its text is made safe here.
 */
#include "app/lesson.h"
#include "base/text.h"
#include "net/name.h"
#include "view/journal.h"

#include <stdint.h>
#include <string.h>

enum {
    TEXT_COLUMNS = 100, /* longer lines are hard to read */
    MARGIN_COLUMNS = 8, /* for the projector */
    MARGIN_NEEDS = 60,  /* columns, or there is no margin */
    SUMMARY_ROWS = 10,  /* of a screen, for what is told beside the diagram */
    DIAGRAM_LEAST = 8   /* rows of it, however small the screen is */
};

static size_t margin_of(const struct lesson_play *play)
{
    bool wide = port_columns(&play->session->out) >= MARGIN_NEEDS;
    return play->manner == PLAYER_PRESENT && wide ? MARGIN_COLUMNS : 0;
}

static size_t columns_of(const struct lesson_play *play)
{
    size_t columns = (size_t)port_columns(&play->session->out);
    return columns < TEXT_COLUMNS ? columns : TEXT_COLUMNS;
}

/* Margin and bar. */
static void append_bar(const struct lesson_play *play, struct buffer *out)
{
    buffer_fill(out, ' ', margin_of(play));
    buffer_puts(out, play->session->out.utf8 ? "\xe2\x94\x82 " : "| ");
}

static void put(struct lesson_play *play, enum style style, const struct buffer *text)
{
    struct port *port = &play->session->out;
    port_begin(port);
    report_fresh_line(play->session);
    port_put(port, style, text);
    port_end(port);
}

/* The text wrapped behind the bar, with `mark` in front. */
static void put_behind_bar(struct lesson_play *play, const char *mark, const char *text)
{
    struct buffer bar = BUFFER_EMPTY, whole = BUFFER_EMPTY, out = BUFFER_EMPTY;
    append_bar(play, &bar);
    buffer_puts(&whole, mark);
    text_append_safe(&whole, text, strlen(text), true);
    text_append_wrapped(&out, buffer_text(&whole), columns_of(play), buffer_text(&bar));
    out.failed |= bar.failed || whole.failed;
    put(play, STYLE_PLAIN, &out);
    buffer_free(&bar);
    buffer_free(&whole);
    buffer_free(&out);
}

/* `2) what` as it may be chosen, with further lines below `what`. */
static void put_choice(struct lesson_play *play, const char *text)
{
    struct buffer bar = BUFFER_EMPTY, head = BUFFER_EMPTY, safe = BUFFER_EMPTY, out = BUFFER_EMPTY;
    size_t number = strcspn(text, " ");
    append_bar(play, &bar);
    buffer_printf(&head, "  %.*s ", (int)number, text);
    text += number;
    text += strspn(text, " ");
    text_append_safe(&safe, text, strlen(text), false);
    text_append_hanging(&out, buffer_text(&bar), buffer_text(&head), buffer_text(&safe),
                        columns_of(play));
    out.failed |= bar.failed || head.failed || safe.failed;
    put(play, STYLE_PLAIN, &out);
    buffer_free(&bar);
    buffer_free(&head);
    buffer_free(&safe);
    buffer_free(&out);
}

/* Where the last column of a line of a list begins, behind two spaces; 0 where there is one. */
static size_t last_column(const char *line)
{
    size_t begin = 0;
    for (size_t i = 2; line[0] != '\0' && line[1] != '\0' && line[i] != '\0'; i++)
        if (line[i - 2] == ' ' && line[i - 1] == ' ' && line[i] != ' ')
            begin = i;
    return begin;
}

static void put_list_line(struct lesson_play *play, const char *text)
{
    struct buffer safe = BUFFER_EMPTY, margin = BUFFER_EMPTY, head = BUFFER_EMPTY,
                  out = BUFFER_EMPTY;
    text_append_safe(&safe, text, strlen(text), false);
    size_t begin = last_column(buffer_text(&safe));
    buffer_fill(&margin, ' ', margin_of(play));
    buffer_append(&head, buffer_text(&safe), begin);
    text_append_hanging(&out, buffer_text(&margin), buffer_text(&head), buffer_text(&safe) + begin,
                        (size_t)port_columns(&play->session->out));
    out.failed |= safe.failed || margin.failed || head.failed;
    put(play, STYLE_PLAIN, &out);
    buffer_free(&safe);
    buffer_free(&margin);
    buffer_free(&head);
    buffer_free(&out);
}

static void put_line(struct lesson_play *play, enum style style, const char *before,
                     const char *text)
{
    struct buffer safe = BUFFER_EMPTY, margin = BUFFER_EMPTY, out = BUFFER_EMPTY;
    text_append_safe(&safe, text, strlen(text), false);
    buffer_puts(&out, before);
    buffer_fill(&margin, ' ', margin_of(play));
    text_append_wrapped(&out, buffer_text(&safe), (size_t)port_columns(&play->session->out),
                        buffer_text(&margin));
    out.failed |= safe.failed || margin.failed;
    put(play, style, &out);
    buffer_free(&safe);
    buffer_free(&margin);
    buffer_free(&out);
}

static void put_note(struct lesson_play *play, const char *text)
{
    struct buffer safe = BUFFER_EMPTY;
    text_append_safe(&safe, text, strlen(text), false);
    if (safe.failed)
        port_put(&play->session->err, STYLE_DIM, &safe);
    else
        report_note(play->session, "%s", buffer_text(&safe));
    buffer_free(&safe);
}

void lesson_tell(struct lesson_play *play, enum player_voice voice, const char *text)
{
    switch (voice) {
    case PLAYER_TITLE:
        put_line(play, STYLE_BOLD, "", text);
        buffer_puts(&play->heading, text);
        break;
    case PLAYER_HEADING:
        put_line(play, STYLE_BOLD, "\n", text);
        record_heading(play);
        buffer_puts(&play->heading, text);
        break;
    case PLAYER_NARRATION:
    case PLAYER_QUESTION:
        put_behind_bar(play, "", text);
        record_told(play, text);
        break;
    case PLAYER_RECALLED:
        record_text(play->session, JOURNAL_TOLD, text);
        break;
    case PLAYER_CHOICE:
        put_choice(play, text);
        record_text(play->session, JOURNAL_SHOWN, text);
        break;
    case PLAYER_HINT:
        put_behind_bar(play, "Hint: ", text);
        break;
    case PLAYER_ANSWER:
        put_line(play, STYLE_HINT, "", text);
        record_text(play->session, JOURNAL_SHOWN, text);
        break;
    case PLAYER_LIST:
        put_list_line(play, text);
        break;
    case PLAYER_SHORTAGE:
        report_shortage(play->session, text);
        break;
    default:
        put_note(play, text);
        break;
    }
}

void lesson_show_typed(struct lesson_play *play, const char *code)
{
    struct session *session = play->session;
    struct port *port = &session->out;
    struct buffer prompt = BUFFER_EMPTY;
    text_append_safe(&prompt, play->lesson->name, strlen(play->lesson->name), false);
    buffer_printf(&prompt, " %zu/%zu> ", player_here(play->player) + 1, play->lesson->step_count);
    port_begin(port);
    report_fresh_line(session);
    port_put(port, STYLE_BOLD, &prompt);
    port_bytes(port, code, strlen(code));
    port_puts(port, "\n");
    port_end(port);
    (void)port_flush(port); /* the call lines go another way */
    buffer_free(&prompt);
}

void lesson_flatten_typed(struct lesson_play *play)
{
    struct buffer *typed = &play->typed;
    struct buffer line = BUFFER_EMPTY;
    if (strchr(buffer_text(typed), '\n') == NULL)
        return;
    put_behind_bar(play, "", buffer_text(typed));
    /* A comment and a long string end with their line, or contain it. */
    if (strstr(typed->data, "--") != NULL || strstr(typed->data, "[[") != NULL)
        return;
    for (const char *c = typed->data; *c != '\0'; c += *c == '\n' ? strspn(c, "\n ") : 1)
        buffer_putc(&line, *c == '\n' ? ' ' : *c);
    buffer_free(typed);
    *typed = line;
    play->suggests = !line.failed; /* half of it would be other code */
}

/* The summary. */

struct tally {
    unsigned calls[NET_CALL_COUNT];
    struct buffer errors; /* names, each once, with commas */
};

static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
        bool begins = at == list || at[-1] == ' ';
        if (begins && (at[length] == ',' || at[length] == '\0'))
            return true;
    }
    return false;
}

static void count_error(struct tally *tally, int error)
{
    const struct net_name *name = net_name_of(NET_ERRNO, error);
    if (name == NULL || has_word(buffer_text(&tally->errors), name->name))
        return;
    buffer_printf(&tally->errors, "%s%s", tally->errors.length > 0 ? ", " : "", name->name);
}

static void count_calls(const struct lesson_play *play, struct tally *tally)
{
    const struct journal *journal = play->session->engine->journal;
    for (size_t i = 0; journal != NULL && i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        if (entry->kind != JOURNAL_CALL || entry->number < play->first_number)
            continue;
        tally->calls[entry->record.call] += entry->number >= play->valid_number;
        if (entry->record.error > 0)
            count_error(tally, entry->record.error);
    }
}

static void append_calls(struct buffer *out, const struct tally *tally)
{
    const char *separator = "";
    for (size_t i = 0; i < NET_CALL_COUNT; i++) {
        if (tally->calls[i] == 0)
            continue;
        buffer_printf(out, "%s%s", separator, net_call_name((enum net_call)i));
        if (tally->calls[i] > 1)
            buffer_printf(out, " (%u)", tally->calls[i]);
        separator = ", ";
    }
}

static void append_skipped(struct buffer *out, const struct lesson_play *play)
{
    const struct progress *progress = player_progress(play->player);
    for (size_t i = 0; i < progress->step_count; i++)
        if (progress->steps[i].state == PROGRESS_SKIPPED)
            buffer_printf(out, "%s%zu", out->length > 0 ? ", " : "", i + 1);
}

struct search {
    const char *name;
    bool found;
    struct buffer next;
};

static void visit_for_next(void *owner, const char *path)
{
    struct search *search = owner;
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    size_t length = strlen(name) - strlen(".lua");
    if (search->found && search->next.length == 0)
        buffer_append(&search->next, name, length);
    search->found |= strlen(search->name) == length && strncmp(search->name, name, length) == 0;
}

static void put_item(struct lesson_play *play, const char *label, const struct buffer *text)
{
    if (text->failed)
        put(play, STYLE_PLAIN, text);
    else if (text->length > 0)
        put_behind_bar(play, label, buffer_text(text));
}

static const char *next_line(const char *text)
{
    const char *newline = strchr(text, '\n');
    return newline != NULL ? newline + 1 : text + strlen(text);
}

/* How many rows of the diagram fit the screen together with what is told around it. */
static size_t rows_for_diagram(const struct lesson_play *play)
{
    int rows = port_rows(&play->session->out);
    if (rows == 0)
        return SIZE_MAX;
    return rows > SUMMARY_ROWS + DIAGRAM_LEAST ? (size_t)rows - SUMMARY_ROWS : DIAGRAM_LEAST;
}

/* Appends the lanes' names, which come first, and the last rows; false where that is all of it. */
static bool append_end(struct buffer *out, const char *picture, size_t most)
{
    bool whole = picture[0] != '('; /* "(7 earlier rows ...)" */
    const char *head = whole ? picture : next_line(picture), *body = next_line(head);
    size_t rows = 1;
    for (const char *at = body; *at != '\0'; at = next_line(at))
        rows++;
    buffer_append(out, head, (size_t)(body - head));
    for (; rows > most; rows--) {
        body = next_line(body);
        whole = false;
    }
    buffer_puts(out, body);
    return !whole;
}

/* One that is higher than the screen would drive off what was told above it, its own head too. */
static void put_diagram(struct lesson_play *play)
{
    struct buffer picture = BUFFER_EMPTY, shown = BUFFER_EMPTY;
    struct port *port = &play->session->out;
    record_append_diagram(play->session, play->valid_number, (size_t)port_columns(port), port->utf8,
                          &picture);
    if (picture.length > 0 && append_end(&shown, picture.data, rows_for_diagram(play)))
        put_note(play, "the end of the diagram; diagram() draws all of it");
    shown.failed |= picture.failed;
    put(play, STYLE_PLAIN, &shown);
    buffer_free(&picture);
    buffer_free(&shown);
}

/* The summary is made of the record. */
static void put_losses(struct lesson_play *play)
{
    const struct journal *journal = play->session->engine->journal;
    unsigned long lost = journal != NULL ? journal_lost(journal) - play->first_lost : 0;
    if (lost > 0 && journal_is_starved(journal))
        report_shortage(play->session, "not enough memory: some entries of the record are missing");
    else if (lost > 0)
        report_note(play->session, "the record was too small for all: it lacks %lu entries", lost);
}

void lesson_show_summary(struct lesson_play *play)
{
    struct tally tally = {.errors = BUFFER_EMPTY};
    struct buffer calls = BUFFER_EMPTY, skipped = BUFFER_EMPTY;
    struct search search = {.name = play->lesson->name};
    count_calls(play, &tally);
    append_calls(&calls, &tally);
    append_skipped(&skipped, play);
    search.next.failed |= !lesson_each(play->session, visit_for_next, &search);
    put_line(play, STYLE_BOLD, "\n", "The lesson is through.");
    put_losses(play);
    put_diagram(play);
    put_item(play, "Calls: ", &calls);
    put_item(play, "Errors met: ", &tally.errors);
    put_item(play, "Skipped steps: ", &skipped);
    put_item(play, "Next: .lesson ", &search.next);
    if (play->session->prompt != NULL && play->session->engine->sockets != NULL)
        put_note(play, "what is open stays open, to play with");
    buffer_free(&tally.errors);
    buffer_free(&calls);
    buffer_free(&skipped);
    buffer_free(&search.next);
}

const char *lesson_prompt(const struct session *session, const char **suggestion)
{
    const struct lesson_play *play = session->play;
    *suggestion = play->suggests ? buffer_text(&play->typed) : NULL;
    return play->prompt.failed ? "not enough memory> " : buffer_text(&play->prompt);
}
