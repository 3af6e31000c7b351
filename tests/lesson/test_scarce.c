/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out at each allocation while a lesson, or progress in it, is read or written: it
 * is read whole or not at all, nobody hears of a mistake that is none, and what was in the progress
 * file before stays there.
 */
#include "compiler.h"
#include "scarce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lesson/progress.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { MOST_ALLOCATIONS = 20000 };

/* Something that memory is short for. Returns 0 or an errno value, and what came of it in `out`. */
typedef int operation(const void *what, struct buffer *out);

/* What is compared must not lack memory itself. */
static struct buffer ample(void)
{
    struct buffer text = BUFFER_EMPTY;
    assert_true(buffer_reserve(&text, 1 << 16));
    return text;
}

/* Returns whether no allocation was missed. */
static bool run_short(operation *run, const void *what, long left, bool stays, int expected,
                      const struct buffer *whole)
{
    struct buffer out = ample();
    scarce_begin(left, stays);
    int error = run(what, &out);
    bool missed = scarce_end();
    if (!missed || error != ENOMEM) {
        assert_int_equal(error, expected);
        assert_string_equal(buffer_text(&out), buffer_text(whole));
    }
    buffer_free(&out);
    return !missed;
}

static void run_out(operation *run, const void *what)
{
    struct buffer whole = ample();
    int expected = run(what, &whole);
    assert_false(run_short(run, what, 0, false, expected, &whole));
    for (long left = 0; !run_short(run, what, left / 2, left % 2 == 1, expected, &whole); left++)
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    buffer_free(&whole);
}

/* A lesson. */

static void append_texts(struct buffer *out, const struct lesson_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        buffer_printf(out, "%u %s\n", texts->items[i].line, texts->items[i].text);
}

static void append_answers(struct buffer *out, const struct lesson_answers *answers)
{
    for (size_t i = 0; i < answers->count; i++)
        buffer_printf(out, "%s -- %s\n", answers->items[i].code,
                      answers->items[i].reply != NULL ? answers->items[i].reply : "");
}

static const char *text_of(const char *text)
{
    return text != NULL ? text : "none";
}

static void append_step(struct buffer *out, const struct lesson_step *step)
{
    buffer_printf(out, "%u %s\n%s\n%s\n%s\n%s\n%s\n", step->line, step->title,
                  text_of(step->narration), text_of(step->goal), text_of(step->failure),
                  text_of(step->question), text_of(step->explanation));
    append_texts(out, &step->statements);
    append_texts(out, &step->hints);
    append_texts(out, &step->choices);
    append_answers(out, &step->passes);
    append_answers(out, &step->fails);
}

static void append_lesson(struct buffer *out, const struct lesson *lesson)
{
    buffer_printf(out, "%s %s %s %s\n", lesson->name, lesson->title, text_of(lesson->about),
                  text_of(lesson->partner));
    for (size_t i = 0; i < lesson->step_count; i++)
        append_step(out, &lesson->steps[i]);
}

static int parse(const void *what, struct buffer *out)
{
    struct buffer mistakes = BUFFER_EMPTY;
    struct lesson *lesson;
    const char *text = what;
    int error = lesson_parse("dir/t.lua", text, strlen(text), &test_compiler, &lesson, &mistakes);
    assert_true((error == 0) == (lesson != NULL));
    if (lesson != NULL)
        append_lesson(out, lesson);
    buffer_puts(out, buffer_text(&mistakes));
    lesson_free(lesson);
    buffer_free(&mistakes);
    return error;
}

static void a_lesson_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    lesson_append_template(&text, "T");
    buffer_puts(&text, "--# One more\n--? a hint\n-- of two lines\n--= x and y\n--x y -- no,\n"
                       "-- it is not\nfor i = 1, 2 do\n  x = i\nend\n");
    run_out(parse, buffer_text(&text));
    buffer_free(&text);
}

static void mistakes_are_told_all_or_none(void **state)
{
    (void)state;
    run_out(parse, "--: about A\n--: minutes many\n--: skip never\n--: needs patience\n--# One\n"
                   "--= = =\n--q Which?  A | B\n--a C\nx = = 1\n--# Two\nfor i = 1, 2 do\n--@ x\n");
}

/* Without memory for the text of a lesson, its parser went on as far as the end, missed the title
 * that it could not copy, and the student read "the lesson has no title". */
static void want_of_memory_is_no_mistake(void **state)
{
    (void)state;
    static const char text[] = "--: title T\n--# One\nx = 1\n";
    for (long left = 0; left < 10; left++) {
        struct buffer mistakes = BUFFER_EMPTY;
        struct lesson *lesson;
        scarce_begin(left, false);
        int error =
            lesson_parse("t.lua", text, sizeof text - 1, &test_compiler, &lesson, &mistakes);
        if (scarce_end() && error != 0) {
            assert_int_equal(error, ENOMEM);
            assert_string_equal(buffer_text(&mistakes), "");
        }
        lesson_free(lesson);
        buffer_free(&mistakes);
    }
}

static int make_template(const void *what, struct buffer *out)
{
    struct buffer text = BUFFER_EMPTY;
    lesson_append_template(&text, what);
    int error = text.failed ? ENOMEM : 0;
    if (error == 0)
        buffer_append(out, buffer_text(&text), text.length);
    buffer_free(&text);
    return error;
}

static void a_template_is_whole(void **state)
{
    (void)state;
    run_out(make_template, "A lesson of mine");
}

/* Progress. */

struct place {
    char folder[64], *path;
    struct progress before, after; /* which the file may hold */
};

