/* SPDX-License-Identifier: MIT
 *
 * Files whole or not at all: what stood there before is there after a failure, and nothing of an
 * attempt is left lying about.
 */
#include "page/file.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
    char folder[64];
    char file[96], other[96];
};

static int make_place(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    strcpy(place->folder, "/tmp/sockrepl-file-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->file, sizeof place->file, "%s/page.html", place->folder);
    snprintf(place->other, sizeof place->other, "%s/other", place->folder);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    unlink(place->file);
    unlink(place->other);
    int error = rmdir(place->folder); /* fails where a temporary file is left */
    free(place);
    return error;
}

static void expect(const char *path, const char *text)
{
    struct buffer read = BUFFER_EMPTY;
    assert_int_equal(file_read(path, 1000, &read), 0);
    assert_string_equal(buffer_text(&read), text);
    buffer_free(&read);
}

static void a_file_is_written_and_written_anew(void **state)
{
    struct place *place = *state;
    assert_int_equal(file_write(place->file, "first", 5), 0);
    expect(place->file, "first");
    assert_int_equal(file_write(place->file, "second", 6), 0);
    expect(place->file, "second");
    assert_int_equal(file_write(place->file, "", 0), 0);
    expect(place->file, "");
}

static void permissions_are_those_of_the_umask_or_stay(void **state)
{
    struct place *place = *state;
    struct stat status;
    mode_t old = umask(027);
    assert_int_equal(file_write(place->file, "a", 1), 0);
    umask(old);
    assert_int_equal(stat(place->file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(chmod(place->file, 0604), 0);
    assert_int_equal(file_write(place->file, "b", 1), 0);
    assert_int_equal(stat(place->file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0604);
}

static void a_link_goes_on_pointing(void **state)
{
    struct place *place = *state;
    struct stat status;
    assert_int_equal(file_write(place->file, "a", 1), 0);
    assert_int_equal(symlink(place->file, place->other), 0);
    assert_int_equal(file_write(place->other, "b", 1), 0);
    assert_int_equal(lstat(place->other, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    expect(place->file, "b");
}

/* A disk that has no more room is a limit on the size of files here. */
static void a_full_disk_leaves_the_old_file(void **state)
{
    struct place *place = *state;
    static char text[5000];
    struct rlimit old, small;
    assert_int_equal(file_write(place->file, "old", 3), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 1000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int error = file_write(place->file, text, sizeof text);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(error, EFBIG);
    expect(place->file, "old");
}

static void what_is_no_file_is_written_to(void **state)
{
    (void)state;
    assert_int_equal(file_write("/dev/null", "a", 1), 0);
    if (access("/dev/full", W_OK) == 0)
        assert_int_equal(file_write("/dev/full", "a", 1), ENOSPC);
    struct stat status;
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
}

static void errors_are_the_system_s(void **state)
{
    struct place *place = *state;
    struct buffer text = BUFFER_EMPTY;
    char deep[128];
    snprintf(deep, sizeof deep, "%s/none/page.html", place->folder);
    assert_int_equal(file_write(deep, "a", 1), ENOENT);
    assert_int_equal(file_write(place->folder, "a", 1), EISDIR);
    assert_int_equal(file_read(deep, 10, &text), ENOENT);
    assert_int_equal(file_read(place->folder, 10, &text), EISDIR);
    assert_int_equal(file_write(place->file, "0123456789", 10), 0);
    assert_int_equal(file_read(place->file, 9, &text), EFBIG);
    buffer_clear(&text);
    assert_int_equal(file_read(place->file, 10, &text), 0);
    buffer_free(&text);
}

#define AT_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_PLACE(a_file_is_written_and_written_anew),
        AT_PLACE(permissions_are_those_of_the_umask_or_stay),
        AT_PLACE(a_link_goes_on_pointing),
        AT_PLACE(a_full_disk_leaves_the_old_file),
        AT_PLACE(what_is_no_file_is_written_to),
        AT_PLACE(errors_are_the_system_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
