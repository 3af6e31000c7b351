/* SPDX-License-Identifier: MIT
 *
 * The table of help texts: that it is whole, that nothing in it contradicts itself, and that a name
 * finds its entry.
 */
#include "errnos.h"
#include "help/help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUMMARY_MAX 60
#define EXAMPLE_COLUMNS_MAX 90
#define LINE_AS_IT_STANDS_MAX 78

static const struct help_topic *exact(const char *name)
{
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(topics[i].name, name) == 0)
            return &topics[i];
    return NULL;
}

static void names_are_unique(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    assert_true(count > 150);
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(exact(topics[i].name), &topics[i]);
}

static void summaries_fit_a_line(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        const char *summary = topics[i].summary;
        assert_non_null(summary);
        assert_in_range(strlen(summary), 1, SUMMARY_MAX);
        assert_null(strchr(summary, '\n'));
        if (summary[strlen(summary) - 1] == '.')
            fail_msg("%s: the summary ends with a full stop", topics[i].name);
    }
}

static void signatures_begin_with_the_name(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        const struct help_topic *topic = &topics[i];
        const size_t length = strlen(topic->name);
        if (topic->signature == NULL)
            continue;
        assert_int_equal(strncmp(topic->signature, topic->name, length), 0);
        if (topic->group == HELP_DOTS && topic->signature[length] == ' ')
            continue; /* a command takes its argument as a word */
        if (topic->signature[length] != '(' && topic->signature[length] != '\0')
            fail_msg("%s: \"%s\"", topic->name, topic->signature);
    }
}

/* Every function says how it is called; names of numbers and subjects are not called. */
static void functions_have_signatures(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        const enum help_group group = topics[i].group;
        assert_in_range(group, 0, HELP_GROUP_COUNT - 1);
        if (group == HELP_CALLS || group == HELP_LOOKUP || group == HELP_TASKS)
            assert_non_null(topics[i].signature);
        if (group == HELP_CONSTANT || group == HELP_ERROR || group == HELP_SUBJECT)
            assert_null(topics[i].signature);
    }
}

static void names_to_see_exist(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        char names[512];
        if (topics[i].see == NULL)
            continue;
        assert_true(strlen(topics[i].see) < sizeof names);
        strcpy(names, topics[i].see);
        for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
            const struct help_topic *seen = exact(name);
            if (seen == NULL || seen == &topics[i])
                fail_msg("%s: see %s", topics[i].name, name);
        }
    }
}

/* "EBADF: the socket is closed": a page of its own for each error, and its kind is error. */
static void errors_have_topics(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        char lines[1024];
        if (topics[i].errors == NULL)
            continue;
        assert_true(strlen(topics[i].errors) < sizeof lines);
        strcpy(lines, topics[i].errors);
        for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
            char *colon = strstr(line, ": ");
            assert_non_null(colon);
            *colon = '\0';
            const struct help_topic *error = exact(line);
            if (error == NULL || error->group != HELP_ERROR)
                fail_msg("%s: error %s has no topic", topics[i].name, line);
        }
    }
}

static bool is_in(const char *names, const char *wanted)
{
    char name[ERRNOS_NAME_SIZE];
    while (errnos_next(&names, name))
        if (strcmp(name, wanted) == 0)
            return true;
    return false;
}

/* Each error that a call can fail with is explained, once. */
static void every_errno_of_every_call_has_a_topic(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRNOS_COUNT; i++) {
        char name[ERRNOS_NAME_SIZE];
        const char *names = errnos[i].names;
        assert_non_null(exact(errnos[i].call));
        while (errnos_next(&names, name)) {
            const struct help_topic *error = exact(name);
            if (error == NULL || error->group != HELP_ERROR)
                fail_msg("%s: error %s has no topic", errnos[i].call, name);
            if (is_in(names, name))
                fail_msg("%s: %s stands there twice", errnos[i].call, name);
        }
    }
}

/* And what the page of a call explains, the call can fail with. */
static void errors_of_a_page_are_in_the_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < ERRNOS_COUNT; i++) {
        const char *line = exact(errnos[i].call)->errors;
        for (; line != NULL && *line != '\0'; line += strcspn(line, "\n") + 1) {
            char name[ERRNOS_NAME_SIZE];
            snprintf(name, sizeof name, "%.*s", (int)strcspn(line, ":"), line);
            if (!is_in(errnos[i].names, name))
                fail_msg("%s: help/errnos.h does not know of %s", errnos[i].call, name);
        }
    }
}

