/* SPDX-License-Identifier: MIT
 *
 * Python and the Lua for it, line by line and block by block: what the tutorials print, as they
 * print it, and what beginners write beside it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "python/python.h"

#include <stdio.h>
#include <string.h>

static const struct pair {
    const char *python, *lua;
} pairs[] = {
    /* the tutorials' lines */
    {"s.bind(('', port))", "s:bind(\"\", port)"},
    {"s.bind((host, port)) # Bind to the port", "s:bind(host, port) -- Bind to the port"},
    {"s.connect((host, port))", "s:connect(host, port)"},
    {"s.connect(('127.0.0.1', port))", "s:connect(\"127.0.0.1\", port)"},
    {"client_socket.connect(('localhost', 12345))", "client_socket:connect(\"localhost\", 12345)"},
    {"print s.recv(1024)", "print(s:recv(1024))"},
    {"print 'Got connection from', addr", "print(\"Got connection from\", addr)"},
    {"print(\"Socket binded to %s\", %(port))",
     "print(string.format(\"Socket binded to %s\", port))"},
    {"print (“ The socket is bound to %s” % ( port_number ) )",
     "print(string.format(\" The socket is bound to %s\", port_number))"},
    {"print (“ following host is connecting “ , host_ip )",
     "print(\" following host is connecting \", host_ip)"},
    {"s.bind ( ( ‘ ’, port_number ) )", "s:bind(\"\", port_number)"},
    {"host_ip = ‘127.0.0.1’ #using localhost", "host_ip = \"127.0.0.1\" -- using localhost"},
    {"c, addr = s.accept() # Establish connection with client.",
     "c, addr = s:accept() -- Establish connection with client."},
    /* the HOWTO's line got "')' expected near ','" and no Lua */
    {"(clientsocket, address) = serversocket.accept()",
     "clientsocket, address = serversocket:accept()"},
    {"s = socket.socket() # Create a socket object",
     "s = socket.socket() -- Create a socket object"},
    {"print(f\"Connection established with {addr}\")",
     "print(\"Connection established with \" .. tostring(addr))"},
    {"print(f\"Message from client: {received_data.decode()}\")",
     "print(\"Message from client: \" .. received_data:decode())"},
    {"data = {'key': 'value'}", "data = {key = \"value\"}"},
    {"client_sockets = []", "client_sockets = {}"},
    {"cs.send(b\"Welcome to the server!\")", "cs:send(\"Welcome to the server!\")"},
    /* blocks */
    {"if not data:\n    print('gone')\nelse:\n    print(data)\n",
     "if (not data or data == \"\" or data == 0) then\n  print(\"gone\")\nelse\n  "
     "print(data)\nend"},
    {"data = c.recv(10)\nif not data:\n    pass\n", "data = c:recv(10)\nif data == \"\" then\nend"},
    {"while True:\n    if x is None: break\n    x += 1\n",
     "while true do\n  if x == nil then\n    break\n  end\n  x = x + 1\nend"},
    {"while True:\nc, addr = s.accept() # Establish\nc.close()\n",
     "while true do\n  c, addr = s:accept() -- Establish\n  c:close()\nend"},
    {"for i in range(10):\n    if i != 3: continue\n    print(i)\n",
     "for i = 0, 9 do\n  if i ~= 3 then\n    goto continue\n  end\n  print(i)\n  "
     "::continue::\nend"},
    {"for x in range(9, -1, -1):\n  print(x)\n", "for x = 9, 0, -1 do\n  print(x)\nend"},
    {"for c in clients:\n\tc.close()\n", "for _, c in ipairs(clients) do\n  c:close()\nend"},
    {"def f(a, b=5):\n    c = a\n    return c\n",
     "function f(a, b)\n  local c\n  if b == nil then b = 5 end\n  c = a\n  return c\nend"},
    {"with socket.socket() as s:\n    s.connect(('::1', 80))\n",
     "do\n  local s <close> = socket.socket()\n  s:connect(\"::1\", 80)\nend"},
    {"try:\n    s.send(b'x')\nexcept BrokenPipeError:\n    print('gone')\n",
     "local ok, err = pcall(function()\n  s:send(\"x\")\nend)\n"
     "if not ok and err.name == \"EPIPE\" then\n  print(\"gone\")\n"
     "elseif not ok then\n  error(err, 0)\nend"},
    {"while True:\n    try:\n        break\n    except Exception as e:\n        print(e)\n",
     "while true do\n  local ok, err = pcall(function()\n    do return \"break\" end\n  end)\n"
     "  if not ok then\n    local e = err\n    print(e)\n"
     "  elseif err == \"break\" then\n    break\n  end\nend"},
    {"try:\n    s.close()\nfinally:\n    print('x')\n",
     "do\n  local finally <close> = setmetatable({}, {__close = function()\n    print(\"x\")\n  "
     "end})\n"
     "  s:close()\nend"},
    /* one thing each */
    {"x = None", "x = nil"},
    {"running = not True", "running = not true"},
    {"x != 5", "x ~= 5"},
    {"n = 0o17", "n = 15"},
    {"a = b[:4]", "a = b:sub(1, 4)"},
    {"a = b[4:]", "a = b:sub(5)"},
    {"a = b[:-1]", "a = b:sub(1, -2)"},
    {"a = b[-2:]", "a = b:sub(-2)"},
    {"a = b[n:m]", "a = b:sub(n + 1, m)"},
    {"x = 1 if y == 2 else 3", "x = y == 2 and 1 or 3"},
    {"a = b'\\xff\\n'", "a = \"\\xff\\n\""},
    {"a = r'\\d'", "a = \"\\\\d\""},
    {"a = f'{{{x:03d}}}'", "a = \"{\" .. string.format(\"%03d\", x) .. \"}\""},
    {"print 'a %d b %s' % (1, x)", "print(string.format(\"a %d b %s\", 1, x))"},
    {"print 'x',", "io.write(\"x\", \" \")"},
    {"print(x, end='')", "io.write(tostring(x))"},
    {"s.sendto(b'x', ('localhost', 53))", "s:sendto(\"x\", \"localhost\", 53)"},
    {"from socket import *\ns = socket(AF_INET, SOCK_DGRAM)\n", "s = socket(AF_INET, SOCK_DGRAM)"},
    {"if not a == b: pass", "if not (a == b) then\nend"},
    {"string += 1", "string_ = string_ + 1"},
};

