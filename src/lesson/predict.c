/* SPDX-License-Identifier: MIT
 *
 * Predictions: which choice a line means, and how it came out. Who answers in words need not copy
 * them: quotes, case and the words around those that decide are nothing to insist on.
 */
#include "playing.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_of_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || c == '_';
}

/* Appends the text in small letters, without quotes, blanks and full stops at its ends. */
static void append_plain(struct buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        bool blank = isspace((unsigned char)*text);
        if (strchr("\"'`", *text) != NULL ||
            (blank && (out->length == 0 || out->data[out->length - 1] == ' ')))
            continue;
        buffer_putc(out, blank ? ' ' : (char)(tolower)((unsigned char)*text));
    }
    while (out->length > 0 && strchr(" .!", out->data[out->length - 1]) != NULL)
        out->data[--out->length] = '\0';
}

/* Whether a line can be an answer and nothing else: words, of which a lone letter may be a name. */
static bool is_words(const char *line)
{
    bool letter = false;
    for (const char *c = line; *c != '\0'; c++) {
        if (!is_of_word(*c) && strchr(" -,", *c) == NULL)
            return false;
        letter |= isalpha((unsigned char)*c);
    }
    return letter && strlen(line) > 1;
}

static bool has_words(const char *choice, const char *words)
{
    size_t length = strlen(words);
    for (const char *at = strstr(choice, words); at != NULL; at = strstr(at + 1, words))
        if ((at == choice || !is_of_word(at[-1])) && !is_of_word(at[length]))
            return true;
    return false;
}

static bool is_whole(const char *choice, const char *line)
{
    return strcmp(choice, line) == 0;
}

/* The one choice that the line fits; `count` where it fits none or several. */
static size_t find_fitting(const struct lesson_texts *choices, const char *line,
                           bool (*fits)(const char *choice, const char *line), bool *starved)
{
    size_t found = choices->count;
    for (size_t i = 0; i < choices->count; i++) {
        struct buffer plain = BUFFER_EMPTY;
        append_plain(&plain, choices->items[i].text);
        bool fit = fits(buffer_text(&plain), line);
        *starved |= plain.failed;
        buffer_free(&plain);
        if (*starved || (fit && found < choices->count))
            return choices->count;
        if (fit)
            found = i;
    }
    return found;
}

/* `2` or `2)`, as they are listed; 0 where the line is no number. */
static size_t number_of(const char *line)
{
    char *end;
    if (!isdigit((unsigned char)line[0]))
        return 0;
    unsigned long number = strtoul(line, &end, 10);
    return strcmp(end, "") == 0 || strcmp(end, ")") == 0 ? number : 0;
}

size_t predict_find(struct player *p, const struct lesson_texts *choices, const char *line)
{
    struct buffer plain = BUFFER_EMPTY;
    append_plain(&plain, line);
    const char *text = buffer_text(&plain);
    bool starved = plain.failed;
    size_t number = number_of(text), found = find_fitting(choices, text, is_whole, &starved);
    if (number > 0 && number <= choices->count)
        found = number - 1;
    else if (found == choices->count && is_words(text))
        found = find_fitting(choices, text, has_words, &starved);
    buffer_free(&plain);
    if (starved) { /* half a line is no answer */
        tell_shortage(p, "not enough memory to see whether that is an answer");
        return choices->count;
    }
    return found;
}

/* The step's code, if there is any, comes between the choice and the answer. */
void predict_choose(struct player *p, size_t choice)
{
    p->chosen = true;
    p->choice = choice;
    p->unread = false;
}

static void reveal(struct player *p)
{
    const struct lesson_step *step = player_step(p);
    const char *right = step->choices.items[step->answer].text;
    if (!player_is_attended(p) || p->choice == step->answer)
        tell(p, PLAYER_ANSWER, player_is_attended(p) ? "Right: %s." : "%s.", right);
    else if (p->choice < step->choices.count)
        tell(p, PLAYER_ANSWER, "The answer: %s. You chose: %s.", right,
             step->choices.items[p->choice].text);
    else
        tell(p, PLAYER_ANSWER, "The answer: %s.", right);
    if (step->explanation != NULL)
        tell(p, PLAYER_NARRATION, "%s", step->explanation);
}

/* The answer to a prediction is due once the step's code has shown it. */
void predict_reveal(struct player *p)
{
    if (!p->chosen || p->revealed)
        return;
    p->revealed = true;
    reveal(p);
    p->unread = !p->skipping;
}
