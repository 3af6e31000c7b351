/* SPDX-License-Identifier: MIT
 *
 * The facts that a lesson tells of itself: one table of their names and of what each may say.
 */
#include "base/text.h"
#include "inside.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTES_MOST = 600, ATTEMPTS_MOST = 100 };

static bool set_text(struct parser *p, char **field, const char *value)
{
    if (*field != NULL)
        return false;
    *field = parser_copy(p, value, strlen(value));
    return true;
}

/* A number from 1 to `most`; 0 where the text is none. */
static unsigned to_number(const char *text, unsigned most)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    return isdigit((unsigned char)text[0]) && *end == '\0' && value <= most ? (unsigned)value : 0;
}

static bool set_title(struct parser *p, const char *value)
{
    if (text_columns(value, strlen(value)) > TITLE_COLUMNS)
        parser_complain(p, p->line, "the title is longer than %d columns", TITLE_COLUMNS);
    return set_text(p, &p->lesson->title, value);
}

static bool set_about(struct parser *p, const char *value)
{
    return set_text(p, &p->lesson->about, value);
}

static bool set_partner(struct parser *p, const char *value)
{
    if (strchr(value, '/') != NULL || value[0] == '.')
        parser_complain(p, p->line, "the partner is the name of a file in the same directory");
    p->lesson->partner_line = p->line;
    return set_text(p, &p->lesson->partner, value);
}

static bool set_minutes(struct parser *p, const char *value)
{
    if (p->lesson->minutes != 0)
        return false;
    p->lesson->minutes = to_number(value, MINUTES_MOST);
    if (p->lesson->minutes == 0)
        parser_complain(p, p->line, "minutes wants a number from 1 to %d, not '%s'", MINUTES_MOST,
                        value);
    return true;
}

static bool set_role(struct parser *p, const char *value)
{
    if (p->lesson->role != LESSON_ANY_ROLE)
        return false;
    if (strcmp(value, "server") == 0)
        p->lesson->role = LESSON_SERVER;
    else if (strcmp(value, "client") == 0)
        p->lesson->role = LESSON_CLIENT;
    else
        parser_complain(p, p->line, "role is server or client, not '%s'", value);
    return true;
}

static unsigned need_of(const struct line *word)
{
    static const struct {
        const char *name;
        unsigned need;
    } needs[] = {{"ipv6", LESSON_NEEDS_IPV6},
                 {"network", LESSON_NEEDS_NETWORK},
                 {"two terminals", LESSON_NEEDS_TWO_TERMINALS}};
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
        if (strlen(needs[i].name) == word->length &&
            memcmp(needs[i].name, word->text, word->length) == 0)
            return needs[i].need;
    return 0;
}

/* Several stand behind one another, with commas, or each in a line of its own. */
static bool set_needs(struct parser *p, const char *value)
{
    while (*value != '\0') {
        struct line word = {value, strcspn(value, ",")};
        value += word.length + (value[word.length] == ',');
        line_trim(&word);
        unsigned need = need_of(&word);
        if (need == 0)
            parser_complain(p, p->line, "needs is ipv6, network or two terminals, not '%.*s'",
                            (int)word.length, word.text);
        p->lesson->needs |= need;
    }
    return true;
}

static bool set_skip(struct parser *p, const char *value)
{
    struct lesson *lesson = p->lesson;
    if (strncmp(value, "after ", 6) == 0) {
        lesson->skip = LESSON_SKIP_AFTER;
        lesson->skip_after = to_number(value + 6 + strspn(value + 6, " "), ATTEMPTS_MOST);
        if (lesson->skip_after > 0)
            return true;
    } else if (strcmp(value, "off") == 0) {
        lesson->skip = LESSON_SKIP_OFF;
        return true;
    } else if (strcmp(value, "free") == 0) {
        lesson->skip = LESSON_SKIP_FREE;
        return true;
    }
    parser_complain(p, p->line, "skip is free, off or after and a number, not '%s'", value);
    return true;
}

static const struct {
    const char *name;
    bool (*set)(struct parser *p, const char *value); /* false: it was said before */
} facts[] = {{"title", set_title},     {"about", set_about}, {"minutes", set_minutes},
             {"partner", set_partner}, {"role", set_role},   {"needs", set_needs},
             {"skip", set_skip}};

static void set_fact(struct parser *p, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (strcmp(facts[i].name, name) != 0)
            continue;
        if (value[0] == '\0')
            parser_complain(p, p->line, "the fact '%s' says nothing", name);
        else if (!facts[i].set(p, value))
            parser_complain(p, p->line, "the fact '%s' was told before", name);
        return;
    }
    parser_complain(p, p->line,
                    "there is no fact '%s': title, about, minutes, partner, role, needs, skip",
                    name);
}

void fact_read(struct parser *p, const struct line *rest)
{
    if (p->step != NULL) {
        parser_complain(p, p->line, "a fact about the lesson stands before its first step");
        return;
    }
    char *name = parser_copy(p, rest->text, rest->length);
    if (name == NULL)
        return;
    char *value = name + strcspn(name, " \t");
    if (*value != '\0')
        *value++ = '\0';
    set_fact(p, name, value + strspn(value, " \t"));
    free(name);
}
