/* SPDX-License-Identifier: MIT
 *
 * Turning what was typed into something to run: an expression, a statement, or the beginning of
 * one.
 */
#ifndef LUA_EVALUATE_H
#define LUA_EVALUATE_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

enum evaluate_outcome {
    EVALUATE_READY,      /* a function is at the top of the stack */
    EVALUATE_INCOMPLETE, /* more lines are needed; nothing is pushed */
    EVALUATE_WRONG,      /* an error message is at the top of the stack */
    EVALUATE_NO_MEMORY   /* there, too */
};

/* Compiles an entry of the prompt; an expression returns its values. Text only, no bytecode. Raises
 * nothing. */
enum evaluate_outcome evaluate_compile(lua_State *L, const char *text, size_t length);

/* The same for what must be an expression; the text may go on in no further line. */
enum evaluate_outcome evaluate_expression(lua_State *L, const char *text, size_t length);

/* As luaL_loadfilex(), of text alone; NULL is standard input. Each message names the file. */
int evaluate_load_file(lua_State *L, const char *path);

#endif
