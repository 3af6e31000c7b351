/* SPDX-License-Identifier: MIT
 *
 * What Python's own documentation and the tutorials do with select, with threads, and with the
 * calls that make a socket at one stroke: each was refused, or became Lua that failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "python/python.h"

#include <stdio.h>
#include <string.h>

static void check(const char *python, enum python_verdict expected, const char *lua)
{
    struct buffer out = BUFFER_EMPTY, note = BUFFER_EMPTY;
    enum python_verdict verdict = python_translate(python, &out, &note);
    if (verdict != expected || strcmp(buffer_text(&out), lua) != 0)
        fail_msg("%s\nverdict %d (%s)\n%s\ninstead of\n%s", python, (int)verdict,
                 buffer_text(&note), buffer_text(&out), lua);
    buffer_free(&out);
    buffer_free(&note);
}

static void check_note(const char *python, const char *part)
{
    struct buffer out = BUFFER_EMPTY, note = BUFFER_EMPTY;
    (void)python_translate(python, &out, &note);
    if (strstr(buffer_text(&note), part) == NULL)
        fail_msg("%s: %s", python, buffer_text(&note));
    buffer_free(&out);
    buffer_free(&note);
}

/* It became table.unpack(select:select(...), 1, 3), and the loop was not seen to walk over a list.
 */
static void select_gives_two_lists(void **state)
{
    (void)state;
    check("import select\nr, w, x = select.select([s], out, [], 1)\nfor q in r:\n    q.close()\n",
          PYTHON_YES,
          "r, w = socket.select({s}, out, 1)\nx = {}\nfor _, q in ipairs(r) do\n  q:close()\nend");
    check("r, _, _ = select.select([s], [], [])", PYTHON_YES, "r, _ = socket.select({s}, {})");
    check("from select import select\nr, w, x = select([s], [], [])", PYTHON_YES,
          "r, w = socket.select({s}, {})\nx = {}");
    check("select.select([], [], [], 0.1)", PYTHON_YES, "socket.select({}, {}, 0.1)");
    check("r, w = select.select([s], [], [])", PYTHON_NOTHING, "");
    check("r = select.select([s], [], [])", PYTHON_NOTHING, "");
    check("r, w, x = select.select([s])", PYTHON_NOTHING, "");
    check("x = None\np = select.poll()\n", PYTHON_NOTHING, "");
    check_note("r, w, x = select.select(a, b, a)", "two lists");
}

/* Only Thread(...).start() was known, and nobody writes that. */
static void a_thread_is_a_task(void **state)
{
    (void)state;
    check("t = threading.Thread(target=serve, args=(c, addr), daemon=True)\nt.start()\n",
          PYTHON_YES, "t = spawn(serve, c, addr)");
    check("t = threading.Thread(target=serve)\nt.daemon = True\nt.setDaemon(True)\nt.start()\n"
          "t.join()\n",
          PYTHON_YES, "t = spawn(serve)\nwait(t)");
    check("threading.Thread(target=serve, args=(c,)).start()", PYTHON_YES, "spawn(serve, c)");
    check("for t in threads:\n    t.join()\n", PYTHON_YES,
          "for _, t in ipairs(threads) do\n  wait(t)\nend");
    check("t = threading.Thread(target=serve)\nx = t.start()\n", PYTHON_NOTHING, "");
    check("t = threading.Thread(target=serve)\nt.is_alive()\n", PYTHON_NOTHING, "");
    check("t = threading.Thread()", PYTHON_NOTHING, "");
    check_note("t = threading.Thread(target=serve)", "a task");
}

static void a_socket_is_made_step_by_step(void **state)
{
    (void)state;
    static const char server[] = "s = socket()\ns:setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)\n"
                                 "s:bind(\"\", 8080)\ns:listen()";
    check("s = socket.create_server(('', 8080))", PYTHON_YES, server);
    check("with socket.create_connection(('localhost', 80)) as s:\n    s.close()\n", PYTHON_YES,
          "do\n  local s <close> = socket()\n  s:connect(\"localhost\", 80)\n  s:close()\nend");
    check("s = socket.create_connection(address)", PYTHON_YES, "s = socket()\ns:connect(address)");
    check("s = socket.create_server(('', 8080), family=socket.AF_INET6)\nx = None\n",
          PYTHON_NOTHING, "");
    check("l = [socket.create_server(('', 80))]", PYTHON_NOTHING, "");
    check("socket.create_server(('', 80))", PYTHON_NOTHING, "");
}

