/* SPDX-License-Identifier: MIT
 *
 * Python as it may be typed, pasted or given as a script: never a crash, never an endless loop, and
 * where the verdict is no nothing is written.
 */
#include "fuzz.h"

#include "python/python.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer lua = BUFFER_EMPTY, note = BUFFER_EMPTY;
    if (size > 4096)
        return 0;
    char *text = malloc(size + 1);
    HOLDS(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    enum python_verdict verdict = python_translate(text, &lua, &note);
    if (verdict == PYTHON_NO || verdict == PYTHON_MORE)
        HOLDS(lua.length == 0 && note.length == 0);
    if (verdict == PYTHON_YES)
        HOLDS(lua.length > 0);
    buffer_clear(&lua);
    buffer_clear(&note);
    python_translate_call(text, &lua, &note);
    buffer_clear(&lua);
    buffer_clear(&note);
    bool whole = python_translate_script(text, &lua, &note);
    HOLDS(whole == (note.length == 0));
    buffer_free(&lua);
    buffer_free(&note);
    free(text);
    return 0;
}