/* Whole lines, narrow enough for a terminal, and no tabs. */
static void check_lines(const char *name, const char *text, size_t widest, bool all)
{
    if (text == NULL)
        return;
    assert_true(strlen(text) > 0 && text[strlen(text) - 1] == '\n');
    assert_null(strchr(text, '\t'));
    while (*text) {
        const size_t length = strcspn(text, "\n");
        if ((all || *text == ' ') && length > widest)
            fail_msg("%s: %zu columns: %.*s", name, length, (int)length, text);
        if (length > 0 && text[length - 1] == ' ')
            fail_msg("%s: a space at the end of: %.*s", name, (int)length, text);
        text += length + 1;
    }
}

static void lines_that_are_not_wrapped_fit(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        check_lines(topics[i].name, topics[i].text, LINE_AS_IT_STANDS_MAX, false);
        check_lines(topics[i].name, topics[i].example, EXAMPLE_COLUMNS_MAX, true);
        check_lines(topics[i].name, topics[i].errors, EXAMPLE_COLUMNS_MAX, true);
    }
}

/* An example for every function that does not end the shell. */
static void functions_have_examples(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        const char *name = topics[i].name;
        if (topics[i].signature == NULL || strchr(topics[i].signature, '(') == NULL)
            continue;
        if (strcmp(name, "exit") != 0 && strcmp(name, "quit") != 0 && topics[i].example == NULL)
            fail_msg("%s has no example", name);
    }
}

/* No example may clash with another program or reach another computer. */
static void examples_stay_at_home(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        const char *example = topics[i].example ? topics[i].example : "";
        for (const char *call = strstr(example, "bind("); call; call = strstr(call + 1, "bind(")) {
            const size_t line = strcspn(call, "\n");
            char text[128];
            assert_true(line < sizeof text);
            memcpy(text, call, line);
            text[line] = '\0';
            if (!strstr(text, ", 0)") && !strstr(text, ", 0}") && !strstr(text, ", \"\")") &&
                !strstr(text, "getsockname("))
                fail_msg("%s: a fixed address in %s", topics[i].name, text);
        }
        assert_null(strstr(example, "exit("));
    }
}

static void manual_pages_are_written_as_such(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        char pages[128];
        if (topics[i].man == NULL)
            continue;
        assert_true(strlen(topics[i].man) < sizeof pages);
        strcpy(pages, topics[i].man);
        for (char *page = strtok(pages, " "); page; page = strtok(NULL, " ")) {
            const size_t name = strcspn(page, "(");
            if (name == 0 || strlen(page) != name + 3 || !strchr("237", page[name + 1]) ||
                page[name + 2] != ')')
                fail_msg("%s: manual page %s", topics[i].name, page);
        }
    }
}

