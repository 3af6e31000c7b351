/* SPDX-License-Identifier: MIT
 *
 * --new NAME: a file with the template of a lesson, where no file was.
 */
#include "app/lesson.h"
#include "base/text.h"
#include "page/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* `lessons/03_my_first.lua` is entitled `my first`. */
static void append_title(struct buffer *title, const char *name)
{
    const char *slash = strrchr(name, '/');
    name = slash != NULL ? slash + 1 : name;
    name += strspn(name, "0123456789_");
    for (; *name != '\0' && strcmp(name, ".lua") != 0; name++)
        buffer_putc(title, *name == '_' ? ' ' : *name);
    if (title->length == 0)
        buffer_puts(title, "A lesson");
}

/* For a person; to a program the file's name is the answer. */
static void tell_of_guide(const char *program)
{
    struct buffer path = BUFFER_EMPTY, shown = BUFFER_EMPTY;
    if (!isatty(STDERR_FILENO))
        return;
    if (lesson_find_guide(program, &path))
        text_append_safe(&shown, path.data, path.length, false);
    if (shown.length > 0 && !shown.failed)
        fprintf(stderr, "(how a lesson is written: %s)\n", shown.data);
    buffer_free(&path);
    buffer_free(&shown);
}

int lesson_new_file(const char *name, const char *program)
{
    struct buffer path = BUFFER_EMPTY, title = BUFFER_EMPTY, text = BUFFER_EMPTY;
    size_t length = strlen(name);
    bool suffixed = length > 4 && strcmp(name + length - 4, ".lua") == 0;
    buffer_printf(&path, "%s%s", name, suffixed ? "" : ".lua");
    append_title(&title, name);
    lesson_append_template(&text, buffer_text(&title));
    int error = path.failed || title.failed || text.failed
                    ? ENOMEM
                    : file_create(buffer_text(&path), buffer_text(&text), text.length);
    if (error != 0)
        fprintf(stderr, "sockrepl: %s: %s\n", buffer_text(&path), strerror(error));
    else
        printf("%s\n", buffer_text(&path));
    if (error == 0)
        tell_of_guide(program);
    buffer_free(&path);
    buffer_free(&title);
    buffer_free(&text);
    return error != 0 ? 2 : 0;
}