/* The first example of the socket HOWTO raises a RuntimeError. */
static void raise_is_error(void **state)
{
    (void)state;
    check("if sent == 0:\n    raise RuntimeError('socket connection broken')\n", PYTHON_YES,
          "if sent == 0 then\n  error(\"socket connection broken\", 0)\nend");
    check("raise ValueError", PYTHON_YES, "error(\"ValueError\", 0)");
    check("raise MyError('%d' % n)", PYTHON_YES, "error(string.format(\"%d\", n), 0)");
    check("x = None\nraise OSError('x')\n", PYTHON_NOTHING,
          ""); /* a handler would ask for its errno */
    check("x = None\nraise socket.timeout('x')\n", PYTHON_NOTHING, "");
    check("x = None\nraise A('x', 2)\n", PYTHON_NOTHING, "");
    check("raise A('x') from e", PYTHON_YES, "error(\"x\", 0)");
}

/* FORMAT = 'utf-8', and then msg.encode(FORMAT): the functions themselves look at the encoding. */
static void an_encoding_may_have_a_name(void **state)
{
    (void)state;
    check("data = c.recv(64).decode(FORMAT)\nif not data: pass\n", PYTHON_YES,
          "data = c:recv(64):decode(FORMAT)\nif data == \"\" then\nend");
    check("c.send('hi'.encode(FORMAT)) # x", PYTHON_YES, "c:send((\"hi\"):encode(FORMAT)) -- x");
    check("x = None\ny = data.decode('latin-1')\n", PYTHON_NOTHING, "");
}

/* Behind its block a `with` variable may be another socket. */
static void a_name_may_be_used_again(void **state)
{
    (void)state;
    check("with socket.socket() as s:\n    pass\ns = socket.socket()\n", PYTHON_YES,
          "do\n  local s <close> = socket.socket()\nend\ns = socket.socket()");
    check("with socket.socket() as s:\n    pass\ns.close()\n", PYTHON_NOTHING, "");
}

/* Each ended as a syntax error of Lua's, without a word of Python. */
static void small_things(void **state)
{
    (void)state;
    check("assert x == 10, 'no'", PYTHON_YES, "assert(x == 10, \"no\")");
    check("assert data", PYTHON_YES, "assert((data and data ~= \"\" and data ~= 0))");
    check("'abc'.upper()", PYTHON_YES, "(\"abc\"):upper()");
    check("x = 1\n'abc'.upper() # y\n", PYTHON_YES, "x = 1\n;(\"abc\"):upper() -- y");
    check("t = Thread(target=serve, args=(c,))", PYTHON_YES, "t = spawn(serve, c)");
    check("x = y = 5", PYTHON_NOTHING, "");
    check("f = lambda a: a + 1", PYTHON_NOTHING, "");
    check("print('a', sep=', ')", PYTHON_NOTHING, "");
    check("f(x=1)", PYTHON_NOTHING, "");
    check_note("'abc'[0]", "in Lua positions are counted from 1");
}

/* The lines of a block behind the one without a translation ran by themselves: c.close(), say. */
static void a_block_is_refused_at_its_end(void **state)
{
    (void)state;
    static const char block[] = "def f(c):\n    x = None\n    i = l.index(c)\n    c.close()";
    char text[sizeof block + 8];
    for (size_t length = strlen("def f(c):\n    x = None\n    i = l.index(c)");
         block[length] != '\0'; length += strlen("\n    c.close()")) {
        snprintf(text, sizeof text, "%.*s", (int)length, block);
        check(text, PYTHON_MORE, "");
    }
    check(block, PYTHON_MORE, "");
    snprintf(text, sizeof text, "%s\n", block);
    check(text, PYTHON_NOTHING, "");
    snprintf(text, sizeof text, "%s\nx", block);
    check(text, PYTHON_NOTHING, "x");
    check("class A:", PYTHON_MORE, "");
    check("class A:\n    def f(self):\n        pass\n", PYTHON_NOTHING, "");
}

