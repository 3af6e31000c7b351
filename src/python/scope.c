/* SPDX-License-Identifier: MIT
 *
 * Names: how Lua spells them, where they are known, and what kind of value they hold as far as the
 * text tells.
 */
#include "inside.h"

#include <string.h>

const char *scope_spell(struct python *p, const struct token *name)
{
    /* Lua's keywords, and the functions that a translation itself calls. */
    static const char taken[] =
        " do elseif end false function goto local nil repeat then true until string table math "
        "tostring tonumber ipairs pairs pcall error next setmetatable is_true type json sleep io ";
    if (!token_is_word(name->start, name->length, taken))
        return python_keep(p, name->start, name->length);
    p->notes |= NOTE_RENAMED;
    return python_say(p, "%.*s_", (int)name->length, name->start);
}

struct name *scope_find(struct scope *scope, const char *name)
{
    for (struct name *n = scope->names; n != NULL; n = n->next)
        if (strcmp(n->name, name) == 0)
            return n;
    return scope->outer != NULL ? scope_find(scope->outer, name) : NULL;
}

struct name *scope_define(struct python *p, const char *name)
{
    for (struct name *n = p->scope->names; n != NULL; n = n->next)
        if (strcmp(n->name, name) == 0)
            return n;
    struct name *n = python_allocate(p, sizeof *n);
    if (n == NULL)
        return NULL;
    *n = (struct name){.name = name, .next = p->scope->names};
    p->scope->names = n;
    return n;
}

/* A name that has held values of two kinds is of no kind. */
void scope_assign(struct python *p, const char *name, enum kind kind)
{
    struct name *n = scope_define(p, name);
    if (n == NULL)
        return;
    if (n->constant)
        python_refuse(p, "%s belongs to a `with` here, and Lua does not let it be assigned", name);
    if (n->global && p->scope->outer != NULL) {
        struct scope *top = p->scope;
        while (top->outer != NULL)
            top = top->outer;
        struct name *outer = scope_find(top, name);
        if (outer != NULL)
            outer->kind = outer->kind == kind ? kind : KIND_UNKNOWN;
    }
    bool text = (n->kind == KIND_TEXT || n->kind == KIND_BYTES) &&
                (kind == KIND_TEXT || kind == KIND_BYTES);
    n->kind = !n->assigned || n->kind == kind || text ? kind : KIND_UNKNOWN;
    n->assigned = true;
    n->module = NULL;
    n->gone = false;
}