static void make(struct progress *progress, size_t done)
{
    assert_int_equal(progress_init(progress, 0x1234, 3), 0);
    for (size_t i = 0; i < done; i++) {
        progress->steps[i].state = PROGRESS_DONE;
        assert_true(progress_add_entry(&progress->steps[i].entries, "s = \"a\\n\"\nend", false));
        assert_true(progress_add_entry(&progress->steps[i].entries, "listen(s)(5)", true));
    }
    progress->here = done;
}

static int place_open(void **state)
{
    static struct place place;
    strcpy(place.folder, "/tmp/sockrepl-XXXXXX");
    if (mkdtemp(place.folder) == NULL || setenv("XDG_STATE_HOME", place.folder, 1) != 0)
        return -1;
    make(&place.before, 1);
    make(&place.after, 2);
    *state = &place;
    int error = progress_path("t", &place.path);
    return error == 0 ? progress_write(place.path, &place.before) : error;
}

static int place_close(void **state)
{
    struct place *place = *state;
    char path[128];
    unlink(place->path);
    free(place->path);
    progress_free(&place->before);
    progress_free(&place->after);
    snprintf(path, sizeof path, "%s/sockrepl/lessons", place->folder);
    if (rmdir(path) != 0) /* where something was left behind */
        return -1;
    *strrchr(path, '/') = '\0';
    return rmdir(path) == 0 && rmdir(place->folder) == 0 ? 0 : -1;
}

static int read_progress(const void *what, struct buffer *out)
{
    struct buffer why = BUFFER_EMPTY;
    struct progress progress;
    int error = progress_read(what, &progress, &why);
    for (size_t i = 0; error == 0 && i < progress.step_count; i++)
        for (size_t k = 0; k < progress.steps[i].entries.count; k++)
            buffer_printf(out, "%zu %s\n", i, progress.steps[i].entries.items[k].code);
    if (error == 0)
        buffer_printf(out, "%zu of %zu\n", progress.here, progress.step_count);
    progress_free(&progress);
    buffer_free(&why);
    return error;
}

/* It was called a file that cannot be understood, put aside, and the lesson began anew. */
static void progress_is_read_or_there_was_no_memory(void **state)
{
    const struct place *place = *state;
    run_out(read_progress, place->path);
}

static size_t count_files(const char *path)
{
    char folder[128];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    DIR *directory = opendir(folder);
    size_t count = 0;
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void assert_holds(const struct place *place, const struct progress *progress)
{
    struct buffer why = BUFFER_EMPTY;
    struct progress read;
    assert_int_equal(progress_read(place->path, &read, &why), 0);
    assert_int_equal(read.here, progress->here);
    assert_int_equal(count_files(place->path), 1);
    progress_free(&read);
    buffer_free(&why);
}

static void progress_is_written_whole_or_stays_as_it_was(void **state)
{
    const struct place *place = *state;
    bool missed = true;
    for (long left = 0; missed; left++) {
        assert_int_equal(progress_write(place->path, &place->before), 0);
        scarce_begin(left / 2, left % 2 == 1);
        int error = progress_write(place->path, &place->after);
        missed = scarce_end();
        assert_true(error == 0 || (missed && error == ENOMEM));
        assert_holds(place, error == 0 ? &place->after : &place->before);
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    }
}

static int copy_progress(const void *what, struct buffer *out)
{
    const struct progress *from = what;
    struct progress progress;
    int error = progress_init(&progress, from->hash, from->step_count);
    const struct progress_entries *entries = &from->steps[0].entries;
    for (size_t i = 0; error == 0 && i < entries->count; i++)
        if (!progress_add_entry(&progress.steps[0].entries, entries->items[i].code, false))
            error = ENOMEM;
    for (size_t i = 0; error == 0 && i < progress.steps[0].entries.count; i++)
        buffer_puts(out, progress.steps[0].entries.items[i].code);
    progress_free(&progress);
    return error;
}

static void entries_are_added_whole(void **state)
{
    const struct place *place = *state;
    run_out(copy_progress, &place->before);
}

static int find_path(const void *what, struct buffer *out)
{
    char *path;
    int error = progress_path(what, &path);
    buffer_puts(out, path != NULL ? path : "");
    free(path);
    return error;
}

static void a_path_is_whole(void **state)
{
    (void)state;
    run_out(find_path, "a_lesson_whose_name_is_longer_than_the_smallest_text_that_grows_at_all");
}

static int put_aside(const void *what, struct buffer *out)
{
    const struct place *place = what;
    char old[128];
    int error = progress_put_aside(place->path);
    snprintf(old, sizeof old, "%s.old", place->path);
    assert_int_equal(access(old, F_OK), error == 0 ? 0 : -1);
    if (error == 0)
        rename(old, place->path);
    buffer_puts(out, access(place->path, F_OK) == 0 ? "it is there" : "it is lost");
    return error;
}

static void what_is_put_aside_is_not_lost(void **state)
{
    run_out(put_aside, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_is_read_whole_or_not_at_all),
        cmocka_unit_test(mistakes_are_told_all_or_none),
        cmocka_unit_test(want_of_memory_is_no_mistake),
        cmocka_unit_test(a_template_is_whole),
        cmocka_unit_test(progress_is_read_or_there_was_no_memory),
        cmocka_unit_test(progress_is_written_whole_or_stays_as_it_was),
        cmocka_unit_test(entries_are_added_whole),
        cmocka_unit_test(a_path_is_whole),
        cmocka_unit_test(what_is_put_aside_is_not_lost),
    };
    return cmocka_run_group_tests(tests, place_open, place_close);
}
