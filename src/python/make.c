/* SPDX-License-Identifier: MIT
 *
 * create_server() and create_connection(): one call in Python, and in the shell, where each step is
 * to be seen, one for each step.
 */
#include "inside.h"

#include <string.h>

bool make_is_needed(const struct value *v)
{
    return v->kind == KIND_SERVER || v->kind == KIND_CLIENT;
}

struct value make_socket(struct python *p, const char *name, const struct arguments *a)
{
    bool server = strcmp(name, "create_server") == 0;
    const char *address = "";
    if (a->named > 0 || a->count != 1)
        python_refuse(p, "%s is socket() with %s in Lua", name,
                      server ? "bind() and listen()" : "connect()");
    else
        address = method_address(p, &a->items[0]);
    p->notes |= NOTE_MADE;
    return value_of(address, server ? KIND_SERVER : KIND_CLIENT, LEVEL_PLACE);
}

void make_put(struct python *p, const char *name, bool closes, const struct value *v)
{
    statement_line(p, "%s%s%s = socket()", closes ? "local " : "", name, closes ? " <close>" : "");
    if (v->kind == KIND_CLIENT) {
        statement_line(p, "%s:connect(%s)", name, v->text);
        return;
    }
    statement_line(p, "%s:setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)", name);
    statement_line(p, "%s:bind(%s)", name, v->text);
    statement_line(p, "%s:listen()", name);
}