static void what_students_meet_is_there(void **state)
{
    (void)state;
    static const char names[] =
        "socket socketpair bind listen accept connect send sendall recv sendto recvfrom "
        "shutdown close getsockname getpeername setsockopt getsockopt settimeout gettimeout "
        "poll socket.select fileno gethostname gethostbyname getaddrinfo getnameinfo "
        "getservbyname inet_pton inet_ntop htons htonl ntohs ntohl json json.dumps json.loads "
        "json.null json.array encode decode spawn wait cancel tasks sleep trace help exit "
        "quit _ AF_INET AF_INET6 AF_UNIX SOCK_STREAM SOCK_DGRAM SO_REUSEADDR SO_REUSEPORT "
        "SO_KEEPALIVE SO_LINGER SO_RCVBUF SO_SNDBUF SO_RCVTIMEO SO_SNDTIMEO SO_ERROR SO_TYPE "
        "SO_BROADCAST SO_ACCEPTCONN TCP_NODELAY TCP_KEEPIDLE IPV6_V6ONLY IP_TTL MSG_PEEK "
        "MSG_DONTWAIT MSG_WAITALL MSG_OOB MSG_TRUNC MSG_NOSIGNAL SHUT_RD SHUT_WR SHUT_RDWR "
        "SOL_SOCKET IPPROTO_TCP AI_PASSIVE AI_NUMERICHOST ECONNREFUSED EADDRINUSE "
        "EADDRNOTAVAIL EACCES ENOTCONN EISCONN EINVAL EPIPE ECONNRESET ETIMEDOUT EHOSTUNREACH "
        "ENETUNREACH EAFNOSUPPORT EPROTOTYPE EPROTONOSUPPORT ESOCKTNOSUPPORT EDESTADDRREQ "
        "EMSGSIZE EMFILE ENFILE EBADF EAGAIN EWOULDBLOCK EINPROGRESS EALREADY EINTR ENOBUFS "
        "ENOMEM ENOTSOCK EOPNOTSUPP ENOPROTOOPT ECONNABORTED ENETDOWN EPERM ENOENT "
        "ENAMETOOLONG ELOOP ECANCELED EAI_NONAME EAI_AGAIN EAI_FAIL EAI_SERVICE EAI_FAMILY "
        "EAI_SOCKTYPE EAI_ADDRFAMILY EAI_NODATA EAI_SYSTEM addresses errors blocking "
        "constants lua timeouts keys scripts";
    for (const char *rest = names; *rest; rest += strspn(rest, " ")) {
        char name[HELP_NAME_MAX + 1];
        const size_t length = strcspn(rest, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, rest);
        if (help_find(name) == NULL)
            fail_msg("no topic %s", name);
        rest += length;
    }
}

static void a_name_is_found_as_it_is_typed(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *topic;
    } cases[] = {
        {"bind", "bind"},
        {"Bind", "bind"},
        {"bind()", "bind"},
        {"bind(2)", "bind"},
        {"s:bind", "bind"},
        {"s:bind()", "bind"},
        {"socket.bind", "bind"},
        {"socket.AF_INET", "AF_INET"},
        {"socket.socket", "socket"},
        {"econnrefused", "ECONNREFUSED"},
        {"select", "socket.select"},
        {"socket.select", "socket.select"},
        {"dumps", "json.dumps"},
        {"encode", "string.encode"},
        {"JSON", "json"},
        {"Lua", "lua"},
        {"_", "_"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct help_topic *found = help_find(cases[i].typed);
        if (found == NULL)
            fail_msg("%s is not found", cases[i].typed);
        assert_string_equal(found->name, cases[i].topic);
    }
}

/* Whatever stood in a file with calls became a method: s:sockets() had to be forbidden by name. */
static void methods_take_a_socket_first(void **state)
{
    (void)state;
    static const char *const methods[] = {"bind", "accept", "recv", "states", "diagram"};
    static const char *const others[] = {"socket", "sockets",     "socketpair", "socket.select",
                                         "poll",   "gethostname", "sleep",      "SO_LINGER",
                                         ".save",  "blocking"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (!help_is_method(help_find(methods[i])))
            fail_msg("%s is no method", methods[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (help_is_method(help_find(others[i])))
            fail_msg("%s is a method", others[i]);
}

static void other_names_are_not_found(void **state)
{
    (void)state;
    static const char *const names[] = {"",      "conect", "bin",       "binds", ".",
                                        "(bind", "bind.",  "socketpai", "s:",    "AF_INNET6"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (help_find(names[i]) != NULL)
            fail_msg("\"%s\" finds %s", names[i], help_find(names[i])->name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(summaries_fit_a_line),
        cmocka_unit_test(signatures_begin_with_the_name),
        cmocka_unit_test(functions_have_signatures),
        cmocka_unit_test(names_to_see_exist),
        cmocka_unit_test(errors_have_topics),
        cmocka_unit_test(every_errno_of_every_call_has_a_topic),
        cmocka_unit_test(errors_of_a_page_are_in_the_list),
        cmocka_unit_test(lines_that_are_not_wrapped_fit),
        cmocka_unit_test(functions_have_examples),
        cmocka_unit_test(examples_stay_at_home),
        cmocka_unit_test(manual_pages_are_written_as_such),
        cmocka_unit_test(what_students_meet_is_there),
        cmocka_unit_test(a_name_is_found_as_it_is_typed),
        cmocka_unit_test(methods_take_a_socket_first),
        cmocka_unit_test(other_names_are_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
