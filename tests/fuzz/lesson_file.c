/* SPDX-License-Identifier: MIT
 *
 * A lesson file of any bytes: it is a lesson, of which every part is there, or a list of mistakes
 * with the place of each. A stand-in says what is code, as no Lua is in that room.
 */
#include "bytes.h"

#include "lesson/lesson.h"

#include <errno.h>

static enum lesson_code compile(void *owner, const char *code, size_t length, bool expression,
                                struct buffer *message, unsigned *line)
{
    (void)owner;
    const char *wrong = memchr(code, '?', length);
    if (wrong != NULL) {
        *line = 1;
        for (const char *at = code; at < wrong; at++)
            *line += *at == '\n';
        buffer_puts(message, "unexpected symbol near '?'");
        return LESSON_WRONG;
    }
    if (length > 0 && code[length - 1] == '(')
        return LESSON_UNFINISHED;
    return expression && length == 0 ? LESSON_WRONG : LESSON_COMPLETE;
}

static void check_text(const char *text)
{
    HOLDS(text == NULL || strlen(text) < 1 << 20);
}

static void check_texts(const struct lesson_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        HOLDS(texts->items[i].text != NULL && texts->items[i].line > 0);
        check_text(texts->items[i].text);
    }
}

static void check_step(const struct lesson_step *step)
{
    check_text(step->title);
    check_text(step->narration);
    check_text(step->goal);
    check_text(step->failure);
    check_text(step->explanation);
    check_texts(&step->statements);
    check_texts(&step->hints);
    check_texts(&step->choices);
    HOLDS(step->question == NULL || step->answer < step->choices.count);
    for (size_t i = 0; i < step->passes.count; i++)
        HOLDS(step->passes.items[i].code != NULL);
    for (size_t i = 0; i < step->fails.count; i++)
        HOLDS(step->fails.items[i].code != NULL);
}

/* Each line begins with the place. */
static void check_mistakes(const struct buffer *mistakes)
{
    HOLDS(mistakes->length > 0 && mistakes->data[mistakes->length - 1] == '\n');
    for (const char *line = mistakes->data; *line != '\0'; line = strchr(line, '\n') + 1) {
        HOLDS(strncmp(line, "folder/name.lua:", 16) == 0);
        HOLDS(line[16] >= '0' && line[16] <= '9');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct lesson_compiler compiler = {compile, NULL};
    struct buffer mistakes = BUFFER_EMPTY;
    struct lesson *lesson = NULL;
    size_t length;
    struct bytes b = {data, size, 0};
    char *text = bytes_text(&b, size, &length);
    lesson_is_lesson(text, length);
    int error = lesson_parse("folder/name.lua", text, length, &compiler, &lesson, &mistakes);
    HOLDS(error == 0 || error == EINVAL);
    HOLDS((error == 0) == (lesson != NULL) && (error == 0) == (mistakes.length == 0));
    if (error != 0)
        check_mistakes(&mistakes);
    for (size_t i = 0; lesson != NULL && i < lesson->step_count; i++)
        check_step(&lesson->steps[i]);
    lesson_free(lesson);
    buffer_free(&mistakes);
    free(text);
    return 0;
}
