/* SPDX-License-Identifier: MIT
 *
 * The history: what is remembered, that it survives kill -9 and other shells, and that a broken
 * file costs nothing.
 */
#include "demo.h"

#include <readline/history.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct place {
    char folder[64];
    char path[128];
};

static int place_open(void **state)
{
    struct place *const place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/sockrepl-XXXXXX");
    if (!mkdtemp(place->folder)) {
        free(place);
        return -1;
    }
    snprintf(place->path, sizeof place->path, "%s/history", place->folder);
    *state = place;
    return 0;
}

static int place_close(void **state)
{
    struct place *const place = *state;
    unlink(place->path);
    rmdir(place->path);
    const int result = rmdir(place->folder); /* fails where something was left behind */
    free(place);
    return result;
}

static const struct prompt_host host = {demo_line, NULL, NULL};

static struct prompt *start(const char *path)
{
    static struct port out;
    struct prompt *prompt = NULL;
    port_init(&out, stdout);
    assert_int_equal(prompt_new(NULL, &out, path, &host, &prompt), 0);
    return prompt;
}

/* The entries of a new session, each in brackets. */
static struct buffer recalled(const char *path)
{
    struct buffer all = BUFFER_EMPTY;
    struct prompt *const prompt = start(path);
    for (int i = 0; i < history_length; i++)
        buffer_printf(&all, "[%s]", history_get(history_base + i)->line);
    prompt_free(prompt);
    return all;
}

static void check_recalled(const char *path, const char *expected)
{
    struct buffer all = recalled(path);
    assert_string_equal(buffer_text(&all), expected);
    buffer_free(&all);
}

static void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *const file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void test_entries_come_back_whole(void **state)
{
    const struct place *const place = *state;
    struct prompt *const prompt = start(place->path);
    assert_int_equal(prompt_remember(prompt, "a = 1"), 0);
    assert_int_equal(prompt_remember(prompt, "for i = 1, 2 do\n\n\tprint(i)\r\nend"), 0);
    assert_int_equal(prompt_remember(prompt, "#t"), 0);
    assert_int_equal(prompt_remember(prompt, "x = 2 +\n#1\n"), 0);
    prompt_free(prompt);
    check_recalled(place->path, "[a = 1][for i = 1, 2 do\n\n\tprint(i)\r\nend][#t][x = 2 +\n#1\n]");
}

static void test_what_is_not_remembered(void **state)
{
    const struct place *const place = *state;
    struct prompt *const prompt = start(place->path);
    const char *const entries[] = {"a", "a", "", " secret", "b", "a"};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        assert_int_equal(prompt_remember(prompt, entries[i]), 0);
    assert_int_equal(history_length, 3);
    prompt_free(prompt);
    check_recalled(place->path, "[a][b][a]");
}

static void test_file_is_private_whatever_the_umask(void **state)
{
    const struct place *const place = *state;
    const mode_t masks[] = {0, 077, 0777};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        struct stat about;
        struct prompt *const prompt = start(place->path);
        const mode_t before = umask(masks[i]);
        const int error = prompt_remember(prompt, "a");
        umask(before);
        assert_int_equal(error, 0);
        assert_int_equal(stat(place->path, &about), 0);
        assert_int_equal(about.st_mode & 0777, 0600);
        prompt_free(prompt);
        unlink(place->path);
    }
}

static void test_without_a_file(void **state)
{
    (void)state;
    struct prompt *const prompt = start(NULL);
    assert_int_equal(prompt_remember(prompt, "a"), 0);
    assert_int_equal(history_length, 1);
    prompt_free(prompt);
}

