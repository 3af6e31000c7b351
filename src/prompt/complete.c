/* SPDX-License-Identifier: MIT
 *
 * Tab. Finds the word, asks the host what it could be, and hands that to Readline in the form that
 * Readline wants. Knows no names: what fits where is the host's affair.
 */
#include "inside.h"

#include <readline/readline.h>
#include <stdlib.h>
#include <string.h>

#define INDENT "    "

/* A name goes on over `.` and `:`, so that `socket.AF_` and `s:bi` are words. */
#define WORD_BREAKS " \t\n\"'`()[]{}<>=~+-*/%^#&|,;!?@$\\"

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* The length of what all begin with, in whole characters: of sorted texts the first and the last
 * differ most. */
static size_t common_length(const struct prompt_offers *offers)
{
    const char *const first = offers->items[0].text;
    const char *const last = offers->items[offers->count - 1].text;
    size_t length = 0;
    while (first[length] && first[length] == last[length])
        length++;
    while (length > 0 && (is_continuation(first[length]) || is_continuation(last[length])))
        length--;
    return length;
}

static char *join(const char *prefix, size_t prefix_length, const char *text, size_t length)
{
    char *const joined = malloc(prefix_length + length + 1);
    if (!joined)
        return NULL;
    memcpy(joined, prefix, prefix_length);
    memcpy(joined + prefix_length, text, length);
    joined[prefix_length + length] = '\0';
    return joined;
}

static char **free_matches(char **matches)
{
    for (size_t i = 0; matches[i]; i++)
        free(matches[i]);
    free(matches);
    return NULL;
}

/* Adds those to list that stand first, or the others, as matches from `*count` on. */
static bool list_matches(const struct prompt_offers *offers, bool first, const char *word,
                         size_t kept, char **matches, size_t *count)
{
    for (size_t i = 0; i < offers->count; i++) {
        const struct offer *const item = &offers->items[i];
        if (item->first != first)
            continue;
        matches[*count] = join(word, kept, item->text, strlen(item->text));
        if (!matches[*count])
            return false;
        ++*count;
    }
    return true;
}

/* Readline's array: what replaces the word, then, where they are several, what to list. Readline
 * frees it. Of `word` the first `kept` bytes stay. */
static char **build_matches(const struct prompt_offers *offers, const char *word, size_t kept)
{
    char **const matches = calloc(offers->count + 2, sizeof *matches);
    if (!matches)
        return NULL;
    matches[0] = join(word, kept, offers->items[0].text, common_length(offers));
    if (!matches[0])
        return free_matches(matches);
    size_t count = 1;
    if (offers->count > 1 && !(list_matches(offers, true, word, kept, matches, &count) &&
                               list_matches(offers, false, word, kept, matches, &count)))
        return free_matches(matches);
    return matches;
}

/* In `a..b` the name is b. */
static size_t behind_concatenation(const char *word)
{
    size_t behind = 0;
    for (size_t i = 0; word[i]; i++) {
        if (word[i] == '.' && word[i + 1] == '.')
            behind = i + 2;
    }
    return behind;
}

static void show_signature(struct port *out, const char *signature)
{
    port_begin(out);
    port_puts(out, signature);
    port_fresh_line(out);
    port_end(out);
}

/* A match that changes nothing: Tab has said something and need not ring the bell. */
static char **unchanged(const char *word)
{
    char **const matches = calloc(2, sizeof *matches);
    if (!matches)
        return NULL;
    matches[0] = strdup(word);
    rl_completion_suppress_append = 1;
    return matches[0] ? matches : free_matches(matches);
}

static char **choose_matches(struct prompt_offers *offers, const char *word, size_t kept,
                             bool answered)
{
    offers_sort(offers);
    if (offers->count == 0 || offers->starved)
        return answered ? unchanged(word) : NULL;
    rl_completion_append_character = (unsigned char)offers->items[0].append;
    return build_matches(offers, word, kept);
}

/* Where the word begins that ends the text: Readline is told that all of it is one, since names of
 * files have spaces and minus signs. */
