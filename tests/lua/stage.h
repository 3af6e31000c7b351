/* SPDX-License-Identifier: MIT
 *
 * What the tests of the sandbox share: a session with a lesson in it, whose statements run as a
 * player's do, one foreground after the other.
 */
#ifndef TESTS_LUA_STAGE_H
#define TESTS_LUA_STAGE_H

#include "faulty.h"

#include "lua/sandbox.h"

#include <signal.h>
#include <sys/time.h>

struct stage {
    lua_State *L;
    struct signal_notes notes; /* where stage_open_interruptible() opened it */
    struct engine *e;
    struct faulty_end end; /* of the last statement */
    char told[512];        /* what the host was told last */
    char printed[4096];    /* what print() of a lesson wrote */
    size_t print_count;
};

/* print of the stage: a host's own function, lent to the lesson. */
static inline int stage_print(lua_State *L)
{
    struct stage *stage = lua_touserdata(L, lua_upvalueindex(1));
    size_t length;
    const char *text = luaL_tolstring(L, 1, &length);
    sandbox_spend_output(L, stage->e, length);
    snprintf(stage->printed, sizeof stage->printed, "%s", text);
    stage->print_count += length;
    return 0;
}

/* interrupt(): Ctrl-C is pressed. */
static inline int stage_interrupt(lua_State *L)
{
    (void)L;
    raise(SIGINT);
    return 0;
}

static inline void stage_ring(int number)
{
    (void)number;
    raise(SIGINT);
}

/* interrupt_soon(): Ctrl-C is pressed when what follows has begun. */
static inline int stage_interrupt_soon(lua_State *L)
{
    const struct itimerval soon = {.it_value = {.tv_usec = 50000}};
    struct sigaction ring = {.sa_handler = stage_ring};
    (void)L;
    sigaction(SIGALRM, &ring, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    return 0;
}

static inline void stage_lend(lua_State *L, void *owner)
{
    struct stage *stage = owner;
    lua_pushlightuserdata(L, owner);
    lua_pushliteral(L, "print");
    lua_pushlightuserdata(L, stage->e->registering);
    lua_pushcclosure(L, stage_print, 3);
    lua_setfield(L, -2, "print");
    lua_pushcfunction(L, stage_interrupt);
    lua_setfield(L, -2, "interrupt");
    lua_pushcfunction(L, stage_interrupt_soon);
    lua_setfield(L, -2, "interrupt_soon");
    lua_pushcfunction(L, faulty_order);
    lua_setfield(L, -2, "fault");
    lua_pushcfunction(L, faulty_made);
    lua_setfield(L, -2, "made");
}

static inline void stage_note_end(void *owner, struct task *task)
{
    struct stage *stage = owner;
    faulty_note_end(&stage->end, task);
}

static inline void stage_note_told(void *owner, const char *text)
{
    struct stage *stage = owner;
    snprintf(stage->told, sizeof stage->told, "%s", text);
}

static inline void stage_open(struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    stage->L = faulty_open();
    stage->e = engine_find(stage->L);
    stage->e->host.owner = stage;
    stage->e->host.ended = stage_note_end;
    stage->e->host.told = stage_note_told;
}

static inline int stage_open_library(lua_State *L)
{
    luaL_openlibs(L);
    library_open(L, &net_sys_real, lua_touserdata(L, 1));
    return 0;
}

/* With the real system, and hearing signals. */
static inline void stage_open_interruptible(struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    memset(&faulty, 0, sizeof faulty);
    stage->L = luaL_newstate();
    lua_pushcfunction(stage->L, stage_open_library);
    lua_pushlightuserdata(stage->L, &stage->notes);
    assert_int_equal(lua_pcall(stage->L, 1, 0, 0), LUA_OK);
    stage->e = engine_find(stage->L);
    stage->e->host.owner = stage;
    stage->e->host.ended = stage_note_end;
}

static inline void stage_close(struct stage *stage)
{
    lua_close(stage->L);
    assert_string_equal(faulty.violation, "");
}

static inline void stage_enter(struct stage *stage, bool network, size_t memory)
{
    struct sandbox_policy policy = {.network = network, .memory = memory};
    policy.fill = stage_lend;
    policy.owner = stage;
    assert_int_equal(sandbox_enter(stage->L, stage->e, &policy), 0);
    if (luaL_dostring(stage->L, faulty_prelude))
        fail_msg("%s", lua_tostring(stage->L, -1));
}

/* Runs a statement; returns its error, "" for none. */
static inline const char *stage_run(struct stage *stage, const char *code)
{
    lua_State *L = stage->L;
    stage->end = (struct faulty_end){.failed = false};
    if (luaL_loadbufferx(L, code, strlen(code), "=lesson", "t") != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
    engine_start(stage->e, L, 0);
    while (stage->e->foreground != NULL)
        engine_turn(stage->e, INFINITY);
    return stage->end.text;
}

static inline void stage_works(struct stage *stage, const char *code)
{
    const char *error = stage_run(stage, code);
    if (stage->end.failed)
        fail_msg("%s\n%s", code, error);
}

static inline void stage_fails(struct stage *stage, const char *code, const char *expected)
{
    const char *error = stage_run(stage, code);
    if (!stage->end.failed || strstr(error, expected) == NULL)
        fail_msg("%s\nexpected: %s\ngot: %s", code, expected,
                 stage->end.failed ? error : "success");
}

/* The code works in a lesson. */
static inline void stage_play(const char *code)
{
    struct stage stage;
    stage_open(&stage);
    stage_enter(&stage, false, 0);
    stage_works(&stage, code);
    stage_close(&stage);
}

/* The code works in a lesson, and after it. */
static inline void stage_play_both(const char *code)
{
    struct stage stage;
    char function[8192];
    stage_open(&stage);
    stage_enter(&stage, false, 0);
    snprintf(function, sizeof function, "function of_lesson() %s end of_lesson()", code);
    stage_works(&stage, function);
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_works(&stage, "of_lesson()");
    stage_works(&stage, "wait(spawn(of_lesson))");
    stage_close(&stage);
}

#endif
