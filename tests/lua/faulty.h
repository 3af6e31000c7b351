/* SPDX-License-Identifier: MIT
 *
 * What the tests of the functions share: a system whose calls fail when a test says so and which
 * keeps account of who owns which descriptor, and a shell that runs snippets on it. The snippets
 * are Lua; they order the faults themselves, by fault().
 */
#ifndef TESTS_LUA_FAULTY_H
#define TESTS_LUA_FAULTY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lua/error.h"
#include "lua/library.h"
#include "lua/task.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    FAULTY_SET_NONBLOCKING = NET_CALL_COUNT, /* no call of a student's, but it can fail */
    FAULTY_CALLS,
    FAULTY_QUEUE = 32,
    FAULTY_DESCRIPTORS = 4096
};

/* One for each test program; the functions of net_sys have no owner to hang it on. */
static struct {
    struct {
        int errors[FAULTY_QUEUE]; /* errno or EAI_ values of the next calls; 0: that one is made */
        unsigned first, count;
        long made; /* calls, failed ones included */
    } calls[FAULTY_CALLS];
    size_t most; /* bytes that one send takes; 0: any number */
    bool owned[FAULTY_DESCRIPTORS];
    long recorded; /* bytes of all records' data, which were read */
    char violation[128];
} faulty;

/* The errno that the next call of this kind shall fail with, 0 for none. */
static inline int faulty_next(int call)
{
    faulty.calls[call].made++;
    if (faulty.calls[call].first == faulty.calls[call].count)
        return 0;
    return faulty.calls[call].errors[faulty.calls[call].first++];
}

static inline bool faulty_fails(int call)
{
    int error = faulty_next(call);
    if (error != 0)
        errno = error;
    return error != 0;
}

/* Every call must be made on a descriptor that a socket of the shell owns. */
static inline void faulty_check(int fd, const char *call)
{
    bool known = fd >= 0 && fd < FAULTY_DESCRIPTORS && faulty.owned[fd];
    if (!known && faulty.violation[0] == '\0')
        snprintf(faulty.violation, sizeof faulty.violation,
                 "%s on descriptor %d, which is nobody's", call, fd);
}

static inline int faulty_own(int fd)
{
    if (fd >= 0 && fd < FAULTY_DESCRIPTORS)
        faulty.owned[fd] = true;
    return fd;
}

static inline int faulty_socket(int family, int type, int protocol)
{
    return faulty_fails(NET_SOCKET) ? -1 : faulty_own(net_sys_real.socket(family, type, protocol));
}

static inline int faulty_socketpair(int family, int type, int protocol, int fds[2])
{
    if (faulty_fails(NET_SOCKETPAIR) || net_sys_real.socketpair(family, type, protocol, fds) < 0)
        return -1;
    faulty_own(fds[0]);
    faulty_own(fds[1]);
    return 0;
}

static inline int faulty_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    faulty_check(fd, "bind");
    return faulty_fails(NET_BIND) ? -1 : net_sys_real.bind(fd, address, length);
}

static inline int faulty_listen(int fd, int backlog)
{
    faulty_check(fd, "listen");
    return faulty_fails(NET_LISTEN) ? -1 : net_sys_real.listen(fd, backlog);
}

static inline int faulty_accept(int fd, struct sockaddr *address, socklen_t *length)
{
    faulty_check(fd, "accept");
    return faulty_fails(NET_ACCEPT) ? -1 : faulty_own(net_sys_real.accept(fd, address, length));
}

/* EINTR is what a signal does to a blocking connect: the kernel goes on with it. */
static inline int faulty_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    faulty_check(fd, "connect");
    if (!faulty_fails(NET_CONNECT))
        return net_sys_real.connect(fd, address, length);
    int error = errno;
    if (error == EINTR) {
        int flags = fcntl(fd, F_GETFL);
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
        net_sys_real.connect(fd, address, length);
        fcntl(fd, F_SETFL, flags);
    }
    errno = error;
    return -1;
}

static inline size_t faulty_share(size_t length)
{
    return faulty.most > 0 && faulty.most < length ? faulty.most : length;
}

static inline ssize_t faulty_send(int fd, const void *data, size_t length, int flags)
{
    faulty_check(fd, "send");
    return faulty_fails(NET_SEND) ? -1 : net_sys_real.send(fd, data, faulty_share(length), flags);
}

