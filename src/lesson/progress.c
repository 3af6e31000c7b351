/* SPDX-License-Identifier: MIT
 *
 * The form of the file: a line for each thing, a word first. What was typed follows in quotes, so
 * that an entry of several lines stands on one.
 *
 *     sockrepl progress 1
 *     lesson 00f3a9c2d1e4b576 9
 *     step 1 done
 *     ran "s = socket()"
 *     failed "listen(s)(5)"
 *     here 2
 *     end
 */
#include "lesson/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADING "sockrepl progress "
#define VERSION 1

enum { STEPS_MOST = 1000, BYTES_MOST = 1 << 20 };

static const char *const state_words[] = {"open", "done", "skipped"};

int progress_init(struct progress *progress, uint64_t hash, size_t step_count)
{
    *progress = (struct progress){.hash = hash, .step_count = step_count};
    progress->steps = calloc(step_count > 0 ? step_count : 1, sizeof *progress->steps);
    return progress->steps == NULL ? ENOMEM : 0;
}

void progress_clear_entries(struct progress_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        free(entries->items[i].code);
    free(entries->items);
    *entries = (struct progress_entries){NULL, 0};
}

void progress_free(struct progress *progress)
{
    for (size_t i = 0; progress->steps != NULL && i < progress->step_count; i++)
        progress_clear_entries(&progress->steps[i].entries);
    free(progress->steps);
    *progress = (struct progress){0};
}

size_t progress_count(const struct progress *progress)
{
    size_t count = 0;
    for (size_t i = 0; i < progress->step_count; i++)
        count += progress->steps[i].state != PROGRESS_OPEN;
    return count;
}

bool progress_add_entry(struct progress_entries *entries, const char *code, bool failed)
{
    struct progress_entry *grown =
        realloc(entries->items, (entries->count + 1) * sizeof *entries->items);
    if (grown == NULL)
        return false;
    entries->items = grown;
    grown[entries->count] = (struct progress_entry){strdup(code), failed};
    if (grown[entries->count].code == NULL)
        return false;
    entries->count++;
    return true;
}

/* Where the files live. */

static void make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700); /* where it cannot be made, writing the file says so */
        *slash = '/';
    }
}

int progress_path(const char *lesson_name, char **found)
{
    const char *const state = getenv("XDG_STATE_HOME"), *const home = getenv("HOME");
    struct buffer path = BUFFER_EMPTY;
    if (state != NULL && *state == '/')
        buffer_printf(&path, "%s/sockrepl/lessons/%s", state, lesson_name);
    else if (home != NULL && *home == '/')
        buffer_printf(&path, "%s/.local/state/sockrepl/lessons/%s", home, lesson_name);
    int error = path.failed ? ENOMEM : path.data == NULL ? ENOENT : 0;
    if (error != 0)
        buffer_free(&path);
    else
        make_directories(path.data);
    *found = path.data;
    return error;
}

int progress_put_aside(const char *path)
{
    struct buffer old = BUFFER_EMPTY;
    buffer_printf(&old, "%s.old", path);
    int error = old.failed ? ENOMEM : rename(path, old.data) == 0 ? 0 : errno;
    buffer_free(&old);
    return error == ENOENT ? 0 : error;
}

/* Writing. */

static void append_quoted(struct buffer *out, const char *code)
{
    buffer_putc(out, '"');
    for (; *code != '\0'; code++) {
        if (*code == '"' || *code == '\\')
            buffer_putc(out, '\\');
        if (*code == '\n')
            buffer_puts(out, "\\n");
        else
            buffer_putc(out, *code);
    }
    buffer_puts(out, "\"\n");
}

static void append_file(struct buffer *out, const struct progress *progress)
{
    buffer_printf(out, HEADING "%d\nlesson %016" PRIx64 " %zu\n", VERSION, progress->hash,
                  progress->step_count);
    for (size_t i = 0; i < progress->step_count; i++) {
        const struct progress_step *step = &progress->steps[i];
        if (step->state == PROGRESS_OPEN)
            continue;
        buffer_printf(out, "step %zu %s\n", i + 1, state_words[step->state]);
        for (size_t k = 0; k < step->entries.count; k++) {
            buffer_puts(out, step->entries.items[k].failed ? "failed " : "ran ");
            append_quoted(out, step->entries.items[k].code);
        }
    }
    buffer_printf(out, "here %zu\nend\n", progress->here + 1);
}

static int write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, text, length);
        if (written < 0 && errno != EINTR)
            return errno;
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        }
    }
    return fsync(fd) != 0 && errno != EINVAL ? errno : 0;
}

static int replace_file(const char *path, const struct buffer *text)
{
    struct buffer name = BUFFER_EMPTY;
    buffer_printf(&name, "%s.XXXXXX", path);
    if (name.failed)
        return ENOMEM;
    int fd = mkstemp(name.data); /* its mode is 0600 */
    int error = fd < 0 ? errno : write_all(fd, text->data, text->length);
    if (fd >= 0 && close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && rename(name.data, path) != 0)
        error = errno;
    if (error != 0 && fd >= 0)
        unlink(name.data);
    buffer_free(&name);
    return error;
}

int progress_write(const char *path, const struct progress *progress)
{
    struct buffer text = BUFFER_EMPTY;
    append_file(&text, progress);
    int error = text.failed ? ENOMEM : replace_file(path, &text);
    buffer_free(&text);
    return error;
}

