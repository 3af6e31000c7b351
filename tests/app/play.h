/* SPDX-License-Identifier: MIT
 *
 * The whole program, in a process of its own, with memory that runs out: what it is given, what
 * came of it, and what must hold of each such end. The linker puts main() aside for a test of this
 * room (see CMakeLists.txt), so that it can be called. Knows nothing of what the program does.
 */
#ifndef TESTS_APP_PLAY_H
#define TESTS_APP_PLAY_H

#include "scarce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
int __real_main(int argc, char **argv);
int __wrap_main(int argc, char **argv);
/* NOLINTEND(bugprone-reserved-identifier) */

enum {
    PLAY_ARGUMENTS = 8,
    PLAY_TEXT = 65536,
    PLAY_POINTS = 70, /* of a play at which memory runs out: each costs a process */
    PLAY_SECONDS = 60 /* after which it hangs */
};

/* More allocations than any play makes. */
#define PLAY_MANY (1L << 40)

struct play {
    const char *arguments[PLAY_ARGUMENTS]; /* behind the program's name; the last is NULL */
    const char *typed;                     /* standard input; NULL for nothing */
    const char *before;    /* what of it comes before memory runs out; NULL for not even a start */
    void (*prepare)(void); /* the files that the program finds; or NULL */
    void (*check)(bool same); /* and those that it leaves; `same`: it said what it always says */
    bool keys;                /* typed at a terminal, where Tab completes, or says nothing */
};

/* In memory that both processes see. */
struct play_told {
    long allocated; /* in a run that has all the memory that it wants */
    bool missed;    /* an allocation was denied */
};

struct play_end {
    int status; /* as waitpid() has it */
    struct play_told told;
    char out[PLAY_TEXT], err[PLAY_TEXT];
};

/* Files. The program runs in a folder of its own, beside which its output is kept. */

static inline void play_write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* "" where there is no such file. */
static inline const char *play_read_file(const char *name, char text[PLAY_TEXT])
{
    FILE *file = fopen(name, "r");
    size_t length = file != NULL ? fread(text, 1, PLAY_TEXT - 1, file) : 0;
    text[length] = '\0';
    if (file != NULL)
        fclose(file);
    return text;
}

static inline int play_open_folder(void **state)
{
    static char folder[] = "/tmp/sockrepl-XXXXXX";
    *state = folder;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0 || mkdir("home", 0700) != 0 ||
        chdir("home") != 0)
        return -1;
    setenv("XDG_STATE_HOME", strcat(getcwd((char[128]){""}, 64), "/state"), 1);
    setenv("HOME", getenv("XDG_STATE_HOME"), 1); /* where nothing else is, either */
    setenv("TERM", "dumb", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    return unsetenv("XDG_CONFIG_HOME");
}

static inline int play_empty_folder(void)
{
    return system("rm -rf ./*"); /* the working directory is the one made above */
}

static inline int play_close_folder(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", (const char *)*state);
    return chdir("/") == 0 ? system(command) : -1;
}

