/* SPDX-License-Identifier: MIT
 *
 * The UNIX sockets of a lesson: plain names in a directory that nobody else may enter, or names in
 * the abstract namespace; so that no lesson meets another program's socket, or a file.
 */
#include "base/text.h"
#include "lua/argument.h"
#include "sandbox_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The bytes of a path, quoted, in a message. */
static int refuse_path(lua_State *L, const char *path, size_t length)
{
    struct buffer *text = binding_buffer(L);
    text_append_quoted(text, path, length, 60);
    binding_push_buffer(L, text);
    return sandbox_refuse(L, false,
                          "%s: a lesson's UNIX sockets have plain names, as \"chat\", or abstract "
                          "ones, as \"@chat\"",
                          lua_tostring(L, -1));
}

static bool is_plain(const char *name, size_t length)
{
    bool dots = (length == 1 && name[0] == '.') || (length == 2 && memcmp(name, "..", 2) == 0);
    return length > 0 && !dots && memchr(name, '/', length) == NULL &&
           memchr(name, '\0', length) == NULL;
}

/* Makes the private directory; in $TMPDIR where that leaves room for names. */
static void need_directory(lua_State *L, struct sandbox *sandbox)
{
    static const char pattern[] = "/sockrepl-XXXXXX";
    char made[sizeof sandbox->directory];
    const char *parent = getenv("TMPDIR");
    if (sandbox->directory[0] != '\0')
        return;
    if (parent == NULL || parent[0] != '/' || strlen(parent) + sizeof pattern > sizeof made)
        parent = "/tmp";
    snprintf(made, sizeof made, "%s%s", parent, pattern);
    if (mkdtemp(made) == NULL)
        luaL_error(L, "cannot make a directory for the lesson's UNIX sockets: %s", strerror(errno));
    memcpy(sandbox->directory, made, sizeof made);
}

/* The plain name in a path, which is one already or stands in the sandbox's directory; raises for
 * any other. */
static const char *plain_name(lua_State *L, const struct sandbox *sandbox, const char *path,
                              size_t *length)
{
    size_t above = strlen(sandbox->directory);
    const char *name = path;
    size_t rest = *length;
    if (above > 0 && rest > above + 1 && memcmp(path, sandbox->directory, above) == 0 &&
        path[above] == '/') {
        name += above + 1;
        rest -= above + 1;
    }
    if (!is_plain(name, rest))
        refuse_path(L, path, *length);
    *length = rest;
    return name;
}

/* Pushes the whole path of what is a name to the lesson; raises where something else than a socket
 * has it, such as a symbolic link. */
static const char *push_path(lua_State *L, struct sandbox *sandbox, const char *path, size_t length)
{
    struct stat status;
    size_t name_length = length;
    const char *name = plain_name(L, sandbox, path, &name_length);
    need_directory(L, sandbox);
    lua_pushfstring(L, "%s/", sandbox->directory);
    lua_pushlstring(L, name, name_length);
    lua_concat(L, 2);
    const char *full = lua_tostring(L, -1);
    if (lstat(full, &status) == 0 && !S_ISSOCK(status.st_mode))
        refuse_path(L, path, length);
    return full;
}

void sandbox_admit_path(lua_State *L, struct sandbox *sandbox, struct net_address *address)
{
    size_t length;
    const char *path = net_address_path(address, &length);
    if (length == 0)
        return; /* the kernel chooses */
    if (path[0] == '\0') {
        /* Those with a slash are the desktop's: its display, its bus. */
        if (memchr(path, '/', length) != NULL)
            refuse_path(L, path, length);
        return;
    }
    const char *full = push_path(L, sandbox, path, length);
    if (net_address_from_path(full, strlen(full), address) != 0)
        sandbox_refuse(L, false, "the name is too long: the lesson's directory, %s, is part of it",
                       sandbox->directory);
    lua_pop(L, 1);
}

int sandbox_remove(lua_State *L)
{
    size_t length;
    const char *name = argument_bytes(L, 1, "name", &length);
    argument_end(L, 1);
    const char *path = push_path(L, sandbox_of(L), name, length);
    return luaL_fileresult(L, unlink(path) == 0, path);
}

void sandbox_remove_directory(struct sandbox *sandbox, bool empty)
{
    if (!sandbox->owns_directory || sandbox->directory[0] == '\0')
        return;
    DIR *directory = empty ? NULL : opendir(sandbox->directory);
    const struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory != NULL)
        closedir(directory);
    if (rmdir(sandbox->directory) == 0)
        sandbox->directory[0] = '\0';
}