static void check_pair(const struct pair *pair)
{
    struct buffer lua = BUFFER_EMPTY, note = BUFFER_EMPTY;
    enum python_verdict verdict = python_translate(pair->python, &lua, &note);
    if (verdict != PYTHON_YES || strcmp(buffer_text(&lua), pair->lua) != 0 || note.length == 0)
        fail_msg("%s\nverdict %d (%s)\n%s\ninstead of\n%s", pair->python, (int)verdict,
                 buffer_text(&note), buffer_text(&lua), pair->lua);
    buffer_free(&lua);
    buffer_free(&note);
}

static void test_pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        check_pair(&pairs[i]);
}

static enum python_verdict verdict_of(const char *text)
{
    struct buffer lua = BUFFER_EMPTY, note = BUFFER_EMPTY;
    enum python_verdict verdict = python_translate(text, &lua, &note);
    if (verdict == PYTHON_NO || verdict == PYTHON_MORE)
        assert_int_equal(lua.length + note.length, 0);
    if (verdict == PYTHON_NOTHING)
        assert_true(lua.length < strlen(text));
    buffer_free(&lua);
    buffer_free(&note);
    return verdict;
}

static void check_all(const char *const *texts, size_t count, enum python_verdict expected)
{
    for (size_t i = 0; i < count; i++) {
        enum python_verdict verdict = verdict_of(texts[i]);
        if (verdict != expected)
            fail_msg("%s: verdict %d instead of %d", texts[i], (int)verdict, (int)expected);
    }
}

#define CHECK_ALL(texts, expected) check_all(texts, sizeof(texts) / sizeof(texts)[0], expected)

static void test_lua_is_left_alone(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "x = 5",
        "print(x)",
        "s = socket.socket()",
        "s.listen(5)",
        "c, addr = s.accept()",
        "for i = 1, 3 do",
        "for k, v in pairs(t) do",
        "for _, x in ipairs(t) do",
        "while true do",
        "if x then",
        "if not data then",
        "function f()",
        "function f(a, b)",
        "local x =",
        "x =",
        "x = 1,",
        "t = { 1, 2,",
        "t = {",
        "s:send(",
        "s:send(\"x\"",
        "s:",
        "return {",
        "do",
        "repeat",
        "else",
        "until x == 5",
        "#t ==",
        "#t",
        "a = b +",
        "print(\"a\"",
        "x = [[",
        "x = function()",
        "if a ~= b then",
        "x = a ..",
        "goto done",
        "::done::",
        "local x <close> = accept(s)",
        "from this computer only.",
        "true in a condition.",
        "questions and answers set it.",
        "help bind",
        "recv(c",
        "spawn(function()",
        "while s:recv(5) do",
        "s.bind((",
        "f(x",
        "{ \"a\", 1 }, { \"b\", 2 },",

        "print \"a",
    };
    CHECK_ALL(texts, PYTHON_NO);
}

