/* SPDX-License-Identifier: MIT
 *
 * The progress file: what was written is read, and whatever else may stand there is said and
 * survived.
 */
#include "lesson/progress.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/sockrepl-test-XXXXXX";
static char *path;

static int open_directory(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL || setenv("XDG_STATE_HOME", directory, 1) != 0)
        return -1;
    return progress_path("01_server", &path);
}

static int remove_directory(void **state)
{
    char command[200];
    (void)state;
    free(path);
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command); /* a fixed name with six letters */
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void make(struct progress *progress)
{
    assert_int_equal(progress_init(progress, 0x1234567890abcdefU, 4), 0);
    progress->steps[0].state = PROGRESS_DONE;
    assert_true(progress_add_entry(&progress->steps[0].entries, "s = \"a\\n\"\nend", false));
    assert_true(progress_add_entry(&progress->steps[0].entries, "listen(s)(5)", true));
    progress->steps[1].state = PROGRESS_SKIPPED;
    progress->here = 2;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct progress one, two;
    struct buffer why = BUFFER_EMPTY;
    struct stat about;
    make(&one);
    assert_int_equal(progress_write(path, &one), 0);
    assert_int_equal(progress_read(path, &two, &why), 0);
    assert_true(two.hash == one.hash);
    assert_int_equal(two.step_count, 4);
    assert_int_equal(two.here, 2);
    assert_int_equal(progress_count(&two), 2);
    assert_int_equal(two.steps[0].entries.count, 2);
    assert_string_equal(two.steps[0].entries.items[0].code, "s = \"a\\n\"\nend");
    assert_false(two.steps[0].entries.items[0].failed);
    assert_true(two.steps[0].entries.items[1].failed);
    assert_int_equal(two.steps[1].state, PROGRESS_SKIPPED);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    progress_free(&one);
    progress_free(&two);
}

static void directories_are_the_owner_s_alone(void **state)
{
    (void)state;
    struct stat about;
    char name[200];
    snprintf(name, sizeof name, "%s/sockrepl/lessons", directory);
    assert_int_equal(stat(name, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
}

/* Cut off anywhere, it is said to be so, and nothing of it is taken. */
static void every_cut_is_noticed(void **state)
{
    (void)state;
    struct progress progress, read;
    char whole[600];
    make(&progress);
    assert_int_equal(progress_write(path, &progress), 0);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t length = fread(whole, 1, sizeof whole - 1, file);
    fclose(file);
    assert_true(length > 100 && length < sizeof whole - 1);
    for (size_t cut = 0; cut < length; cut++) {
        struct buffer why = BUFFER_EMPTY;
        char part[600];
        memcpy(part, whole, cut);
        part[cut] = '\0';
        write_text(part);
        assert_int_equal(progress_read(path, &read, &why), EINVAL);
        assert_true(why.length > 0);
        assert_null(read.steps);
        buffer_free(&why);
    }
    progress_free(&progress);
}

static void what_cannot_be_used_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "is empty"},
        {"hello\n", "is not one of sockrepl's"},
        {"sockrepl progress 2\n", "is from another version of sockrepl"},
        {"sockrepl progress 1\nlesson 00 99999\n", "cannot be understood in line 2"},
        {"sockrepl progress 1\nlesson 00 2\nstep 3 done\n", "cannot be understood in line 3"},
        {"sockrepl progress 1\nlesson 00 2\nran \"x\"\n", "cannot be understood in line 3"},
        {"sockrepl progress 1\nlesson 00 2\nhere 4\n", "cannot be understood in line 3"},
        {"sockrepl progress 1\nstep 1 done\n", "cannot be understood in line 2"},
        {"sockrepl progress 1\nlesson 00 2\nend\nmore\n", "cannot be understood in line 4"},
        {"sockrepl progress 1\nlesson 00 2\nhere 1\n", "is cut off"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct progress progress;
        struct buffer why = BUFFER_EMPTY;
        write_text(cases[i].text);
        assert_int_equal(progress_read(path, &progress, &why), EINVAL);
        assert_string_equal(buffer_text(&why), cases[i].why);
        buffer_free(&why);
    }
}

static void another_text_of_the_lesson_does_not_fit(void **state)
{
    (void)state;
    struct progress progress;
    struct buffer why = BUFFER_EMPTY;
    make(&progress);
    assert_true(progress_fits(&progress, progress.hash, 4, &why));
    assert_false(progress_fits(&progress, progress.hash + 1, 4, &why));
    assert_non_null(strstr(buffer_text(&why), "changed"));
    buffer_free(&why);
    progress_free(&progress);
}

static void a_missing_file_and_one_put_aside(void **state)
{
    (void)state;
    struct progress progress;
    struct buffer why = BUFFER_EMPTY;
    char old[300];
    write_text("precious");
    assert_int_equal(progress_put_aside(path), 0);
    assert_int_equal(progress_read(path, &progress, &why), ENOENT);
    snprintf(old, sizeof old, "%s.old", path);
    assert_int_equal(access(old, R_OK), 0);
    assert_int_equal(progress_put_aside(path), 0);
    assert_int_equal(access(old, R_OK), 0);
}

static void a_disk_that_refuses_leaves_the_old_file(void **state)
{
    (void)state;
    struct progress progress;
    make(&progress);
    assert_int_equal(progress_write("/dev/full/progress", &progress), ENOTDIR);
    progress_free(&progress);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(directories_are_the_owner_s_alone),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(what_cannot_be_used_is_said),
        cmocka_unit_test(another_text_of_the_lesson_does_not_fit),
        cmocka_unit_test(a_missing_file_and_one_put_aside),
        cmocka_unit_test(a_disk_that_refuses_leaves_the_old_file),
    };
    return cmocka_run_group_tests(tests, open_directory, remove_directory);
}
