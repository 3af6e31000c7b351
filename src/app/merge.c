/* SPDX-License-Identifier: MIT
 *
 * Two pages in, one out. `-o` may stand before the names or, as with compilers, behind them, where
 * the command line is a script's otherwise.
 */
#include "app/merge.h"

#include "base/text.h"
#include "page/merge.h"
#include "page/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int usage(void)
{
    fputs("usage: sockrepl --merge FILE FILE -o FILE\n", stderr);
    return 2;
}

/* A path may hold anything; `why` says what the system cannot. */
static int complain(const char *path, int error, const struct buffer *why)
{
    struct buffer text = BUFFER_EMPTY;
    text_append_safe(&text, path, strlen(path), false);
    fprintf(stderr, "sockrepl: %s: %s\n", buffer_text(&text),
            error == EINVAL && why->length > 0 ? buffer_text(why) : strerror(error));
    buffer_free(&text);
    return error == EINVAL || error == ENOENT || error == EACCES || error == EISDIR ? 2 : 1;
}

/* The name after -o; NULL where the rest of the command line is anything else. */
static const char *find_output(int argc, char **argv, const struct options *options)
{
    int rest = options->argument_first;
    if (options->output != NULL)
        return rest < argc ? NULL : options->output;
    if (rest + 1 == argc && strncmp(argv[rest], "-o", 2) == 0 && argv[rest][2] != '\0')
        return argv[rest] + 2;
    if (rest + 2 == argc && strcmp(argv[rest], "-o") == 0)
        return argv[rest + 1];
    return NULL;
}

struct merge {
    struct journal *first, *second, *both;
    struct buffer why;
};

/* "server" of "lab/server.html". */
static void append_stem(struct buffer *out, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    buffer_append(out, name, dot != NULL ? (size_t)(dot - name) : strlen(name));
}

/* The numbers of processes say nothing to who reads the page; what its two files were called does,
 * where that tells them apart. */
static void name_shells(const struct merge *merge, const char *first, const char *second)
{
    struct buffer names[2] = {BUFFER_EMPTY, BUFFER_EMPTY};
    append_stem(&names[0], first);
    append_stem(&names[1], second);
    bool known = names[0].length > 0 && names[1].length > 0 && !names[0].failed &&
                 !names[1].failed && strcmp(buffer_text(&names[0]), buffer_text(&names[1])) != 0;
    for (unsigned i = 0; i < 2; i++) {
        if (known)
            journal_set_name(i == 0 ? merge->first : merge->second, 0, buffer_text(&names[i]));
        buffer_free(&names[i]);
    }
}

static int run(struct merge *merge, const struct options *options, const char *output)
{
    int error = page_load(options->merge, &merge->first, &merge->why);
    if (error != 0)
        return complain(options->merge, error, &merge->why);
    error = page_load(options->file, &merge->second, &merge->why);
    if (error != 0)
        return complain(options->file, error, &merge->why);
    name_shells(merge, options->merge, options->file);
    error = merge_journals(merge->first, merge->second, &merge->both, &merge->why);
    if (error != 0)
        return complain(options->file, error, &merge->why);
    error = page_save(output, merge->both, NULL, &merge->why);
    return error != 0 ? complain(output, error, &merge->why) : 0;
}

int merge_files(int argc, char **argv, const struct options *options)
{
    struct merge merge = {NULL, NULL, NULL, BUFFER_EMPTY};
    const char *output = find_output(argc, argv, options);
    if (options->file == NULL || output == NULL)
        return usage();
    int status = run(&merge, options, output);
    journal_free(merge.first);
    journal_free(merge.second);
    journal_free(merge.both);
    buffer_free(&merge.why);
    return status;
}
