/* SPDX-License-Identifier: MIT
 *
 * A step of what was read: its comment as paragraphs, its code as statements, and whether it has
 * all that such a step needs. Knows nothing of marks in a line.
 */
#include "base/text.h"
#include "inside.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXAMPLE_COLUMNS = 76, /* of a line that is not wrapped, behind the bar in 80 columns */
    CHOICES_MOST = 9      /* one key each */
};

static bool begins_item(const char *line)
{
    size_t digits = strspn(line, "0123456789");
    if (digits > 0 && (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ')
        return true;
    return (line[0] == '-' || line[0] == '*') && line[1] == ' ';
}

static void complain_of_width(struct parser *p, unsigned line, const char *text, size_t length)
{
    while (length > 0) {
        size_t word = text[0] == ' ' ? length : strcspn(text, " \n");
        if (word > length)
            word = length;
        if (text_columns(text, word) > EXAMPLE_COLUMNS) {
            parser_complain(p, line, "this does not fit %d columns: %.*s...", EXAMPLE_COLUMNS, 20,
                            text);
            return;
        }
        text += word;
        length -= word;
        while (length > 0 && *text == ' ') {
            text++;
            length--;
        }
    }
}

/* Joins lines into paragraphs; empty lines part them, and examples and items stand alone. NULL
 * where there is nothing. */
static char *to_paragraphs(struct parser *p, const struct buffer *lines, unsigned line)
{
    struct buffer out = BUFFER_EMPTY;
    const char *at = buffer_text(lines);
    bool open = false; /* the line before is prose that may go on */
    for (; *at != '\0'; line++) {
        size_t length = strcspn(at, "\n");
        bool prose = length > 0 && at[0] != ' ';
        complain_of_width(p, line, at, length);
        if (out.length > 0)
            buffer_putc(&out, open && prose && !begins_item(at) ? ' ' : '\n');
        buffer_append(&out, at, length);
        open = prose;
        at += length + (at[length] == '\n');
    }
    while (out.length > 0 && out.data[out.length - 1] == '\n')
        out.length--;
    p->starved |= out.failed;
    char *text = out.length > 0 && !out.failed ? parser_copy(p, out.data, out.length) : NULL;
    buffer_free(&out);
    return text;
}

/* Whether a text is nothing but blank lines and comments. */
static bool is_silent(const char *code, size_t length)
{
    const char *end = code + length;
    while (code < end) {
        while (code < end && isspace((unsigned char)*code))
            code++;
        if (code == end)
            return true;
        if (end - code < 2 || memcmp(code, "--", 2) != 0 || (end - code > 2 && code[2] == '['))
            return false;
        const char *newline = memchr(code, '\n', (size_t)(end - code));
        code = newline != NULL ? newline : end;
    }
    return true;
}

static void add_statement(struct parser *p, const char *code, size_t length, unsigned line)
{
    struct lesson_texts *statements = &p->step->statements;
    while (length > 0 && isspace((unsigned char)code[length - 1]))
        length--;
    while (length > 0 && *code == '\n') {
        code++;
        length--;
        line++;
    }
    if (strncmp(code, "local ", 6) == 0)
        parser_complain(p, line, "a local variable ends with its statement: leave out 'local'");
    struct lesson_text *statement =
        parser_add(p, (void **)&statements->items, &statements->count, sizeof *statements->items);
    if (statement == NULL)
        return;
    statement->text = parser_copy(p, code, length);
    statement->line = line;
}

static enum lesson_code compile(struct parser *p, const char *code, size_t length, bool expression,
                                struct buffer *message, unsigned *line)
{
    buffer_clear(message);
    *line = 1;
    return p->compiler->compile(p->compiler->owner, code, length, expression, message, line);
}

/* The shortest beginnings that compile are the statements, as at the prompt. */
static void split_code(struct parser *p)
{
    struct buffer message = BUFFER_EMPTY;
    const char *begin = buffer_text(&p->code), *end = begin + p->code.length, *at = begin;
    unsigned first = p->code_line, line = first, wrong = 1;
    enum lesson_code outcome = LESSON_COMPLETE;
    while (at < end && outcome != LESSON_WRONG && outcome != LESSON_NO_MEMORY) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline != NULL ? newline + 1 : end;
        line++;
        if (is_silent(begin, (size_t)(at - begin)))
            continue;
        outcome = compile(p, begin, (size_t)(at - begin), false, &message, &wrong);
        if (outcome != LESSON_COMPLETE)
            continue;
        add_statement(p, begin, (size_t)(at - begin), first);
        begin = at;
        first = line;
    }
    p->starved |= message.failed || outcome == LESSON_NO_MEMORY;
    if (outcome == LESSON_WRONG)
        parser_complain(p, first + wrong - 1, "%s", buffer_text(&message));
    else if (!is_silent(begin, (size_t)(end - begin)))
        parser_complain(p, first, "the statement that begins here has no end");
    buffer_free(&message);
}

static void check_code(struct parser *p, const char *code, unsigned line, bool expression)
{
    struct buffer message = BUFFER_EMPTY;
    unsigned wrong;
    enum lesson_code outcome = code == NULL || code[0] == '\0'
                                   ? LESSON_COMPLETE
                                   : compile(p, code, strlen(code), expression, &message, &wrong);
    p->starved |= message.failed || outcome == LESSON_NO_MEMORY;
    if (outcome == LESSON_UNFINISHED)
        parser_complain(p, line, "this is not finished: %s", code);
    else if (outcome == LESSON_WRONG)
        parser_complain(p, line, "%s", buffer_text(&message));
    buffer_free(&message);
}

/* Choices stand behind the question, with `|` between them; two spaces part them from it. */
static char *find_choices(char *question)
{
    char *bar = strchr(question, '|'), *begin = NULL;
    if (bar == NULL)
        return NULL;
    for (char *c = question; c < bar; c++)
        if (c[0] == ' ' && c[1] == ' ')
            begin = c;
    char *mark = begin == NULL ? strchr(question, '?') : NULL;
    if (begin == NULL && mark != NULL && mark < bar)
        begin = mark + 1;
    return begin;
}

static void add_choice(struct parser *p, const char *text, size_t length)
{
    struct lesson_texts *choices = &p->step->choices;
    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length == 0)
        parser_complain(p, p->step->question_line, "an empty choice");
    struct lesson_text *choice =
        parser_add(p, (void **)&choices->items, &choices->count, sizeof *choices->items);
    if (choice == NULL)
        return;
    choice->text = parser_copy(p, text, length);
    choice->line = p->step->question_line;
}

