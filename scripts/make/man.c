/* SPDX-License-Identifier: MIT
 *
 * Writes the man page. What stands in the program's own tables (options, exit statuses, functions,
 * subjects) is taken from there; here is only what has no table: the frame, files and environment.
 */
#include "make.h"

#include <stdio.h>
#include <string.h>

/* Constants and errors have too many pages to list; `help "constants"` and `help "errors"` do. */
static const char *const group_titles[HELP_GROUP_COUNT] = {
    [HELP_CALLS] = "Socket calls",          [HELP_LOOKUP] = "Names and addresses",
    [HELP_TASKS] = "Waiting and tasks",     [HELP_DATA] = "Data",
    [HELP_PICTURES] = "Pictures",           [HELP_SHELL] = "The shell",
    [HELP_DOTS] = "Commands of the prompt",
};

static const struct options_row environment[] = {
    {"NO_COLOR", "where it is set and not empty, --color=auto means never"},
    {"XDG_STATE_HOME, HOME", "where the history is kept"},
    {"INPUTRC", "Readline's initialization file, ~/.inputrc where it is not set"},
    {"TERM, COLUMNS", "the terminal: whether it has colours, and its width where it does not say"},
};

static const struct options_row files[] = {
    {"$XDG_STATE_HOME/sockrepl/history", "what was typed at the prompt, readable by you alone"},
    {"~/.local/state/sockrepl/history", "the same where XDG_STATE_HOME is not set"},
    {"~/.inputrc", "keys and settings of GNU Readline"},
};

static const struct options_row examples[] = {
    {"sockrepl", "Opens the prompt; type help, or s = socket(), to begin."},
    {"sockrepl -e 'print(gethostbyname(\"localhost\"))'", "Runs a line and leaves."},
    {"sockrepl --trace -e 'a, b = socketpair() send(a, \"hello\") print(recv(b))'",
     "Shows each system call on standard error as it is made."},
    {"echo 'print(inet_ntop(AF_INET, inet_pton(AF_INET, \"127.0.0.1\")))' | sockrepl",
     "Runs standard input as a script."},
};

static const char *const related[] = {"socket(2)", "ip(7)",   "ipv6(7)",   "tcp(7)",
                                      "udp(7)",    "unix(7)", "strace(1)", "readline(3)"};

/* A character that roff would take for its own, or would draw as another than was typed. */
static const char *escape_of(char c)
{
    switch (c) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '\'':
        return "\\(aq";
    case '"':
        return "\\(dq";
    case '`':
        return "\\(ga";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    default:
        return NULL;
    }
}

static void put_text(const char *text)
{
    fputs("\\&", stdout); /* so that no text is taken for a request */
    for (; *text != '\0'; text++) {
        const char *escape = escape_of(*text);
        if (escape != NULL)
            fputs(escape, stdout);
        else
            putchar(*text);
    }
}

static void put_bold(const char *text)
{
    fputs("\\fB", stdout);
    put_text(text);
    fputs("\\fR", stdout);
}

static void put_section(const char *title)
{
    printf(".SH %s\n", title);
}

static void put_paragraph(const char *text)
{
    puts(".PP");
    put_text(text);
    putchar('\n');
}

static void put_item(const char *left, const char *text)
{
    puts(".TP");
    put_bold(left);
    putchar('\n');
    put_text(text);
    putchar('\n');
}

static void put_items(const char *title, const struct options_row *rows, size_t count)
{
    put_section(title);
    for (size_t i = 0; i < count; i++)
        put_item(rows[i].left, rows[i].text);
}

static void put_heading(const char *version)
{
    puts(".\\\" Made by scripts/make/man.c.");
    printf(".TH SOCKREPL 1 \"\" \"sockrepl %s\" \"User Commands\"\n", version);
    puts(".nh\n.ad l"); /* code must be copied as it stands */
}