static inline ssize_t faulty_sendto(int fd, const void *data, size_t length, int flags,
                                    const struct sockaddr *address, socklen_t address_length)
{
    faulty_check(fd, "sendto");
    if (faulty_fails(NET_SENDTO))
        return -1;
    return net_sys_real.sendto(fd, data, length, flags, address, address_length);
}

static inline ssize_t faulty_recv(int fd, void *data, size_t length, int flags)
{
    faulty_check(fd, "recv");
    return faulty_fails(NET_RECV) ? -1 : net_sys_real.recv(fd, data, length, flags);
}

static inline ssize_t faulty_recvfrom(int fd, void *data, size_t length, int flags,
                                      struct sockaddr *address, socklen_t *address_length)
{
    faulty_check(fd, "recvfrom");
    if (faulty_fails(NET_RECVFROM))
        return -1;
    return net_sys_real.recvfrom(fd, data, length, flags, address, address_length);
}

static inline int faulty_shutdown(int fd, int how)
{
    faulty_check(fd, "shutdown");
    return faulty_fails(NET_SHUTDOWN) ? -1 : net_sys_real.shutdown(fd, how);
}

/* Whatever close() says, the descriptor is gone, as on Linux. */
static inline int faulty_close(int fd)
{
    int error = faulty_next(NET_CLOSE);
    faulty_check(fd, "close");
    if (fd >= 0 && fd < FAULTY_DESCRIPTORS)
        faulty.owned[fd] = false;
    int result = net_sys_real.close(fd);
    if (error == 0)
        return result;
    errno = error;
    return -1;
}

static inline int faulty_getsockname(int fd, struct sockaddr *address, socklen_t *length)
{
    faulty_check(fd, "getsockname");
    return faulty_fails(NET_GETSOCKNAME) ? -1 : net_sys_real.getsockname(fd, address, length);
}

static inline int faulty_getpeername(int fd, struct sockaddr *address, socklen_t *length)
{
    faulty_check(fd, "getpeername");
    return faulty_fails(NET_GETPEERNAME) ? -1 : net_sys_real.getpeername(fd, address, length);
}

static inline int faulty_setsockopt(int fd, int level, int option, const void *value,
                                    socklen_t length)
{
    faulty_check(fd, "setsockopt");
    if (faulty_fails(NET_SETSOCKOPT))
        return -1;
    return net_sys_real.setsockopt(fd, level, option, value, length);
}

static inline int faulty_getsockopt(int fd, int level, int option, void *value, socklen_t *length)
{
    faulty_check(fd, "getsockopt");
    if (faulty_fails(NET_GETSOCKOPT))
        return -1;
    return net_sys_real.getsockopt(fd, level, option, value, length);
}

static inline int faulty_set_nonblocking(int fd, int on)
{
    faulty_check(fd, "fcntl");
    return faulty_fails(FAULTY_SET_NONBLOCKING) ? -1 : net_sys_real.set_nonblocking(fd, on);
}

static inline int faulty_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    for (nfds_t i = 0; i < count; i++)
        faulty_check(fds[i].fd, "poll");
    return faulty_fails(NET_POLL) ? -1 : net_sys_real.poll(fds, count, timeout_ms);
}

/* Runs in a thread of its own, to which starting it hands the queue over. */
static inline int faulty_getaddrinfo(const char *host, const char *service,
                                     const struct addrinfo *hints, struct addrinfo **list)
{
    int error = faulty_next(NET_GETADDRINFO);
    if (error == 0)
        return net_sys_real.getaddrinfo(host, service, hints, list);
    errno = EIO;
    return error;
}

static inline int faulty_getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
                                     socklen_t host_length, char *service, socklen_t service_length,
                                     int flags)
{
    int error = faulty_next(NET_GETNAMEINFO);
    if (error == 0)
        return net_sys_real.getnameinfo(address, length, host, host_length, service, service_length,
                                        flags);
    errno = EIO;
    return error;
}

static inline int faulty_gethostname(char *name, size_t length)
{
    return faulty_fails(NET_GETHOSTNAME) ? -1 : net_sys_real.gethostname(name, length);
}

