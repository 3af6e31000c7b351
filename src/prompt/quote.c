/* SPDX-License-Identifier: MIT
 *
 * Whether a place in a Lua text lies within quotes, so that completion knows a file name from a
 * variable. Knows of Lua what opens and closes a string and a comment, and no more.
 */
#include "inside.h"

/* Behind the long bracket that opens at `at`: `end` where it is open there, `at` where none opens.
 */
static int skip_long(const char *text, int at, int end)
{
    int i = at + 1;
    while (i < end && text[i] == '=')
        i++;
    if (i >= end || text[i] != '[')
        return at;
    const int level = i - at - 1;
    int closing = -1; /* equals signs behind the last closing bracket, -1 before one */
    for (i++; i < end; i++) {
        if (text[i] == ']' && closing == level)
            return i + 1;
        if (text[i] == ']')
            closing = 0;
        else
            closing = text[i] == '=' && closing >= 0 ? closing + 1 : -1;
    }
    return end;
}

static int skip_comment(const char *text, int at, int end)
{
    at += 2;
    if (at < end && text[at] == '[') {
        const int behind = skip_long(text, at, end);
        if (behind > at)
            return behind;
    }
    while (at < end && text[at] != '\n')
        at++;
    return at;
}

/* Behind the string that opens at `at`, or behind the line where it was not closed; -1 where it is
 * open at `end`. */
static int skip_quoted(const char *text, int at, int end)
{
    for (int i = at + 1; i < end; i++) {
        if (text[i] == '\\')
            i++;
        else if (text[i] == text[at] || text[i] == '\n')
            return i + 1;
    }
    return -1;
}

int quote_open_at(const char *text, int end)
{
    int at = 0;
    while (at < end) {
        int behind = at;
        if (text[at] == '"' || text[at] == '\'') {
            behind = skip_quoted(text, at, end);
            if (behind < 0)
                return at;
        } else if (text[at] == '[') {
            behind = skip_long(text, at, end);
        } else if (text[at] == '-' && at + 1 < end && text[at + 1] == '-') {
            behind = skip_comment(text, at, end);
        }
        at = behind > at ? behind : at + 1;
    }
    return -1;
}