/* In the working directory, folders too. */
static inline int play_count_files(void)
{
    DIR *directory = opendir(".");
    int count = 0;
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

/* Running. */

static inline void play_redirect(int to, const char *name)
{
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
    if (fd < 0 || dup2(fd, to) < 0)
        _exit(99);
    close(fd);
}

static inline void play_give_input(const char *text)
{
    int ends[2];
    size_t length = text != NULL ? strlen(text) : 0;
    if (pipe(ends) != 0 || write(ends[1], text, length) != (ssize_t)length ||
        dup2(ends[0], STDIN_FILENO) < 0)
        _exit(99);
    close(ends[0]);
    close(ends[1]);
}

/* Raw from the start, so that no key is taken before the program is there. The master stays open:
 * its end would be the terminal's. */
static inline void play_give_keys(const char *text)
{
    int master, slave;
    struct termios raw = {.c_cflag = CS8 | CREAD, .c_lflag = ECHO};
    raw.c_cc[VMIN] = 1;
    if (openpty(&master, &slave, NULL, &raw, NULL) != 0 ||
        write(master, text, strlen(text)) != (ssize_t)strlen(text) || dup2(slave, STDIN_FILENO) < 0)
        _exit(99);
    close(slave);
}

/* As long as the process lives; the first call makes it. */
static inline struct play_told *play_told(void)
{
    static struct play_told *told;
    if (told == NULL)
        told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return told;
}

/* At the exit of the program, and of each process that it has made of itself. */
static inline void play_tell(void)
{
    long allocated = PLAY_MANY - scarce.left;
    if (play_told()->allocated < allocated)
        play_told()->allocated = allocated;
    play_told()->missed |= scarce_end();
}

static inline void play_become(const struct play *play, const char *typed, long left, bool stays)
{
    char *argv[PLAY_ARGUMENTS + 1] = {(char[]){"sockrepl"}};
    int argc = 1;
    for (; play->arguments[argc - 1] != NULL; argc++)
        argv[argc] = (char *)(uintptr_t)play->arguments[argc - 1];
    (play->keys ? play_give_keys : play_give_input)(typed);
    play_redirect(STDOUT_FILENO, "../out");
    play_redirect(STDERR_FILENO, "../err");
    alarm(PLAY_SECONDS);
    atexit(play_tell);
    scarce_begin(left, stays);
    exit(__real_main(argc, argv));
}

static inline void play_run(const struct play *play, const char *typed, long left, bool stays,
                            struct play_end *end)
{
    assert_int_equal(play_empty_folder(), 0);
    if (play->prepare != NULL)
        play->prepare();
    *play_told() = (struct play_told){0, false};
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        play_become(play, typed, left, stays);
    assert_int_equal(waitpid(pid, &end->status, 0), pid);
    end->told = *play_told();
    play_read_file("../out", end->out);
    play_read_file("../err", end->err);
}

/* Judging. */

static inline const char *play_next(const char *text)
{
    while (isdigit((unsigned char)*text) || isspace((unsigned char)*text) || *text == '.')
        text++;
    return text;
}

/* From where on a text is another one, but for numbers, as times are, with their points, and the
 * blanks that go with them; NULL where it is not. */
static inline const char *play_find_difference(const char *a, const char *b)
{
    for (;; a++, b++) {
        a = play_next(a);
        b = play_next(b);
        if (*a != *b)
            return a;
        if (*a == '\0')
            return NULL;
    }
}

static inline bool play_tells_of_memory(const struct play_end *end)
{
    return strstr(end->out, "memory") != NULL || strstr(end->err, "memory") != NULL;
}

/* At a prompt an error costs nobody the exit status. */
static inline bool play_has_prompt(const struct play *play)
{
    return strcmp(play->arguments[0], "-i") == 0;
}

/* The program has ended in order, has said what it lacked, and its files are in order. */
static inline void play_judge(const struct play *play, long left, const struct play_end *end,
                              const struct play_end *whole)
{
    const char *out = play_find_difference(end->out, whole->out);
    const char *err = play_find_difference(end->err, whole->err);
    bool same = end->status == whole->status && out == NULL && err == NULL;
    bool orderly = WIFEXITED(end->status) && strstr(end->err, "Sanitizer") == NULL;
    bool told = same || (end->told.missed && (play->keys || play_tells_of_memory(end)));
    bool failed = same || play_has_prompt(play) || WEXITSTATUS(end->status) != 0;
    if (!orderly || !told || !failed)
        fail_msg("allocation %ld: status %x, not the same: \"%.300s\", \"%.600s\"", left,
                 (unsigned)end->status, out != NULL ? out : "", err != NULL ? err : "");
    if (play->check != NULL)
        play->check(same);
}

/* From which allocation on, and how far apart: all of them where SOCKREPL_SCARCE is set, which
 * takes minutes. */
struct play_points {
    long first, step;
};

static inline struct play_points play_find_points(const struct play *play, long last)
{
    static struct play_end end;
    struct play_points points = {0, 1};
    if (play->before != NULL) {
        play_run(play, play->before, PLAY_MANY, false, &end);
        points.first = end.told.allocated;
    }
    assert_in_range(points.first, 0, last);
    if (getenv("SOCKREPL_SCARCE") == NULL)
        points.step += (last - points.first) / PLAY_POINTS;
    return points;
}

/* One allocation fails and, at the next point, one and all that follow. */
static inline void play_as_memory_runs_out(const struct play *play)
{
    static struct play_end whole, end;
    play_run(play, play->typed, PLAY_MANY, false, &whole);
    play_judge(play, -1, &whole, &whole);
    struct play_points points = play_find_points(play, whole.told.allocated);
    long missed = 0;
    for (long i = 0, left = points.first; left <= whole.told.allocated; left += points.step, i++) {
        play_run(play, play->typed, left, i % 2 == 1, &end);
        play_judge(play, left, &end, &whole);
        missed += end.told.missed;
    }
    assert_true(missed > 0);
}

#endif
