/* SPDX-License-Identifier: MIT
 *
 * A student's socket and the fault of a call on it, for the tests of hints: the facts are kept as
 * the shell keeps them, the errors are the kernel's own.
 */
#ifndef TESTS_NET_FAULT_CASE_H
#define TESTS_NET_FAULT_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "net/fault.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The end of a list of words. */
#define END ((const char *)NULL)

static const struct net_sys *const sys = &net_sys_real;

static inline struct net_facts case_socket(int family, int type)
{
    struct net_facts s = {.family = family, .type = type, .exists = true, .timeout = -1};
    s.fd = sys->socket(family, type, 0);
    assert_true(s.fd >= 0);
    return s;
}

static inline void case_close(struct net_facts *s)
{
    assert_int_equal(sys->close(s->fd), 0);
    s->fd = -1;
}

static inline struct net_address case_host(const char *host, int port)
{
    struct net_address a;
    assert_int_equal(net_address_from_host(AF_UNSPEC, host, port, &a), 0);
    return a;
}

static inline struct net_address case_path(const char *path)
{
    struct net_address a;
    assert_int_equal(net_address_from_path(path, strlen(path), &a), 0);
    return a;
}

static inline struct net_address case_local(const struct net_facts *s)
{
    struct net_address a = {.length = sizeof a.u};
    assert_int_equal(sys->getsockname(s->fd, &a.u.any, &a.length), 0);
    return a;
}

static inline int case_bind(const struct net_facts *s, struct net_address a)
{
    return sys->bind(s->fd, &a.u.any, a.length) == 0 ? 0 : errno;
}

static inline int case_connect(const struct net_facts *s, struct net_address a)
{
    return sys->connect(s->fd, &a.u.any, a.length) == 0 ? 0 : errno;
}

/* A listening socket at a port of the kernel's choice. */
static inline struct net_facts case_listener(void)
{
    struct net_facts s = case_socket(AF_INET, SOCK_STREAM);
    assert_int_equal(case_bind(&s, case_host("127.0.0.1", 0)), 0);
    assert_int_equal(sys->listen(s.fd, 1), 0);
    s.listening = true;
    return s;
}

static inline struct net_facts case_accept(const struct net_facts *listener)
{
    struct net_facts s = *listener;
    s.listening = false;
    s.fd = sys->accept(listener->fd, NULL, NULL);
    assert_true(s.fd >= 0);
    return s;
}

/* A client and a server that are connected. */
static inline void case_connection(struct net_facts *client, struct net_facts *server)
{
    struct net_facts listener = case_listener();
    *client = case_socket(AF_INET, SOCK_STREAM);
    assert_int_equal(case_connect(client, case_local(&listener)), 0);
    *server = case_accept(&listener);
    case_close(&listener);
}

static inline struct net_fault case_fault(enum net_call call, const struct net_facts *s, int error)
{
    struct net_fault fault = {.call = call, .error = error, .sent = -1, .facts = *s};
    fault.name = net_call_name(call);
    return fault;
}

static inline struct net_fault case_fault_at(enum net_call call, const struct net_facts *s,
                                             int error, struct net_address a)
{
    struct net_fault fault = case_fault(call, s, error);
    fault.address = a;
    return fault;
}

static inline bool case_name(void *owner, const struct net_facts *facts, struct buffer *out)
{
    (void)owner;
    (void)facts;
    buffer_puts(out, "s");
    return true;
}

/* One paragraph that a terminal may be given. */
static inline void expect_presentable(const struct buffer *hint)
{
    const char *text = buffer_text(hint);
    uint32_t code = 0;
    assert_false(hint->failed);
    for (size_t at = 0; at < hint->length;) {
        size_t size = text_decode(text + at, hint->length - at, &code);
        if (size == 0 || !text_is_printable(code))
            fail_msg("byte %zu of the hint: %s", at, text);
        at += size;
    }
}

/* The hint for the fault contains each of the words, up to END. With SHOW_HINTS in the environment
 * all are printed, to be read in a row. */
static inline void expect_hint_of(const struct net_fault *fault, const struct net_witness *witness,
                                  va_list words)
{
    struct buffer hint = BUFFER_EMPTY;
    net_fault_append_hint(&hint, sys, fault, witness);
    expect_presentable(&hint);
    for (const char *word; (word = va_arg(words, const char *));) {
        if (!strstr(buffer_text(&hint), word))
            fail_msg("\"%s\" is not in: %s", word, buffer_text(&hint));
    }
    if (getenv("SHOW_HINTS"))
        printf("%-12s %s\n", fault->name, buffer_text(&hint));
    buffer_free(&hint);
}

static inline void expect_hint(const struct net_fault *fault, ...)
{
    struct net_witness witness = {.name = case_name};
    va_list words;
    va_start(words, fault);
    expect_hint_of(fault, &witness, words);
    va_end(words);
}

#endif