static void test_blocks_go_on(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "while True:",
        "while True: # for ever",
        "if not data:",
        "try:",
        "def f(a):",
        "for cs in client_sockets:",
        "with socket.socket() as s:",
        "while True:\n    x = 1",
        "while True:\nc, addr = s.accept()",
        "if x:\n    y = 1\nelse:",
        "try:\n    f()",
        "try:\n    f()\nexcept ConnectionRefusedError:",
        "if __name__ == '__main__':",
        "while True:\n    f(1,",
    };
    CHECK_ALL(texts, PYTHON_MORE);
}

static void test_blocks_end(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "while True:\n    x = 1\n",
        "while True:\n    x = 1\nprint('over')",
        "if x: print(1)",
        "try:\n    f()\nexcept OSError:\n    pass\n",
    };
    CHECK_ALL(texts, PYTHON_YES);
}

static void test_python_without_lua(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "import socket",
        "import socket # Import socket module",
        "import socket, json",
        "from socket import *",
        "import requests",
        "class A(object):\n    pass\n",
        "x = [i for i in y]",
        "# This is a comment",
        "#!/usr/bin/python # This is server.py file",
        "x = f'{y!r}'",
        "pass",
        "if x in [1, 2]: pass",
        "x = {'a': None}",
    };
    CHECK_ALL(texts, PYTHON_NOTHING);
}

static void test_calls_of_methods(void **state)
{
    (void)state;
    struct buffer lua = BUFFER_EMPTY, note = BUFFER_EMPTY;
    assert_true(python_translate_call("c, addr = s.accept()", &lua, &note));
    assert_string_equal(buffer_text(&lua), "c, addr = s:accept()");
    assert_true(note.length > 0);
    buffer_clear(&lua);
    assert_false(python_translate_call("s = socket.socket()", &lua, &note));
    assert_false(python_translate_call("s:listen(5)", &lua, &note));
    assert_int_equal(lua.length, 0);
    buffer_free(&lua);
    buffer_free(&note);
}

static void test_deep_and_broken_text(void **state)
{
    (void)state;
    char text[3001];
    static const char signs[] = "([{-~'\"\\#:, =.%f";
    memset(text, '(', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(verdict_of(text), PYTHON_NO);
    memset(text + 1500, ')', 1500);
    text[1499] = 'x';
    verdict_of(text);
    for (size_t i = 0; i < sizeof signs - 1; i++) {
        memset(text, signs[i], 200);
        text[200] = '\0';
        verdict_of(text);
    }
    memcpy(text, "x = ", 4);
    memset(text + 4, '-', 2000);
    text[2004] = '1', text[2005] = '\0';
    verdict_of(text);
}

/* An index of many digits, refused already, was counted up by one all the same, and overflowed. */
static void test_number_without_a_next(void **state)
{
    (void)state;
    assert_int_equal(verdict_of("a = [1]\nprint(a[9223372036854775807])\n"), PYTHON_NOTHING);
}

/* What `or` gives has no text of its own: it was called, deleted and handed to socket() without. */
static void test_a_choice_where_a_name_belongs(void **state)
{
    (void)state;
    static const char *const texts[] = {"x = (\"\" or y)(m)\n", "del (\"\" or y)\n",
                                        "s = socket.socket(family=\"\" or y)\n"};
    CHECK_ALL(texts, PYTHON_NOTHING);
}

/* Whatever a text's beginning is: no crash, and no Lua where the verdict has none. */
static void test_every_beginning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char text[512];
        const char *python = pairs[i].python;
        for (size_t length = 0; length <= strlen(python); length++) {
            snprintf(text, sizeof text, "%.*s", (int)length, python);
            verdict_of(text);
        }
        for (size_t from = 0; from < strlen(python); from++)
            verdict_of(python + from);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_lua_is_left_alone),
        cmocka_unit_test(test_blocks_go_on),
        cmocka_unit_test(test_blocks_end),
        cmocka_unit_test(test_python_without_lua),
        cmocka_unit_test(test_calls_of_methods),
        cmocka_unit_test(test_deep_and_broken_text),
        cmocka_unit_test(test_number_without_a_next),
        cmocka_unit_test(test_a_choice_where_a_name_belongs),
        cmocka_unit_test(test_every_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
