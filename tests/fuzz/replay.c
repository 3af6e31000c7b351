/* SPDX-License-Identifier: MIT
 *
 * Runs a fuzz target once for each file of the folders that are named, where there is no libFuzzer:
 * what was found once must not come back.
 */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

static void run_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    HOLDS(file != NULL);
    HOLDS(fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    rewind(file);
    HOLDS(size >= 0);
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1); /* reading beyond it is noticed */
    HOLDS(data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size);
    fclose(file);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
}

static int run_folder(const char *folder)
{
    int count = 0;
    DIR *directory = opendir(folder);
    HOLDS(directory != NULL);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        run_file(folder, entry->d_name);
        count++;
    }
    closedir(directory);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += run_folder(argv[i]);
    printf("%d inputs\n", count);
    return count > 0 ? 0 : 1;
}
