/* SPDX-License-Identifier: MIT
 *
 * Whether an entry that compiles as Lua is meant as Python. Looks at the text and at what its names
 * stand for, and calls nothing.
 */
#ifndef APP_HABIT_SPOT_H
#define APP_HABIT_SPOT_H

#include <lua.h>
#include <stdbool.h>

enum habit_spot {
    HABIT_LUA,
    HABIT_PYTHON, /* print(f"..."), x = True */
    HABIT_CALL    /* text.decode(): for python_translate_call() */
};

enum habit_spot habit_spot(lua_State *L, const char *text);

#endif
