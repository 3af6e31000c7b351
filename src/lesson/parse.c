/* SPDX-License-Identifier: MIT
 *
 * The lines of a lesson, by the mark in the third column. What a step needs to be whole is asked in
 * step.c, once all of it has been read.
 */
#include "base/text.h"
#include "inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Appends to a text that goes on in a further line. */
static void join(struct parser *p, char **text, const struct line *more)
{
    struct buffer joined = BUFFER_EMPTY;
    buffer_printf(&joined, "%s%s%.*s", *text, (*text)[0] != '\0' ? " " : "", (int)more->length,
                  more->text);
    char *copy = joined.failed ? NULL : parser_copy(p, joined.data, joined.length);
    p->starved |= joined.failed;
    buffer_free(&joined);
    if (copy == NULL)
        return;
    free(*text);
    *text = copy;
}

/* Steps and their marks. */

static void read_step(struct parser *p, const struct line *rest)
{
    step_finish(p);
    p->step = parser_add(p, (void **)&p->lesson->steps, &p->lesson->step_count, sizeof *p->step);
    if (p->step == NULL)
        return;
    p->step->line = p->line;
    p->step->title = parser_copy(p, rest->text, rest->length);
    if (rest->length == 0)
        parser_complain(p, p->line, "a step wants a heading behind its mark");
    if (text_columns(rest->text, rest->length) > TITLE_COLUMNS)
        parser_complain(p, p->line, "the heading is longer than %d columns", TITLE_COLUMNS);
}

/* Of a mark that a step has once. */
static void set_once(struct parser *p, char **field, unsigned *place, const struct line *rest,
                     const char *what)
{
    if (rest->length == 0)
        parser_complain(p, p->line, "there is no %s behind the mark", what);
    if (*field != NULL) {
        parser_complain(p, p->line, "the step has a %s already", what);
        return;
    }
    *field = parser_copy(p, rest->text, rest->length);
    *place = p->line;
}

static void read_hint(struct parser *p, const struct line *rest)
{
    struct lesson_texts *hints = &p->step->hints;
    struct lesson_text *hint =
        parser_add(p, (void **)&hints->items, &hints->count, sizeof *hints->items);
    if (hint == NULL)
        return;
    hint->text = parser_copy(p, rest->text, rest->length);
    hint->line = p->line;
    if (rest->length == 0)
        parser_complain(p, p->line, "an empty hint");
}

/* Where ` -- ` outside of quotes begins what to say; `length` where nothing does. */
static size_t find_words(const struct line *rest)
{
    char quote = '\0';
    for (size_t i = 0; i + 1 < rest->length; i++) {
        char c = rest->text[i];
        if (quote != '\0') {
            if (c == '\\')
                i++;
            else if (c == quote)
                quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '-' && rest->text[i + 1] == '-') {
            return i;
        }
    }
    return rest->length;
}

/* Of `code -- words` both, of which the words may be empty. */
static void split_words(const struct line *rest, struct line *code, struct line *words)
{
    size_t end = find_words(rest);
    *code = (struct line){rest->text, end};
    *words = (struct line){rest->text + end, rest->length - end};
    if (words->length > 0) {
        words->text += 2;
        words->length -= 2;
    }
    line_trim(code);
    line_trim(words);
}

static void read_goal(struct parser *p, const struct line *rest)
{
    struct line code, words;
    bool first = p->step->goal == NULL;
    split_words(rest, &code, &words);
    set_once(p, &p->step->goal, &p->step->goal_line, &code, "condition");
    if (first && words.length > 0)
        p->step->wish = parser_copy(p, words.text, words.length);
}

static void read_answer(struct parser *p, struct lesson_answers *answers, const struct line *rest)
{
    struct lesson_answer *answer =
        parser_add(p, (void **)&answers->items, &answers->count, sizeof *answers->items);
    struct line code, reply;
    if (answer == NULL)
        return;
    split_words(rest, &code, &reply);
    answer->line = p->line;
    answer->code = parser_copy(p, code.text, code.length);
    if (reply.length > 0)
        answer->reply = parser_copy(p, reply.text, reply.length);
    if (code.length == 0)
        parser_complain(p, p->line, "there is no answer behind the mark");
    if (answers == &p->step->fails && reply.length == 0)
        parser_complain(p, p->line, "a wrong answer wants what to say to it: code -- text");
}