/* Each process is a shell of its own; none loses a line of another, trimming included. */
static void test_shells_share_the_file(void **state)
{
    enum { SHELLS = 4, ENTRIES = 100 };
    const struct place *const place = *state;
    pid_t shells[SHELLS];
    for (int i = 0; i < SHELLS; i++) {
        shells[i] = fork();
        assert_true(shells[i] >= 0);
        for (int j = 0; shells[i] == 0 && j < ENTRIES; j++) {
            char entry[64];
            struct prompt *const prompt = start(place->path);
            snprintf(entry, sizeof entry, "shell %d\nentry %d", i, j);
            if (prompt_remember(prompt, entry) != 0)
                _exit(1);
            prompt_free(prompt);
        }
        if (shells[i] == 0)
            _exit(0);
    }
    for (int i = 0; i < SHELLS; i++) {
        int status = -1;
        assert_int_equal(waitpid(shells[i], &status, 0), shells[i]);
        assert_int_equal(status, 0);
    }
    struct prompt *const prompt = start(place->path);
    int next[SHELLS] = {0};
    assert_int_equal(history_length, SHELLS * ENTRIES);
    for (int i = 0; i < history_length; i++) {
        int shell = -1, number = -1;
        const char *const line = history_get(history_base + i)->line;
        assert_int_equal(sscanf(line, "shell %d\nentry %d", &shell, &number), 2);
        assert_in_range(shell, 0, SHELLS - 1);
        assert_int_equal(number, next[shell]++);
    }
    prompt_free(prompt);
}