static size_t word_begin(const char *text, int quote)
{
    size_t begin = strlen(text);
    if (quote >= 0)
        return (size_t)quote + 1;
    while (begin > 0 && !strchr(WORD_BREAKS, text[begin - 1]))
        begin--;
    return begin + behind_concatenation(text + begin);
}

/* Asks the host, and looks for files where it wants them, or knows nothing within quotes. Returns
 * whether something was said: a signature. */
static bool ask(struct prompt *p, const char *text, int quote, struct prompt_offers *offers)
{
    const char *signature = NULL;
    const size_t begin = p->completed = word_begin(text, quote);
    if (p->host.complete)
        signature = p->host.complete(p->host.owner, text, (int)begin, (int)strlen(text), offers);
    if (signature && *signature)
        show_signature(p->out, signature);
    p->completed_links = offers->files || quote >= 0 ? "/" : ".:";
    if (offers->files) {
        p->completed = offers->files_begin;
        files_offer(offers, text + offers->files_begin, '\0');
    } else if (offers->count == 0 && quote >= 0) {
        files_offer(offers, text + begin, text[quote]);
    }
    return signature && *signature;
}

/* Readline's rl_attempted_completion_function; the word is all of the line up to the cursor. */
static char **complete_attempt(const char *word, int start, int end)
{
    (void)start;
    struct prompt *const p = prompt_current();
    struct prompt_offers offers = {.items = NULL};
    const bool answered = ask(p, word, quote_open_at(word, end), &offers);
    rl_attempted_completion_over = 1;
    rl_sort_completion_matches = 0; /* they are in order */
    char **const matches = choose_matches(&offers, word, p->completed, answered);
    offers_free(&offers);
    return matches;
}

static char *complete_breaks(void)
{
    static char nowhere[] = "";
    return nowhere;
}

/* What need not be repeated in each line of a list: `socket.` of `socket.AF_INET`, the directories
 * of a file name. */
static size_t shared_path(const char *common, const char *separators)
{
    size_t length = strlen(common);
    while (length > 0 && !strchr(separators, common[length - 1]))
        length--;
    return length;
}

/* Readline's rl_completion_display_matches_hook. */
static void complete_display(char **matches, int count, int longest)
{
    (void)longest;
    struct prompt *const p = prompt_current();
    const size_t skip = p->completed + shared_path(matches[0] + p->completed, p->completed_links);
    const size_t most = rl_completion_query_items > 0 ? (size_t)rl_completion_query_items : 0;
    list_show(p->out, matches + 1, (size_t)count, skip, most);
}

static bool is_indentation(void)
{
    int at = rl_point;
    while (at > 0 && (rl_line_buffer[at - 1] == ' ' || rl_line_buffer[at - 1] == '\t'))
        at--;
    return at == 0 || rl_line_buffer[at - 1] == '\n';
}

/* A tab that comes from a file was not typed to ask for anything. */
static int complete_tab(int count, int key)
{
    if (rl_inhibit_completion || !RL_ISSTATE(RL_STATE_TERMPREPPED))
        return rl_insert(count, key);
    if (!is_indentation()) {
        rl_completion_invoking_key = key;
        return rl_complete_internal(rl_completion_mode(complete_tab));
    }
    while (count-- > 0)
        rl_insert_text(INDENT);
    return 0;
}

void complete_start(void)
{
    rl_attempted_completion_function = complete_attempt;
    rl_completion_display_matches_hook = complete_display;
    rl_completion_word_break_hook = complete_breaks;
    rl_completer_word_break_characters = WORD_BREAKS;
    rl_basic_quote_characters = ""; /* the closing quote comes with the match */
    if (RL_ISSTATE(RL_STATE_INITIALIZED))
        return; /* what an inputrc bound to Tab stays */
    rl_bind_key_in_map('\t', complete_tab, emacs_standard_keymap);
    rl_bind_key_in_map('\t', complete_tab, vi_insertion_keymap);
}

void complete_stop(void)
{
    rl_attempted_completion_function = NULL;
    rl_completion_display_matches_hook = NULL;
    rl_completion_word_break_hook = NULL;
}