static void read_pass(struct parser *p, const struct line *rest)
{
    read_answer(p, &p->step->passes, rest);
}

static void read_fail(struct parser *p, const struct line *rest)
{
    read_answer(p, &p->step->fails, rest);
}

static void read_failure(struct parser *p, const struct line *rest)
{
    set_once(p, &p->step->failure, &p->step->failure_line, rest, "expected error");
}

static void read_question(struct parser *p, const struct line *rest)
{
    set_once(p, &p->step->question, &p->step->question_line, rest, "question");
}

static void read_right_choice(struct parser *p, const struct line *rest)
{
    if (p->step->question == NULL)
        parser_complain(p, p->line, "--a answers a question: --q comes before it");
    else
        set_once(p, &p->answer, &p->answer_line, rest, "right choice");
}

static const struct mark {
    char character;
    bool of_step; /* it stands below a step's heading and above its code */
    void (*read)(struct parser *p, const struct line *rest);
} marks[] = {
    {':', false, fact_read},        {'#', false, read_step}, {'q', true, read_question},
    {'a', true, read_right_choice}, {'=', true, read_goal},  {'?', true, read_hint},
    {'+', true, read_pass},         {'x', true, read_fail},  {'!', true, read_failure},
};

static const struct mark *find_mark(char character)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (marks[i].character == character)
            return &marks[i];
    return NULL;
}

static void read_mark(struct parser *p, const struct mark *mark, const struct line *rest)
{
    p->last = mark->character;
    if (mark->of_step && p->step == NULL)
        parser_complain(p, p->line, "the mark --%c stands before the first step", p->last);
    else if (mark->of_step && p->code.length > 0)
        parser_complain(p, p->line, "the mark --%c stands behind the step's code", p->last);
    else
        mark->read(p, rest);
}

/* A comment without a mark: narration below a heading, explanation below an answer, more of what a
 * mark began, and elsewhere a comment of the code. */
static bool read_comment(struct parser *p, const struct line *line)
{
    struct line text = {line->text + 2, line->length - 2};
    struct lesson_step *step = p->step;
    if (step == NULL)
        return true;
    if (p->code.length > 0)
        return false;
    if (text.length > 0 && text.text[0] == ' ') {
        text.text++;
        text.length--;
    }
    struct buffer *told = p->last == '#' ? &p->narration : p->last == 'a' ? &p->explanation : NULL;
    if (told != NULL) {
        buffer_append(told, text.text, text.length);
        buffer_putc(told, '\n');
        return true;
    }
    line_trim(&text);
    char **text_of = NULL;
    if (p->last == '?')
        text_of = &step->hints.items[step->hints.count - 1].text;
    else if (p->last == 'x')
        text_of = &step->fails.items[step->fails.count - 1].reply;
    else if (p->last == 'q')
        text_of = &step->question;
    else if (p->last == '=')
        text_of = &step->wish;
    if (text_of == NULL || *text_of == NULL)
        return false;
    join(p, text_of, &text);
    return true;
}

static void read_code(struct parser *p, const struct line *line)
{
    if (p->step == NULL && line->length > 0) {
        parser_complain(p, p->line, "code stands before the first step");
        return;
    }
    if (p->code.length == 0)
        p->code_line = p->line;
    buffer_append(&p->code, line->text, line->length);
    buffer_putc(&p->code, '\n');
}

static void read_blank(struct parser *p)
{
    if (p->code.length > 0) {
        buffer_putc(&p->code, '\n');
        return;
    }
    if (p->last == '#' && p->narration.length > 0)
        buffer_putc(&p->narration, '\n');
    else if (p->last == 'a' && p->explanation.length > 0)
        buffer_putc(&p->explanation, '\n');
    else if (p->last != '#')
        p->last = '\0';
}

static bool is_comment(const struct line *line)
{
    if (line->length < 2 || memcmp(line->text, "--", 2) != 0)
        return false;
    return line->length == 2 || line_is_blank(line->text[2]) || line->text[2] == '-';
}