static void split_question(struct parser *p)
{
    struct lesson_step *step = p->step;
    char *at = find_choices(step->question);
    if (at == NULL) {
        parser_complain(p, step->question_line,
                        "the question wants choices: WHAT?  ONE | ANOTHER | A THIRD");
        return;
    }
    for (char *next = at; *next != '\0';) {
        size_t length = strcspn(next, "|");
        add_choice(p, next, length);
        next += length + (next[length] == '|');
    }
    while (at > step->question && at[-1] == ' ')
        at--;
    *at = '\0';
    if (step->choices.count > CHOICES_MOST)
        parser_complain(p, step->question_line, "more than %d choices", CHOICES_MOST);
}

static void check_prediction(struct parser *p)
{
    struct lesson_step *step = p->step;
    if (step->question == NULL)
        return;
    split_question(p);
    if (p->answer == NULL) {
        parser_complain(p, step->question_line, "the question has no answer: --a says it");
        return;
    }
    for (size_t i = 0; i < step->choices.count; i++) {
        if (step->choices.items[i].text == NULL ||
            strcmp(step->choices.items[i].text, p->answer) != 0)
            continue;
        step->answer = i;
        return;
    }
    if (step->choices.count > 0)
        parser_complain(p, p->answer_line, "'%s' is none of the choices", p->answer);
}

static void check_exercise(struct parser *p)
{
    const struct lesson_step *step = p->step;
    if (step->goal == NULL) {
        if (step->hints.count > 0)
            parser_complain(p, step->hints.items[0].line,
                            "a hint belongs to an exercise: --= says when that is done");
        if (step->passes.count > 0)
            parser_complain(p, step->passes.items[0].line, "an answer belongs to an exercise");
        if (step->fails.count > 0)
            parser_complain(p, step->fails.items[0].line, "an answer belongs to an exercise");
        return;
    }
    if (step->statements.count == 0)
        parser_complain(p, step->line, "an exercise wants the code that solves it");
    check_code(p, step->goal, step->goal_line, true);
    for (size_t i = 0; i < step->passes.count; i++)
        check_code(p, step->passes.items[i].code, step->passes.items[i].line, false);
    for (size_t i = 0; i < step->fails.count; i++)
        check_code(p, step->fails.items[i].code, step->fails.items[i].line, false);
}

/* A text that had no room is not to be taken for a shorter one. */
static void clear_text(struct parser *p, struct buffer *text)
{
    p->starved |= text->failed;
    buffer_clear(text);
}

void step_finish(struct parser *p)
{
    struct lesson_step *step = p->step;
    if (step != NULL) {
        step->narration = to_paragraphs(p, &p->narration, step->line + 1);
        step->explanation = to_paragraphs(p, &p->explanation, p->answer_line + 1);
        split_code(p);
        check_prediction(p);
        check_exercise(p);
        if (step->failure != NULL && step->statements.count == 0)
            parser_complain(p, step->failure_line, "an expected error wants code that raises it");
    }
    clear_text(p, &p->narration);
    clear_text(p, &p->explanation);
    clear_text(p, &p->code);
    free(p->answer);
    p->answer = NULL;
}

static void free_texts(struct lesson_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i].text);
    free(texts->items);
}

static void free_answers(struct lesson_answers *answers)
{
    for (size_t i = 0; i < answers->count; i++) {
        free(answers->items[i].code);
        free(answers->items[i].reply);
    }
    free(answers->items);
}

static void free_step(struct lesson_step *step)
{
    free(step->title);
    free(step->narration);
    free_texts(&step->statements);
    free(step->goal);
    free(step->wish);
    free_texts(&step->hints);
    free_answers(&step->passes);
    free_answers(&step->fails);
    free(step->failure);
    free(step->question);
    free_texts(&step->choices);
    free(step->explanation);
}

void lesson_free(struct lesson *lesson)
{
    if (lesson == NULL)
        return;
    for (size_t i = 0; i < lesson->step_count; i++)
        free_step(&lesson->steps[i]);
    free(lesson->steps);
    free(lesson->name);
    free(lesson->title);
    free(lesson->about);
    free(lesson->partner);
    free(lesson);
}
