/* SPDX-License-Identifier: MIT
 *
 * Reading of the command line.
 */
#include "app/options.h"

#include <string.h>

struct option {
    const char *name;  /* "-e", "--trace" */
    const char *value; /* what follows it, as --help calls it; NULL for nothing */
    const char *text;
    bool (*set)(struct options *options, const char *value);
};

static bool set_code(struct options *options, const char *value)
{
    options->code = value;
    return true;
}

static bool set_prompt(struct options *options, const char *value)
{
    (void)value;
    options->prompt = true;
    return true;
}

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

static bool set_colour(struct options *options, const char *value)
{
    static const char *const words[] = {
        [COLOUR_AUTO] = "auto", [COLOUR_ALWAYS] = "always", [COLOUR_NEVER] = "never"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(value, words[i]) == 0) {
            options->colour = (enum colour_when)i;
            return true;
        }
    }
    return false;
}

static bool set_version(struct options *options, const char *value)
{
    (void)value;
    options->version = true;
    return true;
}

static bool set_help(struct options *options, const char *value)
{
    (void)value;
    options->help = true;
    return true;
}

static const struct option table[] = {
    {"-e", "CODE", "run CODE, before FILE where there is one", set_code},
    {"-i", NULL, "open the prompt, after CODE or FILE, and where there is no terminal", set_prompt},
    {"--trace", NULL, "show a line for each system call (the prompt does)", set_trace},
    {"--no-trace", NULL, "do not (scripts do not)", set_no_trace},
    {"--color", "WHEN", "auto, always or never; NO_COLOR is honoured", set_colour},
    {"--version", NULL, "show the version", set_version},
    {"--help", NULL, "show this text", set_help},
};

static const struct option *find(const char *argument, size_t length)
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
    const struct option *option = find(argument, length);
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
    if (!option->set(options, value))
        return refuse(argument, "not a value of this option");
    return 0;
}

int options_parse(int argc, char **argv, struct options *options)
{
    int place = 1;
    *options = (struct options){.trace = -1};
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

void options_print_help(FILE *out)
{
    fputs("usage: sockrepl [options]                 the prompt\n"
          "       sockrepl [options] FILE [ARG...]   run FILE; - is standard input\n"
          "\n"
          "A shell at which the Berkeley socket calls are typed and run for real.\n"
          "\n",
          out);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char left[32];
        snprintf(left, sizeof left, "%s%s%s", table[i].name,
                 table[i].value == NULL         ? ""
                 : strlen(table[i].name) == 2 ? " "
                                              : "=",
                 table[i].value == NULL ? "" : table[i].value);
        fprintf(out, "  %-14s %s\n", left, table[i].text);
    }
    fputs("\n"
          "Exit status: 0; 1 for an error in the script; 2 for wrong usage or a file that cannot\n"
          "be read; 130 after Ctrl-C.\n",
          out);
}
