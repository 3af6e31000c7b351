/* SPDX-License-Identifier: MIT
 *
 * Which lessons there are, and how a name leads to one: those in ./lessons, those beside the
 * program, and those that were installed with it. Of two with one name the first counts.
 */
#include "app/lesson.h"
#include "base/text.h"
#include "help/help.h"
#include "lua/evaluate.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LESSONS_MOST = 500, BYTES_MOST = 1 << 20 };

/* Reading. */

static int read_descriptor(int fd, struct buffer *text)
{
    char bytes[8192];
    ssize_t got;
    struct stat about;
    if (fstat(fd, &about) != 0)
        return errno;
    if (S_ISDIR(about.st_mode))
        return EISDIR;
    while ((got = read(fd, bytes, sizeof bytes)) > 0) {
        buffer_append(text, bytes, (size_t)got);
        if (text->length > BYTES_MOST)
            return EFBIG;
    }
    return got < 0 ? errno : text->failed ? ENOMEM : 0;
}

/* Some editors begin a file with the mark of its encoding; Lua passes over it, too. */
static void drop_byte_order_mark(struct buffer *text)
{
    static const char mark[] = "\xef\xbb\xbf";
    const size_t length = sizeof mark - 1;
    if (text->data == NULL || strncmp(text->data, mark, length) != 0)
        return;
    text->length -= length;
    memmove(text->data, text->data + length, text->length + 1);
}

int lesson_read_file(const char *path, struct buffer *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno;
    int error = read_descriptor(fd, text);
    close(fd);
    drop_byte_order_mark(text);
    return error;
}

int lesson_try_file(const char *path)
{
    struct buffer text = BUFFER_EMPTY;
    struct stat about;
    if (stat(path, &about) != 0)
        return errno;
    int error = S_ISREG(about.st_mode) ? lesson_read_file(path, &text) : EINVAL;
    if (error == 0 && !lesson_is_lesson(buffer_text(&text), text.length))
        error = EINVAL;
    buffer_free(&text);
    return error;
}

/* `prompt:2: why` becomes the line and why. */
static void take_message(const char *text, struct buffer *message, unsigned *line)
{
    static const char place[] = "prompt:";
    if (strncmp(text, place, sizeof place - 1) == 0) {
        char *end;
        unsigned long number = strtoul(text + sizeof place - 1, &end, 10);
        if (strncmp(end, ": ", 2) == 0) {
            *line = (unsigned)number;
            text = end + 2;
        }
    }
    buffer_puts(message, text);
}

static enum lesson_code compile(void *owner, const char *code, size_t length, bool expression,
                                struct buffer *message, unsigned *line)
{
    lua_State *L = owner;
    enum evaluate_outcome outcome =
        expression ? evaluate_expression(L, code, length) : evaluate_compile(L, code, length);
    if (outcome == EVALUATE_INCOMPLETE)
        return LESSON_UNFINISHED;
    if (outcome == EVALUATE_WRONG)
        take_message(lua_tostring(L, -1), message, line);
    lua_pop(L, 1);
    return outcome == EVALUATE_READY   ? LESSON_COMPLETE
           : outcome == EVALUATE_WRONG ? LESSON_WRONG
                                       : LESSON_NO_MEMORY;
}

int lesson_parse_text(struct session *session, const char *path, const struct buffer *text,
                      struct lesson **lesson, struct buffer *mistakes)
{
    struct lesson_compiler compiler = {compile, session->L};
    return lesson_parse(path, buffer_text(text), text->length, &compiler, lesson, mistakes);
}

/* Directories. */

struct found {
    char *paths[LESSONS_MOST];
    size_t count;
    bool starved; /* there was no memory for all */
};

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(name_of(*(char *const *)a), name_of(*(char *const *)b));
}

static bool is_known(const struct found *found, const char *name)
{
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(name_of(found->paths[i]), name) == 0)
            return true;
    return false;
}

static void add_path(struct found *found, const char *directory, const char *name)
{
    struct buffer path = BUFFER_EMPTY;
    size_t length = strlen(name);
    bool fits = length > 4 && name[0] != '.' && strcmp(name + length - 4, ".lua") == 0;
    if (!fits || found->count == LESSONS_MOST || is_known(found, name))
        return;
    buffer_printf(&path, "%s/%s", directory, name);
    int error = path.failed ? ENOMEM : lesson_try_file(path.data);
    found->starved |= error == ENOMEM;
    if (error != 0)
        buffer_free(&path);
    else
        found->paths[found->count++] = path.data; /* which owns it now */
}