static inline const struct net_sys *faulty_sys(void)
{
    static struct net_sys sys;
    sys = net_sys_real;
    sys.socket = faulty_socket;
    sys.socketpair = faulty_socketpair;
    sys.bind = faulty_bind;
    sys.listen = faulty_listen;
    sys.accept = faulty_accept;
    sys.connect = faulty_connect;
    sys.send = faulty_send;
    sys.sendto = faulty_sendto;
    sys.recv = faulty_recv;
    sys.recvfrom = faulty_recvfrom;
    sys.shutdown = faulty_shutdown;
    sys.close = faulty_close;
    sys.getsockname = faulty_getsockname;
    sys.getpeername = faulty_getpeername;
    sys.setsockopt = faulty_setsockopt;
    sys.getsockopt = faulty_getsockopt;
    sys.set_nonblocking = faulty_set_nonblocking;
    sys.poll = faulty_poll;
    sys.getaddrinfo = faulty_getaddrinfo;
    sys.getnameinfo = faulty_getnameinfo;
    sys.gethostname = faulty_gethostname;
    return &sys;
}

/* How many descriptors the process has. */
static inline int faulty_count_descriptors(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    assert_non_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static inline int faulty_count_threads(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/task");
    while (readdir(directory))
        count++;
    closedir(directory);
    return count - 2; /* . and .. */
}

/* A lookup that was dropped has descriptors, which come and go, until its thread ends. */
static inline void faulty_assert_descriptors(int expected)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    for (int i = 0; i < 20000 && faulty_count_threads() > 1; i++)
        nanosleep(&moment, NULL);
    assert_int_equal(faulty_count_descriptors(), expected);
}

static inline int faulty_call_of(lua_State *L, int index)
{
    const char *name = luaL_checkstring(L, index);
    if (strcmp(name, "set_nonblocking") == 0)
        return FAULTY_SET_NONBLOCKING;
    for (int call = 0; call < NET_CALL_COUNT; call++)
        if (strcmp(net_call_name((enum net_call)call), name) == 0)
            return call;
    return luaL_error(L, "no call %s", name);
}

/* fault("accept", EMFILE, 0, "EINTR", ...): how the next calls of accept fail; 0 lets one be made.
 */
static inline int faulty_order(lua_State *L)
{
    int call = faulty_call_of(L, 1);
    faulty.calls[call].first = faulty.calls[call].count = 0;
    for (int i = 2; i <= lua_gettop(L); i++) {
        luaL_argcheck(L, i - 2 < FAULTY_QUEUE, i, "too many faults");
        int error = lua_isinteger(L, i) ? (int)lua_tointeger(L, i) : 0;
        if (lua_isuserdata(L, i)) {
            lua_getfield(L, i, "value");
            error = (int)lua_tointeger(L, -1);
            lua_pop(L, 1);
        }
        faulty.calls[call].errors[faulty.calls[call].count++] = error;
    }
    return 0;
}

/* made("accept"): how often it was called since the last time that this was asked. */
static inline int faulty_made(lua_State *L)
{
    int call = faulty_call_of(L, 1);
    lua_pushinteger(L, faulty.calls[call].made);
    faulty.calls[call].made = 0;
    return 1;
}

/* most(n): no send takes more than n bytes. */
static inline int faulty_set_most(lua_State *L)
{
    faulty.most = (size_t)luaL_checkinteger(L, 1);
    return 0;
}

/* What the snippets have beside the shell's functions. */
static const char faulty_prelude[] =
    "function equal(got, expected, what)\n"
    "  if got ~= expected then\n"
    "    error((what and what .. ': ' or '') .. 'expected ' .. tostring(expected) .. ', got ' ..\n"
    "      tostring(got), 2)\n"
    "  end\n"
    "end\n"
    "function fails(name, call, ...)\n"
    "  local good, err = pcall(call, ...)\n"
    "  if good then error(name .. ' was expected, and it succeeded', 2) end\n"
    "  if type(err) ~= 'userdata' then error(name .. ' was expected, got ' .. tostring(err), 2) "
    "end\n"
    "  equal(err.name, name)\n"
    "  return err\n"
    "end\n"
    "function connection()\n"
    "  local l = socket()\n"
    "  l:bind('127.0.0.1', 0)\n"
    "  l:listen()\n"
    "  local c = socket()\n"
    "  c:connect(l:getsockname())\n"
    "  return c, accept(l), l\n"
    "end\n";