static void put_synopsis(void)
{
    size_t count;
    const struct options_row *forms = options_forms(&count);
    put_section("SYNOPSIS");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            puts(".br");
        put_bold("sockrepl");
        putchar(' ');
        put_text(forms[i].left);
        putchar('\n');
    }
}

static void put_description(void)
{
    put_section("DESCRIPTION");
    put_paragraph("sockrepl is a shell at which the Berkeley socket calls are typed in Lua 5.4 and "
                  "run for real. At the prompt each call shows the system call that it made, in "
                  "strace's notation, and its result; one that failed says what that means for "
                  "this call and this socket, and the session goes on.");
    put_paragraph("Without arguments, on a terminal, it opens the prompt. A FILE is run as a "
                  "script, with its arguments in the table arg; - is standard input, which is also "
                  "what is run where there is no terminal. Ctrl-C gets out of every call that "
                  "blocks, Ctrl-D leaves.");
}

static void put_options(void)
{
    size_t count;
    const struct options_entry *entries = options_entries(&count);
    put_section("OPTIONS");
    for (size_t i = 0; i < count; i++) {
        puts(".TP");
        put_bold(entries[i].name);
        if (entries[i].value != NULL)
            printf("%s\\fI%s\\fR", options_separator(&entries[i]), entries[i].value);
        putchar('\n');
        put_text(entries[i].text);
        putchar('\n');
    }
}

static void put_group(enum help_group group)
{
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    bool titled = false;
    for (size_t i = 0; i < count; i++) {
        if (topics[i].group != group)
            continue;
        if (!titled)
            printf(".SS %s\n", group_titles[group]);
        titled = true;
        put_item(topics[i].signature != NULL ? topics[i].signature : topics[i].name,
                 topics[i].summary);
    }
}

static void put_functions(void)
{
    static const enum help_group order[] = {HELP_CALLS,    HELP_LOOKUP, HELP_TASKS, HELP_DATA,
                                            HELP_PICTURES, HELP_SHELL,  HELP_DOTS};
    put_section("FUNCTIONS");
    put_paragraph("Each call is a global function, a method of a socket, as in s:listen(), and a "
                  "field of the table socket. In brackets stands what may be left out. At the "
                  "prompt, help(bind) shows a function's whole page, with its errors and an "
                  "example.");
    for (size_t i = 0; i < COUNT(order); i++)
        put_group(order[i]);
}

static void put_subjects(void)
{
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    put_section("SUBJECTS");
    put_paragraph("At the prompt, help \"NAME\" shows the page of a constant, of an error, or of "
                  "one of these subjects.");
    for (size_t i = 0; i < count; i++)
        if (topics[i].group == HELP_SUBJECT)
            put_item(topics[i].name, topics[i].summary);
}

static void put_statuses(void)
{
    size_t count;
    const struct options_row *statuses = options_statuses(&count);
    put_items("EXIT STATUS", statuses, count);
}

/* As it is typed: neither filled nor broken. */
static void put_examples(void)
{
    put_section("EXAMPLES");
    for (size_t i = 0; i < COUNT(examples); i++) {
        put_paragraph(examples[i].text);
        puts(".PP\n.nf\n.RS");
        put_text(examples[i].left);
        puts("\n.RE\n.fi");
    }
}

static void put_related(void)
{
    put_section("SEE ALSO");
    for (size_t i = 0; i < COUNT(related); i++) {
        const char *section = strchr(related[i], '(');
        printf(".BR %.*s %s%s\n", (int)(section - related[i]), related[i], section,
               i + 1 < COUNT(related) ? "," : "");
    }
}

void make_man(const char *version)
{
    put_heading(version);
    put_section("NAME");
    puts("sockrepl \\- a shell at which socket calls are typed and run");
    put_synopsis();
    put_description();
    put_options();
    put_functions();
    put_subjects();
    put_statuses();
    put_items("ENVIRONMENT", environment, COUNT(environment));
    put_items("FILES", files, COUNT(files));
    put_examples();
    put_related();
}
