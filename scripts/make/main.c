/* SPDX-License-Identifier: MIT
 *
 * make_texts WHAT VERSION: runs while the program is built; nothing of it is installed.
 */
#include "make.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *what;
    void (*write)(const char *version);
} texts[] = {
    {"man", make_man},
    {"bash", make_bash},
    {"zsh", make_zsh},
    {"fish", make_fish},
    {"annotations", make_annotations},
    {"table", make_table},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 3 && i < COUNT(texts); i++) {
        if (strcmp(argv[1], texts[i].what) == 0) {
            texts[i].write(argv[2]);
            return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
        }
    }
    fputs("usage: make_texts man|bash|zsh|fish|annotations|table VERSION\n", stderr);
    return 2;
}