static inline int faulty_open_library(lua_State *L)
{
    luaL_openlibs(L);
    library_open(L, lua_touserdata(L, 1), NULL);
    lua_register(L, "fault", faulty_order);
    lua_register(L, "made", faulty_made);
    lua_register(L, "most", faulty_set_most);
    return 0;
}

/* A state in which everything is open; it owns the engine. */
static inline lua_State *faulty_open(void)
{
    memset(&faulty, 0, sizeof faulty);
    lua_State *L = luaL_newstate();
    assert_non_null(L);
    lua_pushcfunction(L, faulty_open_library);
    lua_pushlightuserdata(L, (void *)(uintptr_t)faulty_sys());
    if (lua_pcall(L, 1, 0, 0) != LUA_OK || luaL_dostring(L, faulty_prelude))
        fail_msg("%s", lua_tostring(L, -1));
    return L;
}

/* How the foreground ended. */
struct faulty_end {
    bool failed;
    char text[4096];
};

static inline void faulty_fill_end(struct faulty_end *end, const char *text)
{
    end->failed = true;
    snprintf(end->text, sizeof end->text, "%s", text != NULL ? text : "an error without text");
}

static inline void faulty_note_end(void *owner, struct task *task)
{
    struct faulty_end *end = owner;
    if (task->id != 0 || task->state == TASK_DONE)
        return;
    luaL_traceback(task->co, task->co, luaL_tolstring(task->co, -1, NULL), 0);
    faulty_fill_end(end, lua_tostring(task->co, -1));
    lua_pop(task->co, 2);
}

/* Reads all that a record points at: who records must hold it until then. */
static inline void faulty_note_record(void *owner, const struct net_record *record)
{
    (void)owner;
    for (size_t i = 0; i < record->data_length; i++)
        faulty.recorded += (unsigned char)record->data[i];
    for (const char *text = record->host; text != NULL && *text != '\0'; text++)
        faulty.recorded++;
    for (const char *text = record->service; text != NULL && *text != '\0'; text++)
        faulty.recorded++;
}

/* Runs the code as the foreground, between two other pieces. */
static inline void faulty_run_foreground(const char *before, const char *code, const char *after,
                                         bool records)
{
    struct faulty_end end = {.failed = false};
    lua_State *L = faulty_open();
    struct engine *e = engine_find(L);
    e->host.owner = &end;
    e->host.ended = faulty_note_end;
    e->host.recorded = records ? faulty_note_record : NULL;
    lua_pushfstring(L, "%s %s %s", before, code, after);
    if (luaL_loadbuffer(L, lua_tostring(L, -1), strlen(lua_tostring(L, -1)), "=snippet") != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
    lua_remove(L, -2);
    engine_start(e, L, 0);
    while (e->foreground != NULL)
        engine_turn(e, INFINITY);
    lua_close(L);
    if (end.failed)
        fail_msg("%s", end.text);
}

/* Runs it outside of any task, as a stock interpreter would. */
static inline void faulty_run_main(const char *code)
{
    lua_State *L = faulty_open();
    if (luaL_loadbuffer(L, code, strlen(code), "=snippet") != LUA_OK ||
        lua_pcall(L, 0, 0, 0) != LUA_OK)
        fail_msg("%s", luaL_tolstring(L, -1, NULL));
    lua_close(L);
}

/* Runs the code wherever code can run; each time all descriptors must be back afterwards, and no
 * call may have been made on one that was not the shell's. */
static inline void faulty_run(const char *code)
{
    int before = faulty_count_descriptors();
    for (int way = 0; way < 5; way++) {
        if (way == 0)
            faulty_run_foreground("", code, "", false);
        else if (way == 1)
            faulty_run_foreground("", code, "", true);
        else if (way == 2)
            faulty_run_foreground("local company = spawn(sleep, 1000)", code, "", true);
        else if (way == 3)
            faulty_run_foreground("return wait(spawn(function(...)", code, "end))", false);
        else
            faulty_run_main(code);
        assert_string_equal(faulty.violation, "");
        faulty_assert_descriptors(before);
    }
}

#endif