/* What was typed or pasted with a block that is refused was dropped with it, in silence: the line
 * by which a typed block ends, and all the rest of a paste. */
static void what_stands_around_a_refused_block_stays(void **state)
{
    (void)state;
    check("class A:\n    pass\nx = 5", PYTHON_NOTHING, "x = 5");
    check("class A:\n    pass\ns:listen(5)", PYTHON_NOTHING, "s:listen(5)");
    check("class A:\n    pass\nlocal function f()", PYTHON_NOTHING, "local function f()");
    check("with open('x') as f:\n    pass\n\n\nfor x in l:\n    print(x)\ny = 1\n", PYTHON_NOTHING,
          "for x in l:\n    print(x)\ny = 1");
    check("x = None\n\nclass A:\n    def f(self):\n        pass\n\n    y = 1\na = A()\n",
          PYTHON_NOTHING, "x = None\n\na = A()");
    check("  x = None\n  class A:\n      pass\n  y = None\n", PYTHON_NOTHING,
          "  x = None\n  y = None");
    check("import socket\nclass A:\n    pass\n# the end\n", PYTHON_NOTHING, "");
    check("class A:\nx = None\nf()\n", PYTHON_NOTHING, ""); /* indentation was lost */
    check_note("x = None\nclass A:\n    pass\n",
               "Python, line 2: a class has no translation: use a "
               "table and functions. The rest is on the prompt");
}

/* Its lines were taken one by one: a header does not end the block that is typed before it. */
static void a_block_behind_a_block_goes_on(void **state)
{
    (void)state;
    check("def f():\n    return None\nclass A:", PYTHON_MORE, "");
    check("class A:\n    pass\nwhile True: # for ever", PYTHON_MORE, "");
    check("class A:\n    pass\nwhile True:\n    f()", PYTHON_MORE, "");
    check("class A:\n    pass\nwhile True:\n    f()\n", PYTHON_NOTHING, "while True:\n    f()");
    check("async def f():", PYTHON_MORE, "");
    check("async def f():\n    await x\n", PYTHON_NOTHING, "");
}

static void a_module_may_have_another_name(void **state)
{
    (void)state;
    check("import socket as sk", PYTHON_YES, "sk = socket");
    check("import socket as sk, json\ns = sk.socket()\n", PYTHON_YES,
          "sk = socket\ns = socket.socket()");
    check("import threading as t\nx = None\n", PYTHON_NOTHING, "");
}

/* Of b'Hello' it was said that text is joined by .., though nothing was joined. */
static void a_letter_before_a_text_has_a_note_of_its_own(void **state)
{
    (void)state;
    check_note("s.sendall(b'Hello, world')", "no letter in front");
    check_note("x = f\"{a} {b}\"", "string.format fills in");
    check_note("(c, a) = s.accept()", "without parentheses");
}

/* Of a page that was pasted, "a class has no translation" did not say where. */
static void what_has_no_lua_is_told_by_line(void **state)
{
    (void)state;
    check_note("x = None\ny = [i for i in z]\n", "Python, line 2: ");
    check_note("y = [i for i in z]\n", "Python: ");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(select_gives_two_lists),
        cmocka_unit_test(a_thread_is_a_task),
        cmocka_unit_test(a_socket_is_made_step_by_step),
        cmocka_unit_test(raise_is_error),
        cmocka_unit_test(an_encoding_may_have_a_name),
        cmocka_unit_test(a_name_may_be_used_again),
        cmocka_unit_test(small_things),
        cmocka_unit_test(a_block_is_refused_at_its_end),
        cmocka_unit_test(what_stands_around_a_refused_block_stays),
        cmocka_unit_test(a_block_behind_a_block_goes_on),
        cmocka_unit_test(a_module_may_have_another_name),
        cmocka_unit_test(a_letter_before_a_text_has_a_note_of_its_own),
        cmocka_unit_test(what_has_no_lua_is_told_by_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
