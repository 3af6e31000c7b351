/* SPDX-License-Identifier: MIT
 *
 * The README's table of functions: the signature and the summary of each topic that has one. A
 * test holds the README against it.
 */
#include "make.h"

#include <stdio.h>
#include <string.h>

static const struct {
    enum help_group group;
    const char *title;
} groups[] = {
    {HELP_CALLS, "socket calls"},      {HELP_LOOKUP, "names and addresses"},
    {HELP_TASKS, "waiting and tasks"}, {HELP_DATA, "data"},
    {HELP_PICTURES, "pictures"},       {HELP_SHELL, "the shell"},
};

static void put_topic(const struct help_topic *topic)
{
    printf("| `%s` | ", topic->signature);
    for (const char *c = topic->summary; *c != '\0'; c++) {
        if (*c == '|')
            putchar('\\');
        putchar(*c);
    }
    puts(" |");
}

static void put_group(enum help_group group, const char *title)
{
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    bool titled = false;
    for (size_t i = 0; i < count; i++) {
        if (topics[i].group != group || topics[i].signature == NULL)
            continue;
        if (!titled)
            printf("| **%s** | |\n", title);
        titled = true;
        put_topic(&topics[i]);
    }
}

void make_table(const char *version)
{
    (void)version;
    puts("| function | |\n|---|---|");
    for (size_t i = 0; i < COUNT(groups); i++)
        put_group(groups[i].group, groups[i].title);
}
