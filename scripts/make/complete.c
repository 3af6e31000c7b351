/* SPDX-License-Identifier: MIT
 *
 * Completion files for bash, zsh and fish. What an option takes is told by the word that --help
 * has for it: FILE is a file's name, and there may be a list of words; anything else is free text.
 */
#include "make.h"

#include <stdio.h>
#include <string.h>

static bool is_long(const struct options_entry *option)
{
    return option->name[1] == '-';
}

static bool takes_file(const struct options_entry *option)
{
    return option->value != NULL && strncmp(option->value, "FILE", strlen("FILE")) == 0;
}

static void put_words(const char *const *words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        printf("%s%s", i > 0 ? " " : "", words[i]);
}

/* Within single quotes, with a backslash before each character that is in `special`. */
static void put_quoted(const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (strchr(special, *text) != NULL)
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

static void put_bash_value(const struct options_entry *option)
{
    const char *const *words = options_words(option);
    if (option->value == NULL || takes_file(option))
        return;
    printf("    %s)\n", option->name);
    if (words != NULL) {
        fputs("        COMPREPLY=($(compgen -W '", stdout);
        put_words(words);
        fputs("' -- \"$word\"))\n", stdout);
    }
    puts("        return\n        ;;");
}

/* `--color=al` comes as three words, for bash breaks lines at `=`. Where nothing is offered, bash
 * itself offers files. */
void make_bash(const char *version)
{
    size_t count;
    const struct options_entry *options = options_entries(&count);
    (void)version;
    puts("# Made by scripts/make/complete.c.\n\n_sockrepl()\n{\n"
         "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
         "    COMPREPLY=()\n"
         "    if [[ $word == = ]]; then\n        word=\n"
         "    elif [[ $before == = ]]; then\n        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
         "    fi\n"
         "    case $before in");
    for (size_t i = 0; i < count; i++)
        put_bash_value(&options[i]);
    fputs("    esac\n    [[ $word == -* ]] || return\n    COMPREPLY=($(compgen -W '", stdout);
    for (size_t i = 0; i < count; i++)
        printf("%s%s%s", i > 0 ? " " : "", options[i].name,
               is_long(&options[i]) && options[i].value != NULL ? "=" : "");
    puts("' -- \"$word\"))\n"
         "    [[ ${COMPREPLY-} != *= ]] || compopt -o nospace\n}\n\n"
         "complete -o default -F _sockrepl sockrepl");
}

static void put_zsh_option(const struct options_entry *option)
{
    const char *const *words = options_words(option);
    printf("    '%s%s[", option->name, option->value == NULL ? "" : is_long(option) ? "=" : "+");
    put_quoted(option->text, "[]\\:");
    putchar(']');
    if (option->value != NULL) {
        printf(":%s:", option->value);
        if (words != NULL) {
            putchar('(');
            put_words(words);
            putchar(')');
        } else {
            fputs(takes_file(option) ? "_files" : " ", stdout);
        }
    }
    puts("' \\");
}

void make_zsh(const char *version)
{
    size_t count;
    const struct options_entry *options = options_entries(&count);
    (void)version;
    puts("#compdef sockrepl\n# Made by scripts/make/complete.c.\n\n_arguments \\");
    for (size_t i = 0; i < count; i++)
        put_zsh_option(&options[i]);
    puts("    '*:file:_files'");
}

static void put_fish_option(const struct options_entry *option)
{
    const char *const *words = options_words(option);
    printf("complete -c sockrepl -%c %s", is_long(option) ? 'l' : 's',
           option->name + (is_long(option) ? 2 : 1));
    if (takes_file(option))
        fputs(" -r -F", stdout);
    else if (option->value != NULL)
        fputs(" -x", stdout);
    if (words != NULL) {
        fputs(" -a '", stdout);
        put_words(words);
        putchar('\'');
    }
    fputs(" -d '", stdout);
    for (const char *c = option->text; *c != '\0'; c++)
        printf(*c == '\'' || *c == '\\' ? "\\%c" : "%c", *c);
    puts("'");
}

void make_fish(const char *version)
{
    size_t count;
    const struct options_entry *options = options_entries(&count);
    (void)version;
    puts("# Made by scripts/make/complete.c.");
    for (size_t i = 0; i < count; i++)
        put_fish_option(&options[i]);
}
