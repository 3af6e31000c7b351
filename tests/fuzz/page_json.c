/* SPDX-License-Identifier: MIT
 *
 * A journal of a stranger's: what is read is written so that it reads the same again, and a page
 * can be made of it; what is not read is refused in words.
 */
#include "fuzz.h"

#include "page/html.h"
#include "page/json.h"

#include <errno.h>
#include <string.h>

static void write_again(const struct journal *journal)
{
    struct buffer once = BUFFER_EMPTY, twice = BUFFER_EMPTY, why = BUFFER_EMPTY;
    struct journal *back = NULL;
    json_append_journal(&once, journal);
    HOLDS(json_read_journal(buffer_text(&once), once.length, &back, &why) == 0);
    json_append_journal(&twice, back);
    HOLDS(once.length == twice.length && memcmp(once.data, twice.data, once.length) == 0);
    journal_free(back);
    buffer_free(&once);
    buffer_free(&twice);
    buffer_free(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer why = BUFFER_EMPTY, page = BUFFER_EMPTY;
    struct journal *journal = NULL;
    int error = json_read_journal((const char *)data, size, &journal, &why);
    HOLDS(error == 0 || (error == EINVAL && why.length > 0 && journal == NULL));
    if (error == 0) {
        write_again(journal);
        HOLDS(html_append(&page, journal, NULL) == 0);
    }
    journal_free(journal);
    buffer_free(&why);
    buffer_free(&page);
    return 0;
}
