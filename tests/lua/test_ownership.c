/* SPDX-License-Identifier: MIT
 *
 * Who owns a descriptor: sockets are made, used, closed, dropped, polled and waited for in a random
 * order that a seed repeats, with faults in between, against a model of what each must receive. The
 * faulty system below sees each call that hits a descriptor which is nobody's; a byte that reaches
 * another socket than its own fails the model.
 */
#include "faulty.h"

enum { SEEDS = 24, STEPS = 400 };

/* The model: `list` of ends, each with what its other end sent and what it has got of that. */
static const char model[] =
    "local state = SEED * 7919 + 1\n"
    "local function random(n)\n"
    "  state = (state * 1103515245 + 12345) & 0x7fffffff\n"
    "  return (state >> 9) % n + 1\n"
    "end\n"
    "local list, workers, number = {}, {}, 0\n"
    "local door = socket() door:bind('127.0.0.1', 0) door:listen()\n"
    "local function add(s, t)\n"
    "  local one, other = { s = s, sent = '', got = 0 }, { s = t, sent = '', got = 0 }\n"
    "  one.other, other.other = other, one\n"
    "  list[#list + 1], list[#list + 2] = one, other\n"
    "end\n"
    "local function pick() return list[random(#list)] end\n"
    "local function take(x, data)\n"
    "  equal(x.other.sent:sub(x.got + 1, x.got + #data), data, 'bytes of its own other end')\n"
    "  x.got = x.got + #data\n"
    "end\n"
    "local function may(err, x, ...)\n"
    "  if type(err) ~= 'userdata' then error(err, 0) end\n"
    "  if err.name == 'EBADF' then return equal(x.s:fileno(), -1, 'EBADF of a closed one') end\n"
    "  for _, name in ipairs { ... } do if err.name == name then return end end\n"
    "  error('unexpected: ' .. err, 0)\n"
    "end\n"
    "local function receive(x, size, flags)\n"
    "  local good, data = pcall(recv, x.s, size, flags)\n"
    "  if good then take(x, data) return #data end\n"
    "  may(data, x, 'EAGAIN', 'ECONNRESET', 'ETIMEDOUT')\n"
    "  return 0\n"
    "end\n"
    "local function subset()\n"
    "  local set, ends = {}, {}\n"
    "  for i = 1, random(6) do\n"
    "    local x = pick()\n"
    "    if random(3) > 1 then set[#set + 1] = x.s else set[x.s] = random(2) > 1 and 'w' or 'rw' "
    "end\n"
    "    ends[#ends + 1] = x\n"
    "  end\n"
    "  return set, ends\n"
    "end\n"
    "local function ask(timeout)\n"
    "  local set, ends = subset()\n"
    "  local good, ready = pcall(poll, set, timeout)\n"
    "  if good then\n"
    "    for _, s in ipairs(ready) do equal(s:fileno() >= 0, true, 'a ready one is open') end\n"
    "    return\n"
    "  end\n"
    "  equal(ready.name, 'EBADF')\n"
    "  local closed = false\n"
    "  for _, x in ipairs(ends) do closed = closed or x.s:fileno() < 0 end\n"
    "  equal(closed, true, 'one of the set is closed')\n"
    "end\n"
    "local function work(...)\n"
    "  workers[#workers + 1] = spawn(...)\n"
    "end\n";