static void read_line(struct parser *p, struct line line)
{
    while (line.length > 0 && line_is_blank(line.text[line.length - 1]))
        line.length--;
    if (line.length == 0) {
        read_blank(p);
    } else if (p->line == 1 && line.text[0] == '#') {
        return; /* as Lua passes it over */
    } else if (is_comment(&line)) {
        if (!read_comment(p, &line))
            read_code(p, &line);
    } else if (line.length < 3 || memcmp(line.text, "--", 2) != 0 || line.text[2] == '[') {
        read_code(p, &line);
    } else if (find_mark(line.text[2]) == NULL ||
               (line.length > 3 && !line_is_blank(line.text[3]))) {
        parser_complain(p, p->line, "'%.*s' is no mark; an ordinary comment begins with '-- '",
                        line.length < 8 ? (int)line.length : 8, line.text);
    } else {
        struct line rest = {line.text + 3, line.length - 3};
        line_trim(&rest);
        read_mark(p, find_mark(line.text[2]), &rest);
    }
}

static void read_lines(struct parser *p, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end && !p->starved) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *behind = newline != NULL ? newline : end;
        p->line++;
        read_line(p, (struct line){text, (size_t)(behind - text)});
        text = newline != NULL ? newline + 1 : end;
    }
    step_finish(p);
    if (p->lesson->title == NULL)
        parser_complain(p, 1, "the lesson has no title: --: title NAME");
    if (p->lesson->step_count == 0)
        parser_complain(p, p->line, "the lesson has no step");
}

/* FNV-1a, 64 bits. */
static uint64_t hash_of(const char *text, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3U;
    return hash;
}

static void set_name(struct parser *p)
{
    const char *slash = strrchr(p->path, '/');
    const char *name = slash != NULL ? slash + 1 : p->path;
    size_t length = strlen(name);
    if (length > 4 && strcmp(name + length - 4, ".lua") == 0)
        length -= 4;
    p->lesson->name = parser_copy(p, name, length);
}

static bool check_text(struct parser *p, const char *text, size_t length)
{
    size_t good = text_valid_length(text, length);
    const char *zero = memchr(text, '\0', length);
    if (zero != NULL && (size_t)(zero - text) < good)
        good = (size_t)(zero - text);
    if (good == length)
        return true;
    unsigned line = 1;
    for (size_t i = 0; i < good; i++)
        line += text[i] == '\n';
    parser_complain(p, line, "a byte that is not UTF-8 text: a lesson is a plain text file");
    return false;
}

bool lesson_is_lesson(const char *text, size_t length)
{
    const char *end = text + length;
    for (const char *at = text; at != NULL && end - at >= 4;) {
        if (memcmp(at, "--", 2) == 0 && (at[2] == ':' || at[2] == '#') && line_is_blank(at[3]))
            return true;
        at = memchr(at, '\n', (size_t)(end - at));
        at = at != NULL ? at + 1 : NULL;
    }
    return false;
}

/* What was said of a text that was not read whole may be wrong. */
static void take_back(struct buffer *mistakes, size_t length)
{
    mistakes->length = length;
    mistakes->failed = false;
    if (mistakes->data != NULL)
        mistakes->data[length] = '\0';
}

int lesson_parse(const char *path, const char *text, size_t length,
                 const struct lesson_compiler *compiler, struct lesson **lesson,
                 struct buffer *mistakes)
{
    struct parser p = {.path = path, .compiler = compiler, .mistakes = mistakes};
    size_t before = mistakes->length;
    *lesson = NULL;
    p.lesson = calloc(1, sizeof *p.lesson);
    if (p.lesson == NULL)
        return ENOMEM;
    p.lesson->hash = hash_of(text, length);
    set_name(&p);
    if (check_text(&p, text, length))
        read_lines(&p, text, length);
    p.starved |= mistakes->failed;
    if (p.starved)
        take_back(mistakes, before);
    buffer_free(&p.narration);
    buffer_free(&p.explanation);
    buffer_free(&p.code);
    free(p.answer);
    if (!p.starved && mistakes->length == before) {
        *lesson = p.lesson;
        return 0;
    }
    lesson_free(p.lesson);
    return p.starved ? ENOMEM : EINVAL;
}
