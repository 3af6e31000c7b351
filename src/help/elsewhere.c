/* SPDX-License-Identifier: MIT
 *
 * Words that the shell does not have, but C, Python, a command line or the field has, and what does
 * their work here or is about them. The nearest name would be a wrong answer to them: read() is not
 * recv() misspelt. Knows no Lua beyond how a call is written.
 */
#include "help/help.h"

#include <string.h>
#include <strings.h>

#define IN_C "that is C; in Lua a variable has no type: s = socket(AF_INET, SOCK_STREAM)"
#define A_PROGRAM "it is a program; another terminal runs it beside this shell"
#define A_STRUCTURE "an address needs no structure here: bind(s, \"localhost\", 12345)"
#define A_TASK "spawn(func, ...) runs a function in the background"
#define NON_BLOCKING                                                                               \
    "settimeout(s, 0) makes a socket non-blocking, settimeout(s, nil) blocking again"
#define READINESS "poll(sockets) and socket.select(readers, writers) tell which sockets are ready"
#define WATCHING "poll{s, [w] = \"w\"} waits until s can be read or w written"
#define INTERFACES "`ip link` in another terminal lists the interfaces and their numbers"
#define NO_LINES "recv(s) gives what has come, which may be less or more than a line"
#define TO_BYTES "connect() and bind() take \"127.0.0.1\" as it is; inet_pton() gives its bytes"

static const struct {
    const char *name; /* behind a colon: of a field or method alone */
    const char *here;
} words[] = {
    /* C: calls */
    {"read", "recv(s) receives"},
    {"write", "send(s, data) sends"},
    {"fork", A_TASK},
    {"pthread_create", A_TASK},
    {"unlink", "os.remove(path) removes a file"},
    {"sendmsg", "send(s, data) and sendto(s, data, host, port) send"},
    {"recvmsg", "recvfrom(s) gives data and its sender"},
    {"fcntl", NON_BLOCKING},
    {"ioctl", "settimeout(s, 0) makes a socket non-blocking, sockets() shows how much has come"},
    {"epoll_create", READINESS},
    {"epoll_create1", READINESS},
    {"perror", "an error says what it is; print(err) shows one that pcall caught"},
    {"strerror", "an error that pcall caught has its text as err.message"},
    {"gai_strerror", "an error that pcall caught has its text as err.message"},
    {"freeaddrinfo", "nothing has to be freed in Lua"},
    {"errno", "an error that pcall caught has it as err.errno"},
    {"inet_addr", TO_BYTES},
    {"inet_aton", TO_BYTES},
    {"inet_ntoa", "inet_ntop(AF_INET, bytes) makes the text of an address"},
    {"memset", A_STRUCTURE},
    {"bzero", A_STRUCTURE},
    {"sockaddr", A_STRUCTURE},
    {"printf", "print(...), or print(string.format(\"%d\", n))"},
    {"gethostbyaddr", "getnameinfo(address) gives the name of an address"},
    {"getservbyport", "getnameinfo(address) gives the name of a port's service, too"},
    {"getprotobyname", "IPPROTO_TCP, IPPROTO_UDP and the others are here by these names"},
    {"if_nametoindex", INTERFACES},
    {"if_nameindex", INTERFACES},
    /* C: words and constants */
    {"int", "C's declares a type, which Lua has none of; Python's is tonumber(text)"},
    {"char", IN_C},
    {"void", IN_C},
    {"const", IN_C},
    {"struct", "C's declares a type, which Lua has none of; Python's module is string.pack()"},
    {"unsigned", IN_C},
    {"size_t", IN_C},
    {"ssize_t", IN_C},
    {"socklen_t", IN_C},
    {"#include", "that is C; nothing has to be included here"},
    {"//", "in Lua a comment begins with --"},
    {"/*", "in Lua a comment begins with --"},
    {"NULL", "Lua's word for it is nil"},
    {"F_GETFL", NON_BLOCKING},
    {"F_SETFL", NON_BLOCKING},
    {"O_NONBLOCK", NON_BLOCKING},
    {"FIONBIO", NON_BLOCKING},
    {"FIONREAD", "sockets() shows how much has come and is not read"},
    {"FD_ZERO", READINESS},
    {"FD_SET", READINESS},
    {"FD_ISSET", READINESS},
    {"POLLIN", WATCHING},
    {"POLLOUT", WATCHING},
    {"SIGPIPE", "no signal comes: to send to a peer that has closed is the error EPIPE"},
    {"INADDR_ANY", "as a host, \"\" is every address of this computer"},
    {"INADDR_LOOPBACK", "as a host, it is \"127.0.0.1\""},
    {"INADDR_BROADCAST", "as a host, it is \"<broadcast>\""},
    /* Python: socket and its neighbours */
    {"create_server", "s = socket(), then bind(s, host, port) and listen(s)"},
    {"create_connection", "s = socket(), then connect(s, host, port)"},
    {"connect_ex", "pcall(connect, s, host, port) gives false and the error"},
    {"setblocking", NON_BLOCKING},
    {"getblocking", "gettimeout(s) gives 0 of a non-blocking socket"},
    {"setdefaulttimeout", "settimeout(s, seconds) sets it for each socket"},
    {":timeout", "gettimeout(s) gives it"},
    {":family", "getsockopt(s, SOL_SOCKET, SO_DOMAIN) gives it"},
    {":type", "getsockopt(s, SOL_SOCKET, SO_TYPE) gives it"},
    {":tcp", "socket(AF_INET, SOCK_STREAM) makes a socket for TCP"},
    {":udp", "socket(AF_INET, SOCK_DGRAM) makes a socket for UDP"},
    {":port", "getsockname(s).port is a socket's own"},
    {":fd", "fileno(s) gives it"},
    {":proto", "getsockopt(s, SOL_SOCKET, SO_PROTOCOL) gives it"},
    {":append", "table.insert(list, value) appends"},
    {":items", "for key, value in pairs(t) do print(key, value) end"},
    {":keys", "for key in pairs(t) do print(key) end"},
    {":split", "text:gmatch(\"[^,]+\") gives the parts between commas, in a for"},
    {":strip", "text:match(\"^%s*(.-)%s*$\") leaves out the spaces around a text"},
    {":startswith", "text:sub(1, 3) == \"GET\""},
    {":start", "a task runs as soon as spawn() has made it"},
    {":join", "wait(task) waits for a task, table.concat(list) joins texts"},
    {"makefile", NO_LINES},
    {":lines", NO_LINES},
    {":readline", NO_LINES},
    {"receive", "recv(s) receives"},
    {"recv_into", "recv(s, size) gives the data"},
    {"getfqdn", "gethostname() gives this computer's name"},
    {"selectors", READINESS},
    {"threading", A_TASK},
    {"sys", "exit(status) leaves the shell; a script has its arguments in arg"},
    {"time", "sleep(seconds) waits, os.time() is the clock, calls() has fractions of a second"},
    /* Python: built in */
    {"len", "#text is the length of a text or a list"},
    {"str", "tostring(value) makes a text of a value"},
    {"bytes", "a text is bytes in Lua: \"\\x00\\xff\""},
    {"bytearray", "a text is bytes in Lua: \"\\x00\\xff\""},
    {"repr", "string.format(\"%q\", text) quotes a text; the prompt does for one that is typed"},
    {"unpack", "table.unpack(list) gives a list's values, string.unpack() takes bytes apart"},
    {"input", "io.read() reads a line"},
    {"raw_input", "io.read() reads a line"},
    {"range", "for i = 1, 10 do print(i) end"},
    {"open", "io.open(name) opens a file"},
    {"dir", "Tab behind a name and a colon or dot lists what it has"},
    /* command lines */
    {"telnet", "it is a program; here connect(s, host, port) is the same step"},
    {"nc", "it is a program; here socket(), bind(), listen(), connect() are its steps"},
    {"curl", A_PROGRAM},
    {"ping", A_PROGRAM},
    {"python", "help lua shows Lua to those who know Python"},
    {"ls", A_PROGRAM},
    {"cd", A_PROGRAM},
    {"netstat", "sockets() lists the sockets of this shell"},
    {"ss", "sockets() lists the sockets of this shell"},
    {"clear", "Ctrl-L clears the screen"},
    {"cls", "Ctrl-L clears the screen"},
    {"history", "Up goes back, Ctrl-R searches"},
};

