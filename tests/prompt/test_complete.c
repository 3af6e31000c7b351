/* SPDX-License-Identifier: MIT
 *
 * Tab in a real terminal: what the host is asked, what is typed for the student, what is listed.
 */
#include "demo.h"

#include "../../src/prompt/inside.h"

#include <sys/stat.h>

static void test_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char quote;
    } cases[] = {
        {"", '\0'},
        {"a", '\0'},
        {"\"", '"'},
        {"f('", '\''},
        {"f('a')", '\0'},
        {"\"it's", '"'},
        {"\"it's\" ", '\0'},
        {"\"a\\\"b", '"'},
        {"\"a\\\\\" ", '\0'},
        {"'a\\", '\''},
        {"-- don't", '\0'},
        {"-- don't\n\"", '"'},
        {"--[[ don't\n ]] '", '\''},
        {"--[[ don't\n ", '\0'},
        {"--[==[ ]=] \" ]==] 'a", '\''},
        {"--[ don't\n'", '\''},
        {"[[ \" ]] '", '\''},
        {"[[ \" ]", '\0'},
        {"[==[ ]] ' ]===] ]==]\"", '"'},
        {"t[1] = 'a", '\''},
        {"t['a'] = \"", '"'},
        {"a - b 'x", '\''},
        {"a--", '\0'},
        {"\"not closed\n", '\0'},
        {"[", '\0'},
        {"[=", '\0'},
        {"[[]]'", '\''},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int at = quote_open_at(cases[i].text, (int)strlen(cases[i].text));
        const char quote = at < 0 ? '\0' : cases[i].text[at];
        if (quote != cases[i].quote)
            print_error("%s\n", cases[i].text);
        assert_int_equal(quote, cases[i].quote);
    }
    assert_int_equal(quote_open_at("'abc'", 3), 0);
}

static void check_line(struct screen *s, const char *keys, const char *heard)
{
    settles(s);
    types(s, keys);
    types(s, "\r");
    hears(s, heard);
}

static void test_words(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    check_line(&s, "pri\t1", "line \"print 1\"");
    check_line(&s, "s:bi\t1", "line \"s:bind(1\"");
    check_line(&s, "f(soc\t", "line \"f(socket\"");
    check_line(&s, "f(socket.AF_\t", "line \"f(socket.AF_INET\"");
    check_line(&s, "x=1..pri\t", "line \"x=1..print \"");
    check_line(&s, "none\t", "line \"none\"");
    leaves(&s);
}

static void test_host_is_asked_for_the_word(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "f(socket.AF_\t");
    hears(&s, "complete \"socket.AF_\" raw");
    types(&s, ", \"two wor\t");
    hears(&s, "complete \"two wor\" raw");
    types(&s, "\" .. s:bi\t");
    hears(&s, "complete \"s:bi\" raw");
    leaves_line(&s);
    leaves(&s);
}

/* One Tab lists, each name once, without what all of them begin with. */
static void test_list(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "socket.\t");
    shows(&s, "AF_INET   AF_INET6  socket\r\n");
    shows(&s, "sock> socket.");
    leaves_line(&s);
    types(&s, "soc\t");
    shows(&s, "socket           socket.AF_INET   socket.AF_INET6  socket.socket\r\n");
    shows(&s, "sock> socket");
    leaves_line(&s);
    leaves(&s);
}

static void test_some_stand_first(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "ra\t");
    shows(&s, "raw     raz     rare_a\r\n");
    shows(&s, "sock> ra");
    leaves_line(&s);
    leaves(&s);
}

/* Two letters that differ in their last byte alone have no half in common. */
static void test_letters_stay_whole(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    check_line(&s, "na\t", "line \"na\"");
    leaves(&s);
}

static void test_long_list_asks_nothing(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "many\t");
    shows(&s, "many099");
    shows(&s, "... and 50 more\r\n");
    shows(&s, "sock> many");
    leaves_line(&s);
    leaves(&s);
}

static void test_signature_stands_above(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    types(&s, "bind(\t");
    shows(&s, "bind(s, host, port)\r\n");
    shows(&s, "sock> bind(");
    types(&s, "1)\r");
    hears(&s, "line \"bind(1)\"");
    assert_null(strchr(buffer_text(&s.shown), '\a'));
    leaves(&s);
}

static void test_tab_indents(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    check_line(&s, "\tx", "line \"    x\"");
    check_line(&s, "  \tx", "line \"      x\"");
    settles(&s);
    types(&s, "\x1b[200~do\r\x1b[201~");
    check_line(&s, "\tpri\t", "line \"do\\n    print \"");
    assert_null(strstr(buffer_text(&s.heard), "complete \"\""));
    leaves(&s);
}

static void test_pasted_tab_is_a_tab(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    check_line(&s, "\x1b[200~\tpri\tx\x1b[201~", "line \"\\tpri\\tx\"");
    assert_null(strstr(buffer_text(&s.heard), "complete"));
    leaves(&s);
}

static void test_file_names_within_quotes(void **state)
{
    (void)state;
    char folder[] = "/tmp/sockrepl-XXXXXX", name[128], keys[128], heard[256];
    assert_non_null(mkdtemp(folder));
    snprintf(name, sizeof name, "%s/my file-1.txt", folder);
    FILE *const file = fopen(name, "w");
    assert_non_null(file);
    fclose(file);
    struct screen s = screen_open("xterm", NULL);
    snprintf(keys, sizeof keys, "open(\"%s/my f\t)", folder);
    snprintf(heard, sizeof heard, "line \"open(\\\"%s\\\")\"", name);
    check_line(&s, keys, heard);
    snprintf(keys, sizeof keys, "open(%s/my\t", folder);
    snprintf(heard, sizeof heard, "line \"open(%s/my\"", folder);
    check_line(&s, keys, heard);
    leaves(&s);
    unlink(name);
    rmdir(folder);
}

/* A file name may hold anything; the list shows it escaped. */
static void test_file_name_cannot_steer_the_terminal(void **state)
{
    (void)state;
    char folder[] = "/tmp/sockrepl-XXXXXX", names[2][128], keys[128];
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < 2; i++) {
        snprintf(names[i], sizeof names[i], "%s/a%d\x1b]0;title\a", folder, i);
        assert_int_equal(mkdir(names[i], 0700), 0);
    }
    struct screen s = screen_open("xterm", NULL);
    snprintf(keys, sizeof keys, "'%s/\t", folder);
    types(&s, keys);
    shows(&s, "a0\\x1b]0;title\\x07  a1\\x1b]0;title\\x07\r\n");
    leaves_line(&s);
    leaves(&s);
    for (int i = 0; i < 2; i++)
        rmdir(names[i]);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_host_is_asked_for_the_word),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_some_stand_first),
        cmocka_unit_test(test_letters_stay_whole),
        cmocka_unit_test(test_long_list_asks_nothing),
        cmocka_unit_test(test_signature_stands_above),
        cmocka_unit_test(test_tab_indents),
        cmocka_unit_test(test_pasted_tab_is_a_tab),
        cmocka_unit_test(test_file_names_within_quotes),
        cmocka_unit_test(test_file_name_cannot_steer_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
