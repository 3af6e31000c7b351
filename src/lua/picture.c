/* SPDX-License-Identifier: MIT
 *
 * What all pictures share.
 */
#include "lua/picture.h"
#include "lua/address.h"
#include "lua/binding.h"

#include <lauxlib.h>
#include <string.h>

enum { DEFAULT_COLUMNS = 80 };

struct display picture_display(const struct engine *e)
{
    struct display display = {.columns = DEFAULT_COLUMNS};
    if (e->host.display != NULL)
        e->host.display(e->host.owner, &display);
    return display;
}

static int to_text(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    return 1;
}

void picture_make(lua_State *L, struct buffer *text)
{
    if (text->length > 0 && text->data[text->length - 1] == '\n')
        text->data[--text->length] = '\0'; /* the prompt's own newline follows */
    lua_createtable(L, 0, 3);
    binding_push_buffer(L, text);
    lua_pushcclosure(L, to_text, 1);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "picture");
    lua_setfield(L, -2, "__name");
    lua_setmetatable(L, -2);
}

void picture_set_text(lua_State *L, const char *field, const char *text)
{
    lua_pushstring(L, text);
    lua_setfield(L, -2, field);
}

void picture_set_address(lua_State *L, struct engine *e, const char *field,
                         const struct net_address *address)
{
    if (address->length == 0)
        return;
    address_push(L, e, address);
    lua_setfield(L, -2, field);
}

void picture_set_count(lua_State *L, const char *field, long count)
{
    if (count < 0)
        return;
    lua_pushinteger(L, count);
    lua_setfield(L, -2, field);
}

struct journal *picture_journal(lua_State *L, const struct engine *e)
{
    if (e->journal == NULL)
        luaL_error(L, "%s: nothing was recorded; trace(true), or --trace for a script, begins that",
                   binding_function(L));
    return e->journal;
}

void *picture_push_owner(lua_State *L, size_t size, lua_CFunction gc)
{
    void *owner = memset(lua_newuserdatauv(L, size, 0), 0, size);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    return owner;
}

void picture_let_go(struct journal **holder)
{
    if (*holder != NULL)
        journal_release(*holder);
    *holder = NULL;
}

static int free_hold(lua_State *L)
{
    picture_let_go(lua_touserdata(L, 1));
    return 0;
}

struct journal **picture_push_journal(lua_State *L, const struct engine *e)
{
    struct journal *journal = picture_journal(L, e);
    struct journal **holder = picture_push_owner(L, sizeof(struct journal *), free_hold);
    journal_hold(journal);
    *holder = journal;
    return holder;
}

void picture_check(lua_State *L, int error)
{
    if (error != 0)
        luaL_error(L, "%s", strerror(error));
}

void picture_set_flag(lua_State *L, const char *field, bool value)
{
    if (!value)
        return;
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, field);
}