/* Words of the field that are no name here, and the topic that is about them. */
static const struct {
    const char *word, *topic;
} subjects[] = {
    {"tcp", "SOCK_STREAM"},
    {"udp", "SOCK_DGRAM"},
    {"datagram", "SOCK_DGRAM"},
    {"datagrams", "SOCK_DGRAM"},
    {"ip", "addresses"},
    {"ipv4", "AF_INET"},
    {"ipv6", "AF_INET6"},
    {"port", "addresses"},
    {"ports", "addresses"},
    {"localhost", "addresses"},
    {"address", "addresses"},
    {"unix", "AF_UNIX"},
    {"server", "listen"},
    {"client", "connect"},
    {"backlog", "listen"},
    {"broadcast", "SO_BROADCAST"},
    {"multicast", "setsockopt"},
    {"nagle", "TCP_NODELAY"},
    {"keepalive", "SO_KEEPALIVE"},
    {"linger", "SO_LINGER"},
    {"reuse", "SO_REUSEADDR"},
    {"buffer", "SO_RCVBUF"},
    {"dns", "getaddrinfo"},
    {"reset", "ECONNRESET"},
    {"rst", "ECONNRESET"},
    {"half-close", "shutdown"},
    {"oob", "MSG_OOB"},
    {"closed", "states"},
    {"syn_sent", "states"},
    {"syn_recv", "states"},
    {"established", "states"},
    {"fin_wait1", "states"},
    {"fin_wait2", "states"},
    {"close_wait", "states"},
    {"closing", "states"},
    {"last_ack", "states"},
    {"time_wait", "states"},
    {"thread", "background"},
    {"threads", "background"},
    {"threading", "background"},
    {"task", "background"},
    {"async", "background"},
    {"non-blocking", "blocking"},
    {"nonblocking", "blocking"},
    {"timeout", "timeouts"},
    {"error", "errors"},
    {"errno", "errors"},
    {"exceptions", "errors"},
    {"python", "lua"},
    {"history", "keys"},
    {"completion", "keys"},
    {"tab", "keys"},
};

const struct help_topic *help_about(const char *word)
{
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        if (strcasecmp(subjects[i].word, word) == 0)
            return help_find(subjects[i].topic);
    return NULL;
}

const char *help_elsewhere(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, name) == 0)
            return words[i].here;
    return NULL;
}

const char *help_elsewhere_field(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].name[0] == ':' && strcmp(words[i].name + 1, name) == 0)
            return words[i].here;
    return help_elsewhere(name);
}
