/* SPDX-License-Identifier: MIT
 *
 * A lesson to begin with: every mark once, each explained where it stands. What is written here
 * must itself be a lesson without a mistake; a test holds that.
 */
#include "lesson/lesson.h"

static const char text[] =
    "--: about    what this lesson shows, in one line\n"
    "--: minutes  5\n"
    "\n"
    "-- A lesson is a plain Lua file. Comments whose third character is a mark belong to the\n"
    "-- player; what stands before the first step, as this does, is for you alone. Also known:\n"
    "--   partner FILE.lua       the lesson of the other side, for .partner\n"
    "--   role server            or client: which side runs first\n"
    "--   needs ipv6             or network, or two terminals\n"
    "--   skip after 2           or free, or off: whether an exercise may be skipped\n"
    "-- `sockrepl --check THIS.lua` plays it and proves that it holds.\n"
    "\n"
    "--# Make a socket\n"
    "-- The comment below a heading is told to the student, and wrapped to the screen. An empty "
    "line\n"
    "-- begins a new paragraph.\n"
    "--\n"
    "--   A line that is indented stays as it is.\n"
    "--\n"
    "-- Then the code is put on the prompt, statement by statement, and runs with Enter.\n"
    "s = socket(AF_INET, SOCK_STREAM)\n"
    "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)\n"
    "bind(s, \"localhost\", 12345)\n"
    "\n"
    "--# Predict\n"
    "--q Nothing has called listen() yet. What will state(s) say?  CLOSED | LISTEN\n"
    "--a CLOSED\n"
    "-- This explains the answer, once the student has chosen. bind() only gives an address.\n"
    "\n"
    "--# Your turn: listen\n"
    "-- An exercise says what is to be reached. Any way that reaches it is right: the condition\n"
    "-- behind the mark decides, after each line that the student types. What stands behind its "
    "--\n"
    "-- says it in words, for those who read \"Expected: s listens.\"\n"
    "--? A hint is given when it is asked for. The first one says little.\n"
    "--? The last one may say all: listen(s, 5)\n"
    "--= state(s) == \"LISTEN\" -- s listens\n"
    "--+ s:listen(1)\n"
    "--x listen(s)(5) -- listen() returns nothing that could be called: both go into one call.\n"
    "listen(s, 5)\n"
    "\n"
    "--# An error that is meant\n"
    "-- The last statement of this step must raise the error that the mark names.\n"
    "--! ECONNREFUSED\n"
    "connect(socket(), \"127.0.0.1\", 9)\n"
    "\n"
    "--# Close\n"
    "-- Leave nothing open.\n"
    "close(s)\n";

void lesson_append_template(struct buffer *out, const char *title)
{
    buffer_printf(out, "--: title    %s\n%s", title, text);
}
