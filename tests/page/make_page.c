/* SPDX-License-Identifier: MIT
 *
 * make_page FOLDER: writes pages of the sample sessions, for the tests that look at them with other
 * programs' parsers and with a browser.
 */
#include "page/sample.h"

#include "page/merge.h"
#include "page/page.h"

#include <stdio.h>

static int save(const char *folder, const char *name, const struct journal *journal,
                const char *title)
{
    struct buffer path = BUFFER_EMPTY, why = BUFFER_EMPTY;
    buffer_printf(&path, "%s/%s", folder, name);
    int error = page_save(buffer_text(&path), journal, title, &why);
    if (error != 0)
        fprintf(stderr, "%s: %s\n", buffer_text(&path), strerror(error));
    buffer_free(&path);
    buffer_free(&why);
    return error;
}

/* A page, its diagram and its journal; the journal is given up. */
static int save_all(const char *folder, const char *name, struct journal *journal,
                    const char *title)
{
    static const char *const suffixes[] = {"html", "svg", "json"};
    int error = 0;
    for (int i = 0; i < 3 && error == 0; i++) {
        char file[40];
        snprintf(file, sizeof file, "%s.%s", name, suffixes[i]);
        error = save(folder, file, journal, title);
    }
    journal_free(journal);
    return error;
}

static struct journal *merged(void)
{
    struct journal *server = sample_session("lab3 (pid 4711)", SAMPLE_SERVER, 0);
    struct journal *client = sample_session("lab7 (pid 815)", SAMPLE_CLIENT, 100);
    struct journal *both = NULL;
    struct buffer why = BUFFER_EMPTY;
    if (merge_journals(server, client, &both, &why) != 0)
        abort();
    buffer_free(&why);
    journal_free(server);
    journal_free(client);
    return both;
}

int main(int argc, char **argv)
{
    const char *folder = argc == 2 ? argv[1] : ".";
    struct journal *session = sample_session("lab3 (pid 4711)", SAMPLE_BOTH, 0);
    int error = save_all(folder, "session", session, "A first server");
    if (error == 0)
        error = save_all(folder, "hostile", sample_hostile(), sample_poison());
    if (error == 0)
        error = save_all(folder, "merged", merged(), NULL);
    if (error == 0)
        error = save_all(folder, "empty", sample_journal("nobody"), NULL);
    return error == 0 ? 0 : 1;
}
