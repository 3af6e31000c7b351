/* SPDX-License-Identifier: MIT
 *
 * An allocator around Lua's own, which counts, and which refuses memory to a lesson that wants too
 * much: Lua then collects what it can, and raises "not enough memory".
 *
 * Only code in a task is refused; what the shell itself does outside of any could not be caught.
 */
#include "lua/task.h"
#include "sandbox_inside.h"

#include <lauxlib.h>
#include <stdint.h>
#include <stdlib.h>

/* What an entry may have where a lesson has taken all: enough to give something back. */
#define LAST_BYTES ((size_t)1 << 20)

static const char memory_key = 0; /* of the registry */

struct sandbox_memory {
    struct engine *engine;
    lua_Alloc inner;
    void *inner_owner;
    size_t used;
    size_t most; /* as the policy says */
    size_t limit;
};

/* Whether the code that runs is a lesson's, or may be: an entry of the prompt while one plays. */
static bool is_limited(const struct engine *e)
{
    if (e->running == NULL || e->running == e->L)
        return false;
    return e->sandbox != NULL || (e->current != NULL && e->current->sandbox != NULL);
}

static void *allocate(void *owner, void *block, size_t old, size_t size)
{
    struct sandbox_memory *memory = owner;
    if (block == NULL)
        old = 0; /* it says what the block is for */
    bool grows = size > old;
    if (grows && memory->used + (size - old) > memory->limit && is_limited(memory->engine))
        return NULL;
    void *result = memory->inner(memory->inner_owner, block, old, size);
    if (result != NULL || size == 0)
        memory->used = memory->used + size - old;
    return result;
}

/* Lua frees the rest of its state by the allocator that it began with. */
static int memory_gc(lua_State *L)
{
    struct sandbox_memory **owner = lua_touserdata(L, 1);
    if (*owner == NULL)
        return 0;
    lua_setallocf(L, (*owner)->inner, (*owner)->inner_owner);
    (*owner)->engine->memory = NULL;
    free(*owner);
    *owner = NULL;
    return 0;
}

void sandbox_count_memory(lua_State *L, struct engine *e)
{
    if (e->memory != NULL)
        return;
    struct sandbox_memory **owner = lua_newuserdatauv(L, sizeof(struct sandbox_memory *), 0);
    *owner = NULL;
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, memory_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &memory_key);
    struct sandbox_memory *memory = malloc(sizeof *memory);
    if (memory == NULL) {
        luaL_error(L, "not enough memory");
        return;
    }
    memory->engine = e;
    memory->inner = lua_getallocf(L, &memory->inner_owner);
    memory->most = memory->limit = SIZE_MAX;
    memory->used = (size_t)lua_gc(L, LUA_GCCOUNT) * 1024 + (size_t)lua_gc(L, LUA_GCCOUNTB);
    *owner = e->memory = memory;
    lua_setallocf(L, allocate, memory);
}

void sandbox_limit_memory(struct engine *e, size_t most)
{
    e->memory->most = e->memory->limit = e->memory->used + most;
}

void sandbox_refill_memory(struct engine *e)
{
    struct sandbox_memory *memory = e->memory;
    if (memory == NULL)
        return;
    size_t least = memory->used + LAST_BYTES;
    memory->limit = least > memory->most ? least : memory->most;
}
