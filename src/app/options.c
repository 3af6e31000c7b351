/* SPDX-License-Identifier: MIT
 *
 * Reading of the command line.
 */
#include "app/options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static bool set_trace(struct options *options, const char *value)
{
    (void)value;
    options->trace = 1;
    return true;
}

static bool set_no_trace(struct options *options, const char *value)
{
    (void)value;
    options->trace = 0;
    return true;
}

static const char *const colour_words[] = {
    [COLOUR_AUTO] = "auto", [COLOUR_ALWAYS] = "always", [COLOUR_NEVER] = "never", NULL};

static bool set_colour(struct options *options, const char *value)
{
    for (size_t i = 0; colour_words[i] != NULL; i++) {
        if (strcmp(value, colour_words[i]) == 0) {
            options->colour = (enum colour_when)i;
            return true;
        }
    }
    return false;
}

/* At most a day. */
static bool set_limit(struct options *options, const char *value)
{
    char *end;
    options->limit = strtod(value, &end);
    return *value != '\0' && *end == '\0' && options->limit > 0 && options->limit <= 86400;
}

/* How an option is taken: its bool is set, or its value kept; or by a function. */
#define MEMBER(name) NULL, offsetof(struct options, name)
#define BY(function) function, 0

static const struct options_entry table[] = {
    {"-e", "CODE", "run CODE, before FILE where there is one", MEMBER(code)},
    {"-i", NULL, "open the prompt after CODE or FILE, even without a terminal", MEMBER(prompt)},
    {"-n", NULL, "do not run the user's init.lua before the prompt", MEMBER(no_init)},
    {"--run", NULL, "run FILE as a script, also where it is a lesson", MEMBER(run)},
    {"--lesson", "NAME", "play a lesson, by its name or number", MEMBER(lesson)},
    {"--lessons", NULL, "list the lessons that there are", MEMBER(lessons)},
    {"--auto", NULL, "play a lesson by itself, at a pace to read along", MEMBER(automatic)},
    {"--present", NULL, "play a lesson for a projector: each line waits for a key",
     MEMBER(present)},
    {"--check", NULL, "play lessons unattended and prove that they hold", MEMBER(check)},
    {"--limit", "SECONDS", "with --check: how long a statement may take (20)", BY(set_limit)},
    {"--new", "NAME", "write a new lesson to begin with", MEMBER(new_lesson)},
    {"--trace", NULL, "show a line for each system call (the prompt does)", BY(set_trace)},
    {"--no-trace", NULL, "do not (scripts do not)", BY(set_no_trace)},
    {"--color", "WHEN", "auto, always or never; NO_COLOR is honoured", BY(set_colour)},
    {"--plain", NULL, "no colour, no line drawn anew: for screen readers, logs", MEMBER(plain)},
    {"--from-python", "FILE", "print FILE, a script in Python, as Lua; - is standard input",
     MEMBER(from_python)},
    {"--merge", "FILE", "join the sessions of two exported pages, FILE and FILE", MEMBER(merge)},
    {"-o", "FILE", "with --merge: the page to write, or .svg, or .json", MEMBER(output)},
    {"--version", NULL, "show the version", MEMBER(version)},
    {"--help", NULL, "show this text", MEMBER(help)},
};

static const struct options_entry *find(const char *argument, size_t length)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strlen(table[i].name) == length && strncmp(argument, table[i].name, length) == 0)
            return &table[i];
    return NULL;
}

static int refuse(const char *argument, const char *why)
{
    fprintf(stderr, "sockrepl: %s: %s\nTry 'sockrepl --help'.\n", argument, why);
    return 2;
}

/* Takes one option at `*place`; a value stands behind `=` or in the next argument. */
static int take(int argc, char **argv, int *place, struct options *options)
{
    const char *argument = argv[*place];
    bool is_long = argument[1] == '-';
    size_t length = is_long ? strcspn(argument, "=") : 2;
    const struct options_entry *option = find(argument, length);
    const char *value = NULL;
    if (option == NULL)
        return refuse(argument, "there is no such option");
    if (argument[length] != '\0')
        value = argument + length + (is_long ? 1 : 0);
    if (option->value == NULL && value != NULL)
        return refuse(argument, "this option takes no value");
    if (option->value != NULL && value == NULL) {
        if (*place + 1 >= argc)
            return refuse(argument, "a value must follow");
        value = argv[++*place];
    }
    if (option->set != NULL)
        return option->set(options, value) ? 0 : refuse(argument, "not a value of this option");
    char *member = (char *)options + option->member;
    if (option->value == NULL)
        *(bool *)member = true;
    else
        *(const char **)member = value;
    return 0;
}

int options_parse(int argc, char **argv, struct options *options)
{
    int place = 1;
    *options = (struct options){.trace = -1, .limit = 20};
    for (; place < argc && argv[place][0] == '-' && argv[place][1] != '\0'; place++) {
        if (strcmp(argv[place], "--") == 0) {
            place++;
            break;
        }
        int wrong = take(argc, argv, &place, options);
        if (wrong != 0)
            return wrong;
    }
    if (place < argc)
        options->file = argv[place];
    options->argument_first = place + 1;
    return 0;
}

const struct options_entry *options_entries(size_t *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

const char *const *options_words(const struct options_entry *option)
{
    return option->set == set_colour ? colour_words : NULL;
}

const struct options_row *options_forms(size_t *count)
{
    static const struct options_row forms[] = {
        {"[options]", "the prompt"},
        {"[options] FILE [ARG...]", "play or run FILE; - is standard input"},
        {"--check FILE...", "prove lessons, as TAP"},
        {"--merge FILE FILE -o FILE", "make one page of two"},
    };
    *count = sizeof forms / sizeof forms[0];
    return forms;
}

const struct options_row *options_statuses(size_t *count)
{
    static const struct options_row statuses[] = {
        {"0", "all went well"},
        {"1", "an error in the script, or a lesson that does not hold"},
        {"2", "wrong usage, or a file that cannot be read"},
        {"130", "Ctrl-C ended the script"},
    };
    *count = sizeof statuses / sizeof statuses[0];
    return statuses;
}

const char *options_separator(const struct options_entry *option)
{
    if (option->value == NULL)
        return "";
    return option->name[1] == '-' ? "=" : " ";
}

static void print_forms(FILE *out)
{
    size_t count;
    const struct options_row *forms = options_forms(&count);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s sockrepl %-25s %s\n", i == 0 ? "usage:" : "      ", forms[i].left,
                forms[i].text);
}

static void print_entries(FILE *out)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char left[32];
        snprintf(left, sizeof left, "%s%s%s", table[i].name, options_separator(&table[i]),
                 table[i].value == NULL ? "" : table[i].value);
        fprintf(out, "  %-14s %s\n", left, table[i].text);
    }
}

static void print_statuses(FILE *out)
{
    size_t count;
    const struct options_row *statuses = options_statuses(&count);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  %-14s %s\n", statuses[i].left, statuses[i].text);
}

void options_print_help(FILE *out)
{
    print_forms(out);
    fputs("\nA shell at which the Berkeley socket calls are typed and run for real.\n\n", out);
    print_entries(out);
    fputs("\nExit status:\n", out);
    print_statuses(out);
}