/* Reading. */

struct reader {
    struct progress *progress;
    size_t step; /* that entries belong to; 0 before the first */
    bool sized, ended;
    bool starved; /* there was no memory, whatever the file says */
};

static bool read_lesson(struct reader *r, const char *line)
{
    uint64_t hash;
    size_t steps;
    if (r->sized || sscanf(line, "%16" SCNx64 " %6zu", &hash, &steps) != 2 || steps > STEPS_MOST)
        return false;
    r->sized = true;
    r->starved = progress_init(r->progress, hash, steps) != 0;
    return !r->starved;
}

static bool read_step(struct reader *r, const char *line)
{
    size_t number;
    char word[8];
    if (sscanf(line, "%6zu %7s", &number, word) != 2 || number <= r->step ||
        number > r->progress->step_count)
        return false;
    r->step = number;
    for (int state = PROGRESS_DONE; state <= PROGRESS_SKIPPED; state++) {
        if (strcmp(word, state_words[state]) != 0)
            continue;
        r->progress->steps[number - 1].state = (enum progress_state)state;
        return true;
    }
    return false;
}

/* Takes the quotes off in place. */
static bool unquote(char *text)
{
    size_t length = strlen(text), out = 0;
    if (length < 2 || text[0] != '"' || text[length - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < length; i++) {
        char c = text[i];
        if (c == '\\' && ++i + 1 < length)
            c = text[i] == 'n' ? '\n' : text[i];
        text[out++] = c;
    }
    text[out] = '\0';
    return true;
}

static bool read_entry(struct reader *r, char *line, bool failed)
{
    if (r->step == 0 || !unquote(line))
        return false;
    r->starved = !progress_add_entry(&r->progress->steps[r->step - 1].entries, line, failed);
    return !r->starved;
}

static bool read_here(struct reader *r, const char *line)
{
    size_t number;
    if (!r->sized || sscanf(line, "%6zu", &number) != 1 || number == 0 ||
        number > r->progress->step_count + 1)
        return false;
    r->progress->here = number - 1;
    return true;
}

static bool read_line(struct reader *r, char *line)
{
    char *rest = line + strcspn(line, " ");
    if (*rest != '\0')
        *rest++ = '\0';
    if (r->ended)
        return false;
    if (strcmp(line, "lesson") == 0)
        return read_lesson(r, rest);
    if (strcmp(line, "step") == 0)
        return r->sized && read_step(r, rest);
    if (strcmp(line, "ran") == 0 || strcmp(line, "failed") == 0)
        return read_entry(r, rest, line[0] == 'f');
    if (strcmp(line, "here") == 0)
        return read_here(r, rest);
    r->ended = strcmp(line, "end") == 0 && r->sized;
    return r->ended;
}

static bool read_lines(struct reader *r, char *text, struct buffer *why)
{
    unsigned number = 1;
    for (char *line = text; *line != '\0'; number++) {
        char *newline = strchr(line, '\n');
        if (newline != NULL)
            *newline = '\0';
        if (newline == NULL || !read_line(r, line)) {
            buffer_printf(why, "cannot be understood in line %u", number + 1);
            return false;
        }
        line = newline + 1;
    }
    if (!r->ended)
        buffer_puts(why, "is cut off");
    return r->ended;
}

static bool read_heading(char **text, struct buffer *why)
{
    char *newline = strchr(*text, '\n');
    if (strncmp(*text, HEADING, sizeof HEADING - 1) != 0 || newline == NULL) {
        buffer_puts(why, **text == '\0' ? "is empty" : "is not one of sockrepl's");
        return false;
    }
    *newline = '\0';
    if (strtol(*text + sizeof HEADING - 1, NULL, 10) != VERSION) {
        buffer_puts(why, "is from another version of sockrepl");
        return false;
    }
    *text = newline + 1;
    return true;
}

static int read_file(const char *path, struct buffer *text)
{
    char bytes[4096];
    size_t got;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return errno;
    errno = 0;
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0 && text->length < BYTES_MOST)
        buffer_append(text, bytes, got);
    int error = ferror(file) ? errno : 0;
    fclose(file);
    return text->failed ? ENOMEM : error;
}

int progress_read(const char *path, struct progress *progress, struct buffer *why)
{
    struct buffer text = BUFFER_EMPTY;
    struct reader reader = {.progress = progress};
    *progress = (struct progress){0};
    int error = read_file(path, &text);
    buffer_putc(&text, '\0'); /* so that `data` is a string of its own */
    char *at = text.data;
    if (error == 0 && text.failed)
        error = ENOMEM;
    if (error == 0 && (!read_heading(&at, why) || !read_lines(&reader, at, why)))
        error = reader.starved ? ENOMEM : EINVAL;
    else if (error != 0 && error != ENOENT)
        buffer_printf(why, "cannot be read: %s", strerror(error));
    if (error != 0)
        progress_free(progress);
    buffer_free(&text);
    return error == 0 || error == ENOENT || error == ENOMEM ? error : EINVAL;
}

bool progress_fits(const struct progress *progress, uint64_t hash, size_t step_count,
                   struct buffer *why)
{
    if (progress->hash == hash && progress->step_count == step_count)
        return true;
    buffer_puts(why, "belongs to another text of this lesson, which has been changed since");
    return false;
}
