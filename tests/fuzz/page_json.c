/* SPDX-License-Identifier: MIT
 *
 * A journal as JSON: text of any bytes is read, or refused with a reason that can be shown; what is
 * read is written, read, and written again the same. Some texts are made of journals, so that much
 * is read.
 */
#include "journal.h"

#include "page/html.h"
#include "page/json.h"

static void check_round(const struct journal *journal)
{
    struct buffer once = BUFFER_EMPTY, twice = BUFFER_EMPTY, why = BUFFER_EMPTY;
    struct journal *again = NULL;
    json_append_journal(&once, journal);
    HOLDS(!once.failed && strpbrk(buffer_text(&once), "<>&") == NULL);
    for (size_t i = 0; i < once.length; i++)
        HOLDS((once.data[i] >= ' ' && once.data[i] <= '~') || once.data[i] == '\n');
    int error = json_read_journal(once.data, once.length, &again, &why);
    HOLDS(error == 0);
    json_append_journal(&twice, again);
    HOLDS(strcmp(buffer_text(&once), buffer_text(&twice)) == 0);
    journal_free(again);
    buffer_free(&once);
    buffer_free(&twice);
    buffer_free(&why);
}

static void from_text(const char *text, size_t length)
{
    struct buffer why = BUFFER_EMPTY, page = BUFFER_EMPTY;
    struct journal *journal = NULL;
    int error = json_read_journal(text, length, &journal, &why);
    HOLDS(error == 0 || (error == EINVAL && why.length > 0 && journal == NULL));
    bytes_check_shown(buffer_text(&why), why.length, false, true);
    if (error == 0) {
        check_round(journal);
        HOLDS(html_append(&page, journal, NULL) == 0);
    }
    journal_free(journal);
    buffer_free(&page);
    buffer_free(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes b = {data, size, 0};
    if (size > 0 && data[0] == '{') {
        from_text((const char *)data, size);
        return 0;
    }
    struct journal *journal = fuzz_journal(&b);
    struct buffer text = BUFFER_EMPTY;
    json_append_journal(&text, journal);
    from_text(buffer_text(&text), text.length);
    buffer_free(&text);
    journal_free(journal);
    return 0;
}
