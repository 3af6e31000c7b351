/* SPDX-License-Identifier: MIT
 *
 * Annotations of require "sockrepl" for editors that know LuaLS's: names, summaries and results
 * from the topics, constants from their list. The parameters' types stand here alone: Lua itself
 * has none to ask for.
 */
#include "make.h"
#include "net/name.h"

#include <stdio.h>
#include <string.h>

struct type {
    const char *name;
    const char *type;
};

/* By the parameter's name; any where it is not here. */
static const struct type parameters[] = {
    {"s", "sockrepl.socket"},
    {"family", "sockrepl.number"},
    {"type", "sockrepl.number"},
    {"protocol", "sockrepl.number|string"},
    {"level", "sockrepl.number"},
    {"option", "sockrepl.number"},
    {"how", "sockrepl.number"},
    {"flags", "sockrepl.number"},
    {"host", "string|integer|sockrepl.address|table|nil"},
    {"port", "integer|string|nil"}, /* nil where the host is a whole address */
    {"service", "integer|string|nil"},
    {"backlog", "integer"},
    {"size", "integer"},
    {"number", "integer"},
    {"data", "string"},
    {"text", "string"},
    {"bytes", "string"},
    {"name", "string"},
    {"seconds", "number|nil"},
    {"timeout", "number|nil"},
    {"value", "any"},
    {"func", "function"},
    {"task", "sockrepl.task"},
    {"sockets", "table"},
    {"readers", "sockrepl.socket[]|nil"},
    {"writers", "sockrepl.socket[]|nil"},
    {"address", "sockrepl.address|table"},
    {"table", "table"},
    {"on", "boolean"},
    {"file", "string"},
    {"of", "sockrepl.socket|string"},
    {"call", "string"},
    {"errno", "sockrepl.number|nil"},
    {"fields", "table"},
};

static const char classes[] =
    "---A constant or its number; constants combine with |.\n"
    "---@alias sockrepl.number sockrepl.constant|integer\n\n"
    "---@class sockrepl.constant\n"
    "---@field name string\n---@field value integer\n---@field kind string\n"
    "---@operator bor(sockrepl.number): sockrepl.constant\n"
    "---@operator band(sockrepl.number): integer\n\n"
    "---@class sockrepl.address\n"
    "---@field family sockrepl.constant\n---@field host string?\n---@field port integer?\n"
    "---@field path string?\n\n"
    "---What a call that fails raises.\n"
    "---@class sockrepl.error\n"
    "---@field call string\n---@field errno sockrepl.constant\n---@field name string\n"
    "---@field message string\n---@field address sockrepl.address?\n---@field hint string\n"
    "---@field sent integer?\n\n"
    "---@class sockrepl.addrinfo\n"
    "---@field family sockrepl.constant\n---@field type sockrepl.constant\n"
    "---@field protocol sockrepl.constant\n---@field canonname string?\n"
    "---@field address sockrepl.address\n\n"
    "---@class sockrepl.task\nlocal task = {}\n\n"
    "---@class sockrepl.socket\nlocal socket = {}\n\n"
    "---@class sockrepl.json\n---@field null userdata\nlocal json = {}\n";

static const char own[] =
    "---put the functions and the constants among the globals, as in the shell\n"
    "function sockrepl.globals() end\n\n"
    "---as Lua's own; the end of a cancelled task passes through it\n"
    "---@param func function\n---@param ... any\n---@return boolean, any ...\n"
    "function sockrepl.pcall(func, ...) end\n\n"
    "---as Lua's own; the end of a cancelled task passes through it\n"
    "---@param func function\n---@param handler function\n---@param ... any\n"
    "---@return boolean, any ...\n"
    "function sockrepl.xpcall(func, handler, ...) end\n\n";

static const char *type_of(const struct type *types, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(types[i].name) == length && strncmp(types[i].name, name, length) == 0)
            return types[i].type;
    return NULL;
}

/* The next parameter's name behind `*text`, and whether it stands in brackets; NULL at the end. */
static const char *next_parameter(const char **text, size_t *length, bool *optional)
{
    const char *c = *text;
    for (; *c == ' ' || *c == ',' || *c == '[' || *c == ']'; c++)
        *optional = *optional || *c == '[';
    *length = strcspn(c, " ,[])");
    *text = c + *length;
    return *length > 0 ? c : NULL;
}

static void put_parameters(const char *list, bool method)
{
    size_t length;
    bool optional = false;
    for (const char *name; (name = next_parameter(&list, &length, &optional)) != NULL;) {
        const char *type = type_of(parameters, COUNT(parameters), name, length);
        if (method) /* the socket or the task itself */
            method = false;
        else
            printf("---@param %.*s%s %s\n", (int)length, name, optional ? "?" : "",
                   type != NULL ? type : "any");
    }
}

static void put_names(const char *list, bool method)
{
    size_t length;
    bool optional = false;
    const char *separator = "";
    for (const char *name; (name = next_parameter(&list, &length, &optional)) != NULL;) {
        if (!method)
            printf("%s%.*s", separator, (int)length, name);
        separator = method ? "" : ", ";
        method = false;
    }
}

/* `owner` is "sockrepl." or, for a method, "socket:". */
static void put_function(const char *owner, const char *name, const struct help_topic *topic)
{
    bool method = owner[strlen(owner) - 1] == ':';
    const char *list = strchr(topic->signature, '(') + 1;
    printf("---%s\n", topic->summary);
    put_parameters(list, method);
    if (topic->gives != NULL)
        printf("---@return %s\n", topic->gives);
    printf("function %s%s(", owner, name);
    put_names(list, method);
    puts(") end\n");
}

static bool begins(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

static void put_topic(const struct help_topic *topic)
{
    const char *dot = strchr(topic->name, '.');
    const char *name = dot != NULL ? dot + 1 : topic->name;
    const char *list = topic->signature != NULL ? strchr(topic->signature, '(') : NULL;
    if (list == NULL)
        return;
    put_function(begins(topic->name, "json.") ? "json." : "sockrepl.", name, topic);
    if (help_is_method(topic))
        put_function("socket:", name, topic);
    if (begins(list, "(task)"))
        put_function("task:", name, topic);
}

static bool is_of_module(const struct help_topic *topic)
{
    return topic->group == HELP_CALLS || topic->group == HELP_LOOKUP ||
           topic->group == HELP_TASKS || topic->group == HELP_DATA ||
           topic->group == HELP_PICTURES || strcmp(topic->name, "trace") == 0;
}

void make_annotations(const char *version)
{
    size_t count;
    printf("---@meta sockrepl\n\n-- sockrepl %s. Made by scripts/make/annotations.c.\n\n%s\n",
           version, classes);
    puts("---The Berkeley socket calls.\n---@class sockrepl\n---@field json sockrepl.json\n"
         "---@overload fun(family?: sockrepl.number, type?: sockrepl.number, "
         "protocol?: sockrepl.number): sockrepl.socket");
    const struct net_name *names = net_names(&count);
    for (size_t i = 0; i < count; i++)
        printf("---@field %s sockrepl.constant\n", names[i].name);
    puts("local sockrepl = {}\n");
    fputs(own, stdout);
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++)
        if (is_of_module(&topics[i]))
            put_topic(&topics[i]);
    puts("return sockrepl");
}