static void add_directory(struct found *found, const char *path)
{
    DIR *directory = opendir(path);
    if (directory == NULL)
        return;
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
        add_path(found, path, entry->d_name);
    closedir(directory);
}

/* Of lessons, from the program's directory. */
static const char *const places[] = {"../lessons", "../share/sockrepl/lessons"};

static void append_place(struct buffer *path, const char *program, size_t place)
{
    const char *slash = strrchr(program, '/');
    if (slash != NULL)
        buffer_printf(path, "%.*s/%s", (int)(slash - program), program, places[place]);
}

static void add_beside_program(struct found *found, const char *program)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct buffer path = BUFFER_EMPTY;
        append_place(&path, program, i);
        found->starved |= path.failed;
        if (path.length > 0 && !path.failed)
            add_directory(found, path.data);
        buffer_free(&path);
    }
}

static void find_all(struct found *found, const struct session *session)
{
    found->count = 0;
    found->starved = false;
    add_directory(found, "lessons");
    add_beside_program(found, session->program);
    add_directory(found, SOCKREPL_LESSONS);
    qsort(found->paths, found->count, sizeof found->paths[0], compare_names);
}

static void forget_all(struct found *found)
{
    for (size_t i = 0; i < found->count; i++)
        free(found->paths[i]);
}

bool lesson_each(const struct session *session, void (*visit)(void *owner, const char *path),
                 void *owner)
{
    struct found found;
    find_all(&found, session);
    for (size_t i = 0; i < found.count; i++)
        visit(owner, found.paths[i]);
    forget_all(&found);
    return !found.starved;
}

/* Appends the file's path, without the `..` in it, where it is there. */
static void append_guide(struct buffer *path, struct buffer *directory)
{
    if (directory->length == 0)
        return;
    buffer_puts(directory, "/README.md");
    char *real = directory->failed ? NULL : realpath(directory->data, NULL);
    buffer_puts(path, real != NULL ? real : "");
    free(real);
}

bool lesson_find_guide(const char *program, struct buffer *path)
{
    const size_t count = sizeof places / sizeof places[0];
    for (size_t i = 0; i <= count && path->length == 0; i++) {
        struct buffer directory = BUFFER_EMPTY;
        if (i < count)
            append_place(&directory, program, i);
        else
            buffer_puts(&directory, SOCKREPL_LESSONS);
        append_guide(path, &directory);
        buffer_free(&directory);
    }
    return path->length > 0 && !path->failed;
}

/* Names. */

/* Ways in which a name may mean a file, the surest first. */
static bool is_whole_name(const char *file, const char *name)
{
    return strcmp(file, name) == 0;
}

static bool is_stem(const char *file, const char *name)
{
    size_t length = strlen(name);
    return strlen(file) == length + 4 && strncmp(file, name, length) == 0;
}

static bool is_number(const char *file, const char *name)
{
    char *file_end, *name_end;
    unsigned long number = strtoul(name, &name_end, 10);
    bool numbered = isdigit((unsigned char)file[0]) && isdigit((unsigned char)name[0]);
    return numbered && *name_end == '\0' && strtoul(file, &file_end, 10) == number;
}

static bool is_behind_number(const char *file, const char *name)
{
    const char *word = file + strspn(file, "0123456789");
    return word[0] == '_' && name[0] != '\0' && strncmp(word + 1, name, strlen(name)) == 0;
}

struct wanted {
    const char *name;
    bool (*fits)(const char *file, const char *name);
    struct buffer *path;
};

static void visit_for_name(void *owner, const char *path)
{
    struct wanted *wanted = owner;
    if (wanted->path->length == 0 && wanted->fits(name_of(path), wanted->name))
        buffer_puts(wanted->path, path);
}

int lesson_find(const struct session *session, const char *name, struct buffer *path)
{
    static bool (*const ways[])(const char *, const char *) = {is_whole_name, is_stem, is_number,
                                                               is_behind_number};
    const char *home = getenv("HOME");
    bool whole = true;
    if (strncmp(name, "~/", 2) == 0 && home != NULL)
        buffer_printf(path, "%s%s", home, name + 1);
    else if (strchr(name, '/') != NULL || access(name, R_OK) == 0)
        buffer_puts(path, name);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && path->length == 0; i++) {
        struct wanted wanted = {name, ways[i], path};
        whole &= lesson_each(session, visit_for_name, &wanted);
    }
    return path->failed || !whole ? ENOMEM : path->length == 0 ? ENOENT : 0;
}

