/* SPDX-License-Identifier: MIT
 *
 * Exceptions by name: Python has a class for each errno, the shell's errors have a name.
 */
#include "inside.h"

#include <string.h>

static const struct error_class {
    const char *name;
    const char *names[4]; /* of the shell's errors; none for any of them */
} classes[] = {
    {"ConnectionRefusedError", {"ECONNREFUSED"}},
    {"BrokenPipeError", {"EPIPE"}},
    {"ConnectionResetError", {"ECONNRESET"}},
    {"ConnectionAbortedError", {"ECONNABORTED"}},
    {"ConnectionError", {"ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE"}},
    {"TimeoutError", {"ETIMEDOUT"}},
    {"timeout", {"ETIMEDOUT"}},
    {"BlockingIOError", {"EAGAIN", "EINPROGRESS", "EALREADY"}},
    {"InterruptedError", {"EINTR"}},
    {"PermissionError", {"EACCES", "EPERM"}},
    {"FileNotFoundError", {"ENOENT"}},
    {"OSError", {NULL}},
    {"IOError", {NULL}},
    {"error", {NULL}},
};

static const char *class_condition(struct python *p, const struct error_class *class,
                                   const char *variable)
{
    if (class->names[0] == NULL)
        return python_say(p, "%s.name", variable);
    const char *text = "";
    for (size_t i = 0; i < 4 && class->names[i] != NULL; i++)
        text = python_say(p, "%s%s%s.name == \"%s\"", text, i > 0 ? " or " : "", variable,
                          class->names[i]);
    return class->names[1] != NULL ? python_say(p, "(%s)", text) : text;
}

bool error_has_number(const struct token *token)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (token_is(token, classes[i].name))
            return true;
    return token_is(token, "gaierror") || token_is(token, "herror");
}

const char *error_condition(struct python *p, const char *variable)
{
    if (python_sees(p, "socket") && token_is(python_peek_next(p, 1), "."))
        p->at += 2;
    const struct token *token = python_take(p);
    if (token->type != TOKEN_NAME)
        python_wrong(p);
    if (token_is(token, "Exception") || token_is(token, "BaseException"))
        return "";
    if (token_is(token, "KeyboardInterrupt") || token_is(token, "SystemExit"))
        return NULL;
    if (token_is(token, "gaierror") || token_is(token, "herror"))
        return python_say(p, "tostring(%s.name):find(\"^EAI_\")", variable);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (token_is(token, classes[i].name))
            return class_condition(p, &classes[i], variable);
    python_refuse(p, "Lua has no %.*s: its errors are told apart by err.name", (int)token->length,
                  token->start);
    return "";
}
