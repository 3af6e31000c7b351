/* SPDX-License-Identifier: MIT
 *
 * Words of other places: what they are answered with is true of this shell, and hides nothing that
 * it has.
 */
#include "help/help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void words_of_c_and_python_are_known(void **state)
{
    (void)state;
    assert_non_null(strstr(help_elsewhere("read"), "recv(s)"));
    assert_non_null(strstr(help_elsewhere("fork"), "spawn("));
    assert_non_null(strstr(help_elsewhere("create_server"), "listen(s)"));
    assert_non_null(strstr(help_elsewhere("INADDR_ANY"), "\"\""));
    assert_null(help_elsewhere("reed"));
    assert_null(help_elsewhere(""));
}

/* help udp, help server and help TIME_WAIT had no answer. */
static void words_of_the_field_lead_to_a_topic(void **state)
{
    (void)state;
    static const struct {
        const char *word, *topic;
    } cases[] = {
        {"UDP", "SOCK_DGRAM"},       {"tcp", "SOCK_STREAM"},   {"ipv6", "AF_INET6"},
        {"server", "listen"},        {"client", "connect"},    {"TIME_WAIT", "states"},
        {"threads", "background"},   {"python", "lua"},        {"non-blocking", "blocking"},
        {"backlog", "listen"},       {"unix", "AF_UNIX"},      {"broadcast", "SO_BROADCAST"},
        {"timeout", "timeouts"},     {"errno", "errors"},      {"history", "keys"},
        {"multicast", "setsockopt"}, {"nagle", "TCP_NODELAY"}, {"dns", "getaddrinfo"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct help_topic *topic = help_about(cases[i].word);
        assert_null(help_find(cases[i].word)); /* it would come first */
        assert_non_null(topic);
        assert_string_equal(topic->name, cases[i].topic);
    }
    assert_null(help_about("nothing of the kind"));
}

/* A function of the shell is never answered with another. */
static void no_topic_is_among_them(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++)
        if (help_elsewhere(topics[i].name) != NULL)
            fail_msg("%s is here", topics[i].name);
}

/* They stand within sentences and notes, which end by themselves. */
static void none_ends_like_a_sentence(void **state)
{
    (void)state;
    static const char *const words[] = {"write",  "int",   "errno",         "memset", "setblocking",
                                        "telnet", "clear", "create_server", "len",    "selectors"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *here = help_elsewhere(words[i]);
        assert_non_null(here);
        assert_int_not_equal(here[strlen(here) - 1], '.');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_c_and_python_are_known),
        cmocka_unit_test(words_of_the_field_lead_to_a_topic),
        cmocka_unit_test(no_topic_is_among_them),
        cmocka_unit_test(none_ends_like_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
