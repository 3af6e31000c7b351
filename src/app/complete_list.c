/* SPDX-License-Identifier: MIT
 *
 * Candidates from the shell's own lists: constants, what help explains, Lua's keywords.
 */
#include "completing.h"

#include "help/help.h"

#include <ctype.h>

typedef bool add_offer(struct prompt_offers *offers, const char *text, char append);

static void offer_by(struct request *r, add_offer *add, const char *name, char append)
{
    buffer_clear(&r->offer);
    buffer_append(&r->offer, r->word, r->kept);
    buffer_puts(&r->offer, name);
    if (r->offer.failed)
        prompt_offers_starve(r->offers);
    else if (add(r->offers, buffer_text(&r->offer), append))
        r->count++;
}

void complete_offer(struct request *r, const char *name, char append)
{
    offer_by(r, prompt_offer, name, append);
}

bool complete_begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void visit_constant(void *owner, const char *name, bool common)
{
    struct request *r = owner;
    const bool closes = r->expect.what == EXPECT_TOPIC && r->quote == '\0' && !r->first;
    offer_by(r, common ? prompt_offer_first : prompt_offer, name, closes ? ')' : '\0');
}

void complete_constants(struct request *r)
{
    if (complete_expects_constant(r) || isupper((unsigned char)complete_stem(r)[0]))
        expect_constants(&r->expect, complete_stem(r), visit_constant, r);
}

static bool stands_in_expression(enum help_group group)
{
    return group != HELP_CONSTANT && group != HELP_ERROR && group != HELP_SUBJECT &&
           group != HELP_DOTS;
}

void complete_topics(struct request *r, bool by_name)
{
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    const char append = r->quote != '\0' ? r->quote : by_name ? '\0' : ')';
    for (size_t i = 0; i < count; i++) {
        const enum help_group group = topics[i].group;
        const bool fitting =
            by_name ? r->word[0] != '\0' || (group != HELP_CONSTANT && group != HELP_ERROR)
                    : stands_in_expression(group);
        if (fitting && complete_begins_with(topics[i].name, r->word))
            complete_offer(r, topics[i].name, append);
    }
    if (r->quote == '\0')
        complete_constants(r);
}

void complete_keywords(struct request *r)
{
    static const char *const complete[] = {"break", "end", "false", "nil", "true"};
    for (const char *const *word = context_keywords(); *word != NULL; word++) {
        char append = ' ';
        for (size_t i = 0; i < sizeof complete / sizeof complete[0]; i++)
            if (strcmp(complete[i], *word) == 0)
                append = '\0';
        if (complete_begins_with(*word, r->word))
            complete_offer(r, *word, append);
    }
}
