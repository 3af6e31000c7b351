/* SPDX-License-Identifier: MIT
 *
 * A history file of any bytes: every line of it comes back, what is remembered then stands behind
 * that, and the next session has both. A line of an entry that looks like a time stamp begins one
 * of its own, as in bash's history; no such line is remembered here.
 */
#include "bytes.h"

#include "prompt/prompt.h"

#include <readline/history.h>
#include <unistd.h>

enum { REMEMBERED = 2 };

/* The entries of a session, each with a zero behind it. */
struct list {
    char *text;
    size_t length, count;
};

static const char *path_of_file(void)
{
    static char path[64];
    if (path[0] != '\0')
        return path;
    char folder[] = "/tmp/sockrepl-fuzz-XXXXXX";
    HOLDS(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/history", folder);
    return path;
}

static void remove_file(void)
{
    char folder[64];
    snprintf(folder, sizeof folder, "%s", path_of_file());
    unlink(folder);
    *strrchr(folder, '/') = '\0';
    rmdir(folder);
}

static void write_file(const char *bytes, size_t length)
{
    FILE *file = fopen(path_of_file(), "w");
    HOLDS(file != NULL);
    HOLDS(fwrite(bytes, 1, length, file) == length);
    HOLDS(fclose(file) == 0);
}

static void take_line(void *owner, const char *text)
{
    (void)owner;
    (void)text;
}

static struct prompt *begin(struct port *out)
{
    static const struct prompt_host host = {take_line, NULL, NULL};
    struct prompt *prompt = NULL;
    port_init(out, stdout);
    HOLDS(prompt_new(NULL, out, path_of_file(), &host, &prompt) == 0);
    return prompt;
}

static struct list list_of_session(void)
{
    struct list list = {NULL, 0, (size_t)history_length};
    for (int i = 0; i < history_length; i++)
        list.length += strlen(history_get(history_base + i)->line) + 1;
    list.text = malloc(list.length + 1);
    HOLDS(list.text != NULL);
    char *at = list.text;
    for (int i = 0; i < history_length; i++) {
        size_t length = strlen(history_get(history_base + i)->line) + 1;
        memcpy(at, history_get(history_base + i)->line, length);
        at += length;
    }
    return list;
}

static bool is_stamp(const char *line, size_t length)
{
    return length > 8 && line[0] == '#' && strspn(line + 1, "0123456789") >= length - 1;
}

static bool has_stamp(const char *entry)
{
    for (const char *line = entry; *line != '\0'; line += line[0] == '\n') {
        size_t length = strcspn(line, "\n");
        if (is_stamp(line, length))
            return true;
        line += length;
    }
    return false;
}

/* The place of the next character that ends no line, or the list's end. */
static size_t next_ink(const struct list *list, size_t at)
{
    while (at < list->length && (list->text[at] == '\n' || list->text[at] == '\0'))
        at++;
    return at;
}

static size_t check_line(const struct list *list, size_t at, const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++, at++) {
        at = next_ink(list, at);
        HOLDS(at < list->length && list->text[at] == line[i]);
    }
    return at;
}

/* All that stood in the file, but for its time stamps and the ends of lines. */
static void check_nothing_lost(const char *file, const struct list *list)
{
    size_t at = 0;
    for (const char *line = file; *line != '\0'; line += line[0] == '\n') {
        size_t length = strcspn(line, "\n");
        if (!is_stamp(line, length))
            at = check_line(list, at, line, length);
        line += length;
    }
    HOLDS(next_ink(list, at) == list->length);
}

/* A session that remembers two entries, and the list that the next one should have. */
static struct list remember(char *const entries[REMEMBERED], const char *file, size_t length)
{
    struct port out;
    struct prompt *prompt = begin(&out);
    struct list before = list_of_session();
    if (memchr(file, '\0', length) == NULL)
        check_nothing_lost(file, &before);
    free(before.text);
    for (int i = 0; i < REMEMBERED; i++)
        if (!has_stamp(entries[i]))
            HOLDS(prompt_remember(prompt, entries[i]) == 0);
    struct list expected = list_of_session();
    HOLDS(expected.count >= before.count && expected.count <= before.count + REMEMBERED);
    prompt_free(prompt);
    return expected;
}

static void check_next_session(const struct list *expected)
{
    struct port out;
    struct prompt *prompt = begin(&out);
    struct list got = list_of_session();
    HOLDS(got.count == expected->count && got.length == expected->length);
    HOLDS(memcmp(got.text, expected->text, got.length) == 0);
    prompt_free(prompt);
    free(got.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool opened;
    if (!opened)
        atexit(remove_file);
    opened = true;
    struct bytes b = {data, size, 0};
    char *entries[REMEMBERED];
    size_t length;
    for (int i = 0; i < REMEMBERED; i++)
        entries[i] = bytes_text(&b, bytes_take(&b), &length);
    char *file = bytes_text(&b, size, &length);
    write_file(file, length);
    struct list expected = remember(entries, file, length);
    check_next_session(&expected);
    free(expected.text);
    free(file);
    for (int i = 0; i < REMEMBERED; i++)
        free(entries[i]);
    return 0;
}
