/* SPDX-License-Identifier: MIT
 *
 * Python typed by habit, as Lua. Text in, text out: knows the Python that tutorials on sockets and
 * beginners write and the names of the shell's functions, and neither Lua's library nor the prompt.
 * What it cannot translate it says; it never guesses silently.
 */
#ifndef PYTHON_PYTHON_H
#define PYTHON_PYTHON_H

#include "base/buffer.h"

enum python_verdict {
    PYTHON_NO,     /* not Python, or as much Lua as Python: x = 5, print(x), s.listen(5) */
    PYTHON_MORE,   /* a block that goes on, until a line that is empty or less indented */
    PYTHON_YES,    /* `lua` has the Lua for it, `note` what is different in Lua */
    PYTHON_NOTHING /* Python for which there is no Lua to run; `note` says why: import socket needs
                      nothing, a class cannot be translated. Where that is a block among other
                      statements, `lua` has those, as they came. */
};

/* Looks at what was typed: a line, or several of a block that was typed or pasted. A block is at
 * its end where the text ends with an empty line. Appends to `lua` and `note`; nothing where the
 * verdict is PYTHON_NO or PYTHON_MORE. It is for text that is not Lua: whether it is, only Lua
 * knows. Where there was no memory to look, the verdict is PYTHON_NO and `lua` has failed. */
enum python_verdict python_translate(const char *text, struct buffer *lua, struct buffer *note);

/* The Lua for an entry that is Lua as well, where Python means something else by it: s.listen(5) is
 * s:listen(5). False where Python's meaning is the same, or is not Python's; `lua` has failed where
 * there was no memory to look. */
bool python_translate_call(const char *text, struct buffer *lua, struct buffer *note);

/* A whole script as Lua. What could not be translated stays as a comment `-- PYTHON line 12: ...`,
 * and `problems` has a line for each; false where there was any. */
bool python_translate_script(const char *text, struct buffer *lua, struct buffer *problems);

#endif
