/* SPDX-License-Identifier: MIT
 *
 * Hints for the path of a UNIX socket, or its abstract name: a file that bind() makes and the other
 * side has to find, with the rights of files. Who holds a taken one is src/net/fault_holder.c's.
 */
#include "fault_hint.h"

#include <errno.h>

#define CALL_WITH_PATH (CALL_ADDRESSED | CALL(NET_SEND))
#define CALL_REACHING (CALL(NET_CONNECT) | CALL_SEND)

static bool is_empty(const struct net_fault *fault)
{
    size_t length;
    net_address_path(&fault->address, &length);
    return net_address_family(&fault->address) == AF_UNIX && length == 0;
}

static bool ends_in_slash(const struct net_fault *fault)
{
    size_t length;
    const char *path = net_address_path(&fault->address, &length);
    return length > 0 && path[length - 1] == '/';
}

static bool is_abstract_datagram(const struct net_fault *fault)
{
    return hint_is_unix_abstract(fault) && hint_is_datagram(fault);
}

static bool is_unix_datagram(const struct net_fault *fault)
{
    return hint_is_unix(fault) && hint_is_datagram(fault);
}

/* A datagram for an address; one without goes to the peer. */
static bool is_addressed_datagram(const struct net_fault *fault)
{
    return is_unix_datagram(fault) && fault->address.length != 0;
}

static bool is_no_socket(const struct net_fault *fault)
{
    return fault->seen.standing == NET_STANDS_OTHER;
}

static bool has_directory(const struct net_fault *fault)
{
    return fault->seen.standing == NET_STANDS_DIRECTORY;
}

static const struct hint rows[] = {
    {ECONNREFUSED, CALL_REACHING, is_abstract_datagram,
     "No socket of type {type} has the abstract name {where}. Is the receiver running, and has it "
     "called bind()?",
     NULL},
    {ECONNREFUSED, CALL_REACHING, hint_is_unix_abstract,
     "No socket of type {type} listens under the abstract name {where}. Is the server running, and "
     "has it called listen()?",
     NULL},
    {ECONNREFUSED, CALL_REACHING, is_no_socket,
     "{where} is no socket, but a file or directory of another kind: nobody can be reached there. "
     "Check the path.",
     NULL},
    {ECONNREFUSED, CALL_REACHING, is_addressed_datagram,
     "{where} exists, but no program has bound a socket there any more: the receiver has ended and "
     "left the file behind. Is it running?",
     NULL},
    {ECONNREFUSED, CALL(NET_CONNECT), hint_is_unix,
     "{where} exists, but nobody listens there. The server has ended and left the file behind, or "
     "it has not called listen() yet.",
     NULL},
    {ECONNREFUSED, CALL_TRANSFER, hint_is_unix,
     "The receiver has closed its socket: nobody takes datagrams there any more. Is it running?",
     NULL},

    {EAGAIN, CALL(NET_SENDTO), is_addressed_datagram,
     "The queue of {where} is full: its program has to receive. The same call may succeed a little "
     "later.",
     NULL},

    {EACCES, CALL(NET_BIND), hint_is_unix,
     "bind() makes a file at {where}, and you may not make one there. Choose a directory in which "
     "you may write, such as /tmp.",
     NULL},
    {EACCES, CALL_REACHING, hint_is_unix,
     "You may not use the socket at {where}: that needs the right to write to that file and to "
     "pass through its directories. Its owner can give it with chmod.",
     NULL},
    {EPERM, CALL(NET_BIND), hint_is_unix,
     "No file for a socket can be made at {where}: the file system there takes none, or the "
     "directory is locked against changes. Choose another one, such as /tmp.",
     NULL},
    {EPERM, CALL_REACHING, is_unix_datagram,
     "The receiver's socket is connected to another one, and takes datagrams from that alone. "
     "Send to a socket that is bound and not connected.",
     NULL},
    {EPROTOTYPE, CALL_WITH_PATH, NULL,
     "The socket at {where} is of another type than {this}, which is {type}: one is a stream, the "
     "other takes datagrams. Both sides must use the same type.",
     NULL},
    {EINVAL, CALL(NET_SENDTO) | CALL(NET_CONNECT), is_empty,
     "An empty path names no socket. Give the path that the other side has bound.", NULL},

    {ENOENT, CALL(NET_BIND), ends_in_slash,
     "{where} ends in /, as the path of a directory does, and bind() makes a file. Leave that / "
     "out.",
     NULL},
    {ENOENT, CALL(NET_BIND), has_directory,
     "No file can be made at {where}, though its directory is there: that file system takes none, "
     "as /proc does. Choose another directory, such as /tmp.",
     NULL},
    {ENOENT, CALL(NET_BIND), NULL,
     "The directory in which {where} should stand does not exist. bind() makes the file, but no "
     "directory.",
     NULL},
    {ENOENT, CALL_REACHING, NULL,
     "There is no {where}. Is the server running, and has it bound this very path? A path without "
     "a / in front begins in the directory in which each program was started.",
     NULL},
    {ENOTDIR, CALL_WITH_PATH, NULL,
     "Something in front of a / in {where} is a file, not a directory. Check the path.", NULL},
    {EISDIR, CALL_WITH_PATH, NULL,
     "{where} is a directory, and bind() makes a file. Choose a name within it.", NULL},
    {EROFS, CALL_WITH_PATH, NULL,
     "{where} lies where nothing can be written. Choose another directory, such as /tmp.", NULL},
    {EIO, CALL(NET_BIND), NULL,
     "The disk, or whatever else {where} lies on, failed. Choose another directory, such as /tmp.",
     NULL},
    {ENOSPC, CALL(NET_BIND), NULL,
     "There is no room left for a file at {where}. Choose another directory, or delete something.",
     NULL},
    {EDQUOT, CALL(NET_BIND), NULL,
     "You have as many files, or as much in them, as you may have where {where} lies. Choose "
     "another directory, or delete something.",
     NULL},
    {ELOOP, CALL_WITH_PATH, NULL,
     "The symbolic links in {where} lead round in a circle. `ls -l` shows where each one points.",
     NULL},
    {ENAMETOOLONG, CALL_WITH_PATH, NULL,
     "The path or a part of it is too long: an AF_UNIX address has room for about 100 bytes. "
     "Choose a shorter one, or one that begins in the current directory.",
     NULL},
};

const struct hint_table hint_path = HINT_TABLE(rows);
