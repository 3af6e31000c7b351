/* SPDX-License-Identifier: MIT
 *
 * What is proved of one step: that its code runs, or fails as it says; that an exercise is solved
 * by what solves it and by nothing else; that a prediction's answer is what happens.
 */
#include "checking.h"

#include <string.h>

/* A goal has a second to come true, as for a student. */
enum { LOOKS = 20 };

/* So often Enter is due in a step: after the narration, after an answer's explanation. */
enum { TEXTS_MOST = 4 };

#define SECONDS_BETWEEN_LOOKS 0.05

static bool is_never(const struct check *check)
{
    (void)check;
    return false;
}

static void say_got(struct check *check, unsigned line, const char *expected, const char *got)
{
    check_say(check, CHECK_NOTE, line, "expected: %s", expected);
    check_say(check, CHECK_NOTE, line, "got: %s", got);
}

static const char *error_of(const struct check *check)
{
    return check->failed ? buffer_text(&check->message) : "no error";
}

/* Why an exercise is not solved. The player says `Expected: this. But that is so.` */
static const char *shortfall_of(const struct check *check)
{
    if (check->failed || check->unclear)
        return buffer_text(&check->message);
    const char *but = strstr(buffer_text(&check->answer), ". But ");
    if (but != NULL)
        return but + strlen(". But ");
    return check->answer.length > 0 ? buffer_text(&check->answer) : "a goal that is not met";
}

/* Predictions. */

static const char *answer_of(const struct lesson_step *step)
{
    return step->choices.items[step->answer].text;
}

/* A choice can be named by its number: 1 must not be the second. */
static bool is_ambiguous(const struct lesson_texts *choices)
{
    char number[24];
    for (size_t i = 0; i < choices->count; i++) {
        snprintf(number, sizeof number, "%zu", i + 1);
        for (size_t j = 0; j < choices->count; j++)
            if (i != j && (strcmp(choices->items[j].text, number) == 0 ||
                           strcmp(choices->items[j].text, choices->items[i].text) == 0))
                return true;
    }
    return false;
}

/* A step is entered: its question is answered. */
static bool answer(struct check *check, const struct lesson_step *step)
{
    return step->question == NULL || check_answer(check, answer_of(step));
}

static bool prove_question(struct check *check, size_t number, const struct lesson_step *step)
{
    if (step->question == NULL)
        return true;
    if (!check_that(check, !is_ambiguous(&step->choices), step->question_line,
                    "step %zu: the choices can be told apart", number))
        say_got(check, step->question_line,
                "choices that differ, and none that is another's number", step->question);
    return check_that(check, answer(check, step), step->question_line,
                      "step %zu: the question can be answered", number);
}

/* A value is shown with its quotes, a choice may be without. */
static bool is_shown(const char *choice, const char *shown)
{
    size_t length = strcspn(shown, "\n"), quote = shown[0] == '"' && choice[0] != '"';
    if (length == 0 || length < 2 * quote)
        return false;
    return strlen(choice) == length - 2 * quote &&
           strncmp(choice, shown + quote, length - 2 * quote) == 0;
}

/* What the last statement showed; "" for nothing. */
static const char *last_shown(const struct check *check)
{
    const struct journal *journal = check->session.engine->journal;
    for (size_t i = journal_count(journal); i > 0; i--) {
        const struct journal_entry *entry = journal_at(journal, i - 1);
        if (entry->kind == JOURNAL_SHOWN)
            return entry->text;
        if (entry->kind == JOURNAL_TYPED)
            break;
    }
    return "";
}

/* The choice that the step's code has shown to be right, as far as that can be told: the error that
 * it meets, or the value that it shows. NULL where it cannot. */
static const char *choice_shown(const struct check *check, const struct lesson_step *step)
{
    const char *found = NULL;
    for (size_t i = 0; i < step->choices.count; i++) {
        const char *choice = step->choices.items[i].text;
        bool is = step->failure != NULL ? strstr(choice, step->failure) != NULL
                                        : is_shown(choice, last_shown(check));
        if (is && found != NULL)
            return NULL;
        if (is)
            found = choice;
    }
    return found;
}

/* After the step's last statement. */
static void prove_answer(struct check *check, size_t number, const struct lesson_step *step)
{
    const char *right = step->question != NULL ? choice_shown(check, step) : NULL;
    if (right != NULL &&
        !check_that(check, strcmp(right, answer_of(step)) == 0, step->question_line,
                    "step %zu: the answer is what happens", number))
        say_got(check, step->question_line, answer_of(step), right);
}

/* Exercises. */

/* Comes to the exercise anew, by a replay of what went before. */
static bool return_to(struct check *check, size_t index)
{
    check->trying = false;
    check_goto(check, index);
    if (check_here(check) == index && answer(check, check_step_at(check, index)))
        return true;
    if (check->session.play == NULL)
        return false;
    unsigned line = check_step_at(check, check_here(check))->line;
    check_that(check, false, line, "step %zu: the steps before can be repeated", index + 1);
    say_got(check, line, "no error", buffer_text(&check->note));
    return false;
}

static bool prove_not_met(struct check *check, size_t index)
{
    const struct lesson_step *step = check_step_at(check, index);
    check->line = step->goal_line;
    check_enter(check);
    bool clear = check_that(check, !check->unclear, step->goal_line,
                            "step %zu: the condition can be asked before the code", index + 1);
    if (!clear)
        say_got(check, step->goal_line, "true or false", buffer_text(&check->message));
    if (!check_that(check, check_here(check) == index, step->goal_line,
                    "step %zu: the goal is not met before the code", index + 1))
        say_got(check, step->goal_line, "a condition that does not hold yet", step->goal);
    return !check->stopped && (check_here(check) == index || return_to(check, index));
}