static void test_long_file_is_cut(void **state)
{
    const struct place *const place = *state;
    struct buffer text = BUFFER_EMPTY;
    struct stat about;
    for (int i = 0; i < 10500; i++)
        buffer_printf(&text, "#%d\nentry %d\nof two lines\n", 1700000000 + i, i);
    write_file(place->path, text.data, text.length);
    struct prompt *prompt = start(place->path);
    assert_int_equal(history_length, 10000);
    assert_string_equal(history_get(history_base)->line, "entry 500\nof two lines");
    assert_int_equal(prompt_remember(prompt, "last"), 0);
    prompt_free(prompt);

    assert_int_equal(stat(place->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_true((size_t)about.st_size < text.length);
    prompt = start(place->path);
    assert_int_equal(history_length, 10000);
    assert_string_equal(history_get(history_base)->line, "entry 501\nof two lines");
    assert_string_equal(history_get(history_base + 9999)->line, "last");
    prompt_free(prompt);
    buffer_free(&text);
}

/* A dotfile may be a link to a file elsewhere, and stays one. */
static void test_link_stays_a_link(void **state)
{
    const struct place *const place = *state;
    char real[160];
    struct buffer text = BUFFER_EMPTY;
    struct stat about;
    snprintf(real, sizeof real, "%s.real", place->path);
    for (int i = 0; i < 10001; i++)
        buffer_printf(&text, "%d\n", i);
    write_file(real, text.data, text.length);
    assert_int_equal(symlink(real, place->path), 0);
    prompt_free(start(place->path));
    assert_int_equal(lstat(place->path, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(stat(real, &about), 0);
    assert_int_equal(about.st_size, text.length - 2);
    unlink(real);
    buffer_free(&text);
}

static void test_plain_and_broken_files(void **state)
{
    const struct place *const place = *state;
    static const char plain[] =
        "one\n\ntwo\n#1700000000\nthree\nfour\n#1700000001\n#1700000002\nfive";
    static const char garbage[] = "a\0b\n\xff\xfe\x01\n#1700000000\n\0\n#1700000001\nfine\n";
    write_file(place->path, plain, sizeof plain - 1);
    check_recalled(place->path, "[one][two][three\nfour][five]");

    /* The last line has no end, and still the next entry begins a line of its own. */
    struct prompt *const prompt = start(place->path);
    assert_int_equal(prompt_remember(prompt, "six"), 0);
    prompt_free(prompt);
    check_recalled(place->path, "[one][two][three\nfour][five][six]");

    write_file(place->path, garbage, sizeof garbage - 1);
    check_recalled(place->path, "[\xff\xfe\x01][fine]");
    write_file(place->path, "", 0);
    check_recalled(place->path, "");
}

static void check_useless(const char *path, int expected)
{
    struct prompt *const prompt = start(path);
    assert_int_equal(history_length, 0);
    assert_int_equal(prompt_remember(prompt, "a"), expected);
    assert_int_equal(history_length, 1);
    prompt_free(prompt);
}

static void test_something_else_in_its_place(void **state)
{
    const struct place *const place = *state;
    char missing[160];
    assert_int_equal(mkdir(place->path, 0700), 0);
    check_useless(place->path, EISDIR);
    rmdir(place->path);
    assert_int_equal(mkfifo(place->path, 0600), 0);
    check_useless(place->path, EINVAL);
    unlink(place->path);
    snprintf(missing, sizeof missing, "%s/missing/history", place->folder);
    check_useless(missing, ENOENT);
    check_useless("/dev/null", EINVAL);
}

/* Of an entry that the disk has no room for, nothing stays in the file. */
static void test_full_disk_is_said(void **state)
{
    const struct place *const place = *state;
    struct rlimit before, little;
    struct prompt *const prompt = start(place->path);
    assert_int_equal(prompt_remember(prompt, "first"), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = before;
    little.rlim_cur = 40;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    const int partly = prompt_remember(prompt, "an entry of more than forty bytes in the end");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(partly, ENOSPC);
    assert_int_equal(prompt_remember(prompt, "last"), 0);
    assert_int_equal(history_length, 3);
    prompt_free(prompt);
    check_recalled(place->path, "[first][last]");
}

/* A shell that was stopped with the lock in its hand holds nobody up for long. */
static void test_lock_of_another_is_not_waited_for_for_ever(void **state)
{
    const struct place *const place = *state;
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    const pid_t holder = fork();
    assert_true(holder >= 0);
    if (holder == 0) {
        struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        const int fd = open(place->path, O_RDWR | O_CREAT, 0600);
        if (fcntl(fd, F_SETLK, &whole) != 0 || write(ready[1], "!", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    struct prompt *const prompt = start(place->path);
    assert_int_equal(prompt_remember(prompt, "a"), 0);
    prompt_free(prompt);
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    check_recalled(place->path, "[a]");
    close(ready[0]);
    close(ready[1]);
}

static void test_killed_shell_loses_nothing(void **state)
{
    const struct place *const place = *state;
    struct screen s = screen_open("xterm", place->path);
    types(&s, "\x1b[200~for i = 1, 2 do\r  print(i)\rend\x1b[201~\r");
    hears(&s, "line ");
    settles(&s);
    kill(s.pid, SIGKILL);
    assert_int_equal(screen_close(&s), SIGKILL);

    s = screen_open("xterm", place->path);
    types(&s, "\x1b[A\r");
    hears(&s, "line \"for i = 1, 2 do\\n  print(i)\\nend\"");
    types(&s, "one\r");
    hears(&s, "line \"one\"");
    settles(&s);
    types(&s, "\x12print\r");
    hears(&s, "line \"for i = 1, 2 do\\n  print(i)\\nend\"");
    leaves(&s);
}

static void check_path(const char *state_home, const char *home, const char *expected)
{
    state_home ? setenv("XDG_STATE_HOME", state_home, 1) : unsetenv("XDG_STATE_HOME");
    home ? setenv("HOME", home, 1) : unsetenv("HOME");
    char *const path = prompt_history_path();
    if (expected)
        assert_string_equal(path, expected);
    else
        assert_null(path);
    free(path);
}

static void check_folder(const char *folder, const char *name)
{
    char path[256];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_int_equal(rmdir(path), 0);
}

static void test_path_is_in_the_state_directory(void **state)
{
    const struct place *const place = *state;
    char folder[160], expected[256];
    char *const home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
    snprintf(folder, sizeof folder, "%s/state", place->folder);
    snprintf(expected, sizeof expected, "%s/sockrepl/history", folder);
    check_path(folder, "/nowhere", expected);
    check_folder(folder, "sockrepl");
    check_folder(place->folder, "state");
    snprintf(expected, sizeof expected, "%s/.local/state/sockrepl/history", place->folder);
    check_path(NULL, place->folder, expected);
    check_path("relative", place->folder, expected);
    check_path("", place->folder, expected);
    check_folder(place->folder, ".local/state/sockrepl");
    check_folder(place->folder, ".local/state");
    check_folder(place->folder, ".local");
    check_path(NULL, NULL, NULL);
    check_path(NULL, "", NULL);
    if (home)
        setenv("HOME", home, 1);
    free(home);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, place_open, place_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_entries_come_back_whole),
        TEST(test_what_is_not_remembered),
        TEST(test_file_is_private_whatever_the_umask),
        TEST(test_without_a_file),
        TEST(test_shells_share_the_file),
        TEST(test_long_file_is_cut),
        TEST(test_link_stays_a_link),
        TEST(test_plain_and_broken_files),
        TEST(test_something_else_in_its_place),
        TEST(test_full_disk_is_said),
        TEST(test_lock_of_another_is_not_waited_for_for_ever),
        TEST(test_killed_shell_loses_nothing),
        TEST(test_path_is_in_the_state_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