/* What a step may do, and the steps. */
static const char steps[] =
    "local actions = {\n"
    "  function() add(socketpair()) end,\n"
    "  function()\n"
    "    local c = socket()\n"
    "    c:connect(door:getsockname())\n"
    "    if random(4) == 1 then fault('accept', ECONNABORTED) pcall(accept, door) end\n"
    "    add(c, (door:accept()))\n"
    "  end,\n"
    "  function()\n"
    "    local x = pick()\n"
    "    number = number + 1\n"
    "    local text = ('<' .. number .. '>'):rep(random(50))\n"
    "    local good, sent = pcall(send, x.s, text, MSG_DONTWAIT)\n"
    "    if good then x.sent = x.sent .. text:sub(1, sent)\n"
    "    else may(sent, x, 'EAGAIN', 'EPIPE', 'ECONNRESET') end\n"
    "  end,\n"
    "  function() receive(pick(), random(300), MSG_DONTWAIT) end,\n"
    "  function() receive(pick(), random(300), MSG_DONTWAIT | MSG_WAITALL) end,\n"
    "  function() local x = pick() work(function() receive(x, random(300)) end) end,\n"
    "  function() local x = pick() work(function() receive(x, 40, MSG_WAITALL) end) end,\n"
    "  function()\n"
    "    local x = pick()\n"
    "    work(function()\n"
    "      coroutine.wrap(function() repeat until receive(x, 100) == 0 end)()\n"
    "    end)\n"
    "  end,\n"
    "  function() ask(0) end,\n"
    "  function() work(ask) end,\n"
    "  function() work(ask, 0.001) end,\n"
    "  function() if #workers > 0 then cancel(workers[random(#workers)]) end end,\n"
    "  function()\n"
    "    if random(3) == 1 then fault('close', EIO) end\n"
    "    local x = pick()\n"
    "    local good, err = pcall(close, x.s)\n"
    "    if not good then equal(err.name, 'EIO') end\n"
    "    fault('close')\n"
    "    equal(x.s:fileno(), -1)\n"
    "  end,\n"
    "  function()\n"
    "    for i, x in ipairs(list) do\n"
    "      if x.s:fileno() < 0 then\n"
    "        fails('EBADF', send, x.s, 'x') fails('EBADF', getsockname, x.s) x.s:close()\n"
    "        return table.remove(list, i)\n"
    "      end\n"
    "    end\n"
    "  end,\n"
    "  function() local x = pick() pcall(shutdown, x.s, random(3) - 1) end,\n"
    "  function() if #list > 4 then table.remove(list, random(#list)) end collectgarbage() end,\n"
    "  function() if random(2) == 1 then fault('recv', EINTR) end sleep(0) end,\n"
    "  function() sleep(0) sleep(0) end,\n"
    "}\n"
    "add(socketpair())\n"
    "for step = 1, STEPS do\n"
    "  if #list == 0 then add(socketpair()) end\n"
    "  local good, err = pcall(actions[random(#actions)])\n"
    "  if not good then error('step ' .. step .. ': ' .. tostring(err), 0) end\n"
    "end\n"
    "for _, task in ipairs(workers) do\n"
    "  cancel(task)\n"
    "  local good, err = pcall(wait, task)\n"
    "  if not good and (type(err) ~= 'userdata' or err.name ~= 'ECANCELED') then error(err, 0) "
    "end\n"
    "end\n"
    "for _, x in ipairs(list) do\n"
    "  while x.s:fileno() >= 0 and receive(x, 4096, MSG_DONTWAIT) > 0 do end\n"
    "  x.s:close()\n"
    "end\n"
    "sleep(0) equal(#tasks(), OWN)\n";

static void run_seed(int seed, bool in_task)
{
    char before[sizeof model + 128], after[64];
    snprintf(before, sizeof before, "SEED, STEPS, OWN = %d, %d, %d\n%s%s", seed, STEPS, in_task,
             in_task ? "return wait(spawn(function(...)\n" : "", model);
    snprintf(after, sizeof after, "%s", in_task ? "end))" : "");
    print_message("seed %d\n", seed);
    faulty_run_foreground(before, steps, after, seed % 2 == 0);
    assert_string_equal(faulty.violation, "");
}

static void random_lives_of_sockets(void **state)
{
    (void)state;
    run_seed(0, false); /* what the process opens once is open now */
    int before = faulty_count_descriptors();
    for (int seed = 1; seed <= SEEDS; seed++) {
        run_seed(seed, seed % 3 == 0);
        faulty_assert_descriptors(before);
    }
}

/* As above, with the model of one seed alone in a state that is closed in the middle of it: the
 * engine ends its tasks and sockets in whatever order the collector takes them. */
static void a_state_closed_in_the_middle(void **state)
{
    (void)state;
    int before = faulty_count_descriptors();
    for (int steps_made = 1; steps_made <= 60; steps_made++) {
        lua_State *L = faulty_open();
        lua_pushfstring(L,
                        "local a, b = socketpair() local l = socket() l:bind('127.0.0.1', 0)\n"
                        "l:listen()\n"
                        "for i = 1, %d do\n"
                        "  spawn(recv, a) spawn(accept, l) spawn(poll, { a, [b] = 'w', l })\n"
                        "  if i %% 3 == 0 then spawn(sleep, 1000) end\n"
                        "  if i %% 4 == 0 then spawn(gethostbyname, 'localhost') end\n"
                        "  if i %% 5 == 0 then spawn(function()\n"
                        "    local s <close> = socket() recv(a, 5, MSG_WAITALL) end) end\n"
                        "  if i %% 7 == 0 then sleep(0) end\n"
                        "end\n",
                        steps_made);
        if (luaL_dostring(L, lua_tostring(L, -1)))
            fail_msg("%s", luaL_tolstring(L, -1, NULL));
        lua_close(L);
        assert_string_equal(faulty.violation, "");
        faulty_assert_descriptors(before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_lives_of_sockets),
        cmocka_unit_test(a_state_closed_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