static struct lesson_text text_of(const struct lesson_answer *answer)
{
    return (struct lesson_text){answer->code, answer->line};
}

static bool prove_pass(struct check *check, size_t index, const struct lesson_answer *pass)
{
    const struct lesson_text code = text_of(pass);
    check->trying = true;
    check_type(check, &code, false, false);
    if (check->stopped)
        return false;
    if (!check_that(check, check_here(check) == index + 1, pass->line,
                    "step %zu: this is right: %s", index + 1, pass->code))
        say_got(check, pass->line, check_step_at(check, index)->goal, shortfall_of(check));
    return return_to(check, index);
}

static bool meets_goal(struct check *check, size_t index)
{
    for (unsigned i = 0; i < LOOKS; i++) {
        check_enter(check);
        if (check_here(check) != index)
            return true;
        (void)check_wait(check, is_never, SECONDS_BETWEEN_LOOKS);
    }
    return false;
}

/* What is answered with an error cannot be taken for right, whatever else it did. */
static bool prove_fail(struct check *check, size_t index, const struct lesson_answer *fail)
{
    const struct lesson_text code = text_of(fail);
    check->trying = true;
    check_type(check, &code, false, false);
    bool stopped = check->stopped;
    bool met =
        check_here(check) != index || (!check->failed && !stopped && meets_goal(check, index));
    if (!check_that(check, !met, fail->line, "step %zu: this is wrong: %s", index + 1, fail->code))
        say_got(check, fail->line, "a goal that is not met by it",
                check_step_at(check, index)->goal);
    return return_to(check, index);
}

static void type_own_code(struct check *check, const struct lesson_step *step)
{
    size_t count = step->statements.count;
    for (size_t i = 0; i < count; i++) {
        check_type(check, &step->statements.items[i], false, i + 1 < count);
        if (check->failed || check->stopped)
            return;
    }
}

static bool prove_own_code(struct check *check, size_t index)
{
    const struct lesson_step *step = check_step_at(check, index);
    type_own_code(check, step);
    if (check->stopped)
        return false;
    prove_answer(check, index + 1, step);
    if (check_that(check, check_here(check) == index + 1, step->goal_line,
                   "step %zu: the goal is met by the code", index + 1))
        return true;
    say_got(check, step->goal_line, step->goal, shortfall_of(check));
    if (!return_to(check, index))
        return false;
    check_skip(check);
    return check_here(check) == index + 1;
}

static bool solve(struct check *check, size_t index)
{
    const struct lesson_step *step = check_step_at(check, index);
    if (!prove_not_met(check, index))
        return false;
    for (size_t i = 0; i < step->passes.count; i++)
        if (!prove_pass(check, index, &step->passes.items[i]))
            return false;
    for (size_t i = 0; i < step->fails.count; i++)
        if (!prove_fail(check, index, &step->fails.items[i]))
            return false;
    return prove_own_code(check, index);
}

/* Other steps. */

/* Whether the statement that ran last did what the lesson says. */
static bool is_as_said(const struct check *check, const struct lesson_step *step, bool last)
{
    const struct player_outcome outcome = {
        .failed = check->failed,
        .error = check->error.length > 0 ? buffer_text(&check->error) : NULL,
        .message = buffer_text(&check->message)};
    return last && step->failure != NULL ? player_is_meant(step, &outcome) : !check->failed;
}

static bool run(struct check *check, size_t index)
{
    const struct lesson_step *step = check_step_at(check, index);
    size_t count = step->statements.count;
    for (size_t i = 0; i < count; i++) {
        const struct lesson_text *code = &step->statements.items[i];
        bool last = i + 1 == count;
        const char *failure = last ? step->failure : NULL;
        check_type(check, code, true, false);
        if (check->stopped)
            return false;
        if (is_as_said(check, step, last))
            continue;
        check_that(check, false, code->line, "step %zu: the code %s", index + 1,
                   failure != NULL ? "fails as it says" : "runs");
        say_got(check, code->line, failure != NULL ? failure : "no error", error_of(check));
        return false;
    }
    if (count > 0)
        check_that(check, true, step->line, "step %zu: the code %s", index + 1,
                   step->failure != NULL ? "fails as it says" : "runs");
    prove_answer(check, index + 1, step);
    return true;
}

bool check_step(struct check *check, size_t index)
{
    const struct lesson_step *step = check_step_at(check, index);
    check->line = step->line;
    if (check->side_failed || !prove_question(check, index + 1, step) ||
        !(step->goal != NULL ? solve(check, index) : run(check, index)))
        return false;
    for (unsigned i = 0; i < TEXTS_MOST && check_here(check) == index; i++)
        check_enter(check);
    return check_here(check) == index + 1 ||
           check_that(check, false, step->line, "step %zu: Enter leads on", index + 1);
}

bool check_skip_step(struct check *check, size_t index)
{
    const struct lesson_step *step = check_step_at(check, index);
    check->line = step->line;
    check_skip(check);
    if (check->stopped || check->surprised || check->side_failed)
        return false;
    bool may = step->goal == NULL || check->session.play->lesson->skip == LESSON_SKIP_FREE;
    if (may)
        return check_here(check) == index + 1;
    if (check_here(check) != index || !answer(check, step))
        return false;
    type_own_code(check, step); /* the header wants it done */
    return check_here(check) == index + 1;
}
