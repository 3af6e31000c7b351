/* SPDX-License-Identifier: MIT
 *
 * Questions about what was called, for the goals of lessons: called, failed, sent, received. They
 * judge by the record of calls, never by the text that was typed.
 */
#ifndef LUA_JUDGE_H
#define LUA_JUDGE_H

#include "lua/engine.h"

/* From now on the questions are about calls that come after this. */
void judge_mark(struct engine *e);

/* Adds the functions to the table at the top of the stack. */
void judge_open(lua_State *L, struct engine *e);

#endif