struct nearest {
    const char *name;
    unsigned least;
    struct buffer *found;
};

static void visit_for_nearest(void *owner, const char *path)
{
    struct nearest *nearest = owner;
    char stem[HELP_NAME_MAX + 1];
    const char *file = name_of(path);
    snprintf(stem, sizeof stem, "%.*s", (int)(strlen(file) - 4), file);
    const char *word = stem + strspn(stem, "0123456789");
    unsigned whole = help_distance(nearest->name, stem);
    unsigned part = help_distance(nearest->name, word + (*word == '_'));
    unsigned distance = whole < part ? whole : part;
    if (distance > nearest->least || (distance == nearest->least && nearest->found->length > 0))
        return;
    nearest->least = distance;
    buffer_clear(nearest->found);
    buffer_puts(nearest->found, stem);
}

bool lesson_find_nearest(const struct session *session, const char *name, struct buffer *found)
{
    struct nearest nearest = {name, help_tolerance(name), found};
    (void)lesson_each(session, visit_for_nearest, &nearest);
    return found->length > 0 && !found->failed;
}

/* The list. */

struct list {
    struct session *session;
    struct buffer page;
    unsigned count;
};

static void append_progress(struct buffer *out, const struct lesson *lesson)
{
    struct progress progress;
    struct buffer why = BUFFER_EMPTY;
    char *path;
    int error = progress_path(lesson->name, &path);
    if (error == 0)
        error = progress_read(path, &progress, &why);
    out->failed |= error == ENOMEM;
    if (error == 0) {
        size_t count = progress_count(&progress);
        if (count == lesson->step_count)
            buffer_puts(out, ", done");
        else if (count > 0)
            buffer_printf(out, ", %zu of %zu steps done", count, lesson->step_count);
        progress_free(&progress);
    }
    buffer_free(&why);
    free(path);
}

/* A file gets one line for each lesson, as programs want it. */
static void append_lesson(struct buffer *out, const struct lesson *lesson, const struct port *port)
{
    struct buffer head = BUFFER_EMPTY, text = BUFFER_EMPTY, safe = BUFFER_EMPTY;
    buffer_printf(&text, "%-16s ", lesson->name);
    text_append_safe(&head, buffer_text(&text), text.length, false);
    out->failed |= text.failed;
    buffer_clear(&text);
    buffer_puts(&text, lesson->title);
    if (lesson->minutes > 0)
        buffer_printf(&text, " (%u minutes)", lesson->minutes);
    append_progress(&text, lesson);
    text_append_safe(&safe, buffer_text(&text), text.length, false);
    text_append_hanging(out, "", buffer_text(&head), buffer_text(&safe),
                        port->terminal ? (size_t)port_columns(port) : SIZE_MAX);
    out->failed |= head.failed || text.failed || safe.failed;
    buffer_free(&head);
    buffer_free(&text);
    buffer_free(&safe);
}

static void append_mistaken(struct buffer *out, const char *name)
{
    text_append_safe(out, name, strlen(name), false);
    buffer_puts(out, "\n  has a mistake: .lesson with its name says which\n");
}

static void visit_for_list(void *owner, const char *path)
{
    struct list *list = owner;
    struct buffer text = BUFFER_EMPTY, mistakes = BUFFER_EMPTY;
    struct lesson *lesson = NULL;
    int error = lesson_read_file(path, &text);
    if (error == 0)
        error = lesson_parse_text(list->session, path, &text, &lesson, &mistakes);
    if (lesson != NULL)
        append_lesson(&list->page, lesson, &list->session->out);
    else
        append_mistaken(&list->page, name_of(path));
    list->page.failed |= error == ENOMEM;
    list->count++;
    lesson_free(lesson);
    buffer_free(&text);
    buffer_free(&mistakes);
}

void lesson_list(struct session *session)
{
    static const char none[] = "There are no lessons here: neither in ./lessons nor installed.";
    struct list list = {.session = session};
    list.page.failed |= !lesson_each(session, visit_for_list, &list);
    if (list.count == 0)
        text_append_wrapped(&list.page, none, (size_t)port_columns(&session->out), "");
    else if (session->prompt != NULL)
        buffer_puts(&list.page, "\n.lesson NAME plays one; its number will do.\n");
    port_put(&session->out, STYLE_PLAIN, &list.page);
    buffer_free(&list.page);
}
