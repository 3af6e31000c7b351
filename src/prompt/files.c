/* SPDX-License-Identifier: MIT
 *
 * File names for Tab, written as the place takes them: plain behind a command, within quotes with
 * the escapes that Lua reads. Readline looks for them; it knows no escapes of Lua.
 */
#include "inside.h"

#include "base/text.h"

#include <ctype.h>
#include <readline/readline.h>
#include <readline/tilde.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int digit_value(char c)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const int place = (int)(strchr(digits, c) - digits);
    return place > 15 ? place - 6 : place;
}

/* Takes `\x1b` or `\027` behind the backslash; returns what follows, NULL where it is neither. */
static const char *take_number(const char *text, struct buffer *path)
{
    const int base = *text == 'x' ? 16 : 10, most = *text == 'x' ? 2 : 3;
    int value = 0, digits = 0;
    for (text += base == 16; digits < most; digits++, text++) {
        if (!(base == 16 ? isxdigit((unsigned char)*text) : isdigit((unsigned char)*text)))
            break;
        value = value * base + digit_value(*text);
    }
    if (value == 0 || value > 255 || (base == 16 && digits < most))
        return NULL;
    buffer_putc(path, (char)value);
    return text;
}

/* What Lua reads of a string's beginning; false for what names no file, or cannot be told yet. */
static bool unescape(const char *text, struct buffer *path)
{
    static const char letters[] = "abfnrtv\\\"'", meanings[] = "\a\b\f\n\r\t\v\\\"'";
    while (text != NULL && *text != '\0') {
        if (*text != '\\') {
            buffer_putc(path, *text++);
            continue;
        }
        const char *const letter = *++text != '\0' ? strchr(letters, *text) : NULL;
        if (letter == NULL) {
            text = take_number(text, path);
            continue;
        }
        buffer_putc(path, meanings[letter - letters]);
        text++;
    }
    return text != NULL && !path->failed;
}

/* Appends the inside of a string between such quotes. */
static void append_escaped(struct buffer *out, const char *path, char quote)
{
    struct buffer quoted = BUFFER_EMPTY;
    const size_t length = strlen(path);
    text_append_quoted(&quoted, path, length, length);
    for (size_t i = 1; i + 1 < quoted.length; i++) {
        const char c = quoted.data[i];
        if (c == '\\' && quoted.data[i + 1] == '"' && quote == '\'')
            continue; /* that one needs no escape here */
        if (c == '\'' && quote == '\'')
            buffer_putc(out, '\\');
        buffer_putc(out, c);
        if (c == '\\')
            buffer_putc(out, quoted.data[++i]);
    }
    out->failed |= quoted.failed;
    buffer_free(&quoted);
}

static bool is_directory(const char *path)
{
    struct stat status;
    char *const expanded = tilde_expand(path);
    const bool is = expanded && stat(expanded, &status) == 0 && S_ISDIR(status.st_mode);
    free(expanded);
    return is;
}

/* A line holds no newline, and what else is not printable could not be seen in it. */
static bool can_stand_plain(const char *path)
{
    struct buffer safe = BUFFER_EMPTY;
    text_append_safe(&safe, path, strlen(path), false);
    const bool can = strcmp(buffer_text(&safe), path) == 0;
    buffer_free(&safe);
    return can;
}

static void offer_path(struct prompt_offers *offers, const char *path, char quote)
{
    const char append = is_directory(path) ? '/' : quote;
    struct buffer text = BUFFER_EMPTY;
    if (quote)
        append_escaped(&text, path, quote);
    else if (can_stand_plain(path))
        buffer_puts(&text, path);
    if (text.length > 0 && !text.failed)
        prompt_offer(offers, buffer_text(&text), append);
    buffer_free(&text);
}

void files_offer(struct prompt_offers *offers, const char *typed, char quote)
{
    struct buffer path = BUFFER_EMPTY;
    bool clear = true;
    if (quote)
        clear = unescape(typed, &path) && typed[0] != '~'; /* Lua opens no `~/` */
    else
        buffer_puts(&path, typed);
    char *found = NULL;
    for (int state = 0; clear && !path.failed; state = 1) {
        found = rl_filename_completion_function(buffer_text(&path), state);
        if (!found)
            break;
        offer_path(offers, found, quote);
        free(found);
    }
    buffer_free(&path);
}
