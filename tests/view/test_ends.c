/* SPDX-License-Identifier: MIT
 *
 * Which sockets of a journal are the two ends of one conversation.
 */
#include "view/ends.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct scene {
    struct journal *journal;
    unsigned origin;
    unsigned long serials;
    int fd;
};

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    scene->fd = 3;
    *state = scene;
    return journal_new(JOURNAL_BUDGET, "test", &scene->journal);
}

static int close_scene(void **state)
{
    struct scene *scene = *state;
    journal_free(scene->journal);
    free(scene);
    return 0;
}

static struct net_address at(const char *host, int port)
{
    struct net_address a;
    assert_int_equal(net_address_from_host(AF_UNSPEC, host, port, &a), 0);
    return a;
}

static struct net_address path(const char *name)
{
    struct net_address a;
    assert_int_equal(net_address_from_path(name, strlen(name), &a), 0);
    return a;
}

static void add(struct scene *scene, struct net_record *record)
{
    struct journal_entry entry = {.kind = JOURNAL_CALL, .origin = scene->origin};
    entry.record = *record;
    journal_add(scene->journal, &entry);
}

static unsigned long make(struct scene *scene, int family, int type)
{
    struct net_record r = {.call = NET_SOCKET, .fd = -1, .family = family, .type = type};
    r.result = scene->fd++;
    r.made[0] = ++scene->serials;
    add(scene, &r);
    return r.made[0];
}

static struct net_record call_on(unsigned long serial, enum net_call call, int family, int type)
{
    struct net_record r = {.call = call, .fd = 3, .serial = serial, .family = family};
    r.type = type;
    return r;
}

static void name(struct scene *scene, unsigned long serial, enum net_call call, int type,
                 struct net_address address)
{
    struct net_record r = call_on(serial, call, net_address_family(&address), type);
    r.address = address;
    add(scene, &r);
}

static unsigned long listen_at(struct scene *scene, struct net_address address)
{
    unsigned long serial = make(scene, net_address_family(&address), SOCK_STREAM);
    name(scene, serial, NET_BIND, SOCK_STREAM, address);
    struct net_record r = call_on(serial, NET_LISTEN, net_address_family(&address), SOCK_STREAM);
    add(scene, &r);
    return serial;
}

static unsigned long connect_to(struct scene *scene, struct net_address local,
                                struct net_address peer)
{
    int family = net_address_family(&peer);
    unsigned long serial = make(scene, family, SOCK_STREAM);
    struct net_view view = {.local = local, .peer = peer};
    struct net_record r = call_on(serial, NET_CONNECT, family, SOCK_STREAM);
    r.address = peer;
    r.view = &view;
    add(scene, &r);
    return serial;
}

static unsigned long accept_from(struct scene *scene, unsigned long listener,
                                 struct net_address local, struct net_address peer)
{
    struct net_view view = {.local = local, .peer = peer};
    struct net_record r = call_on(listener, NET_ACCEPT, net_address_family(&local), SOCK_STREAM);
    r.result = scene->fd++;
    r.made[0] = ++scene->serials;
    r.address = peer;
    r.view = &view;
    add(scene, &r);
    return r.made[0];
}

static struct ends read_ends(struct scene *scene)
{
    struct ends ends;
    assert_int_equal(ends_read(scene->journal, NULL, 0, &ends), 0);
    return ends;
}

static void assert_partners(const struct ends *ends, int one, int other)
{
    assert_int_not_equal(one, ENDS_NONE);
    assert_int_not_equal(other, ENDS_NONE);
    assert_int_equal(ends->list[one].partner, other);
    assert_int_equal(ends->list[other].partner, one);
}

/* stream() said of such a client's peer that it was outside this shell. */
static void a_client_of_ipv4_is_matched_at_a_listener_of_ipv6(void **state)
{
    struct scene *scene = *state;
    unsigned long s = listen_at(scene, at("::", 80));
    unsigned long a = connect_to(scene, at("127.0.0.1", 5001), at("127.0.0.1", 80));
    unsigned long b = connect_to(scene, at("127.0.0.1", 5002), at("127.0.0.1", 80));
    unsigned long of_b =
        accept_from(scene, s, at("::ffff:127.0.0.1", 80), at("::ffff:127.0.0.1", 5002));
    struct ends ends = read_ends(scene);
    assert_partners(&ends, ends_find(&ends, 0, b), ends_find(&ends, 0, of_b));
    assert_int_equal(ends.list[ends_find(&ends, 0, a)].partner, ENDS_NONE);
    ends_free(&ends);
}

static void connections_are_matched_by_their_addresses(void **state)
{
    struct scene *scene = *state;
    struct net_address server = at("127.0.0.1", 80);
    unsigned long s = listen_at(scene, server);
    unsigned long a = connect_to(scene, at("127.0.0.1", 5001), server);
    unsigned long b = connect_to(scene, at("127.0.0.1", 5002), server);
    unsigned long outside = connect_to(scene, at("127.0.0.1", 5003), at("127.0.0.1", 81));
    unsigned long to_b = accept_from(scene, s, server, at("127.0.0.1", 5002));
    unsigned long to_a = accept_from(scene, s, server, at("127.0.0.1", 5001));
    struct ends ends = read_ends(scene);
    assert_int_equal(ends.count, 6);
    assert_partners(&ends, ends_find(&ends, 0, a), ends_find(&ends, 0, to_a));
    assert_partners(&ends, ends_find(&ends, 0, b), ends_find(&ends, 0, to_b));
    const struct end *accepted = &ends.list[ends_find(&ends, 0, to_a)];
    assert_int_equal(accepted->role, END_SERVER);
    assert_int_equal(accepted->listener, ends_find(&ends, 0, s));
    assert_int_equal(ends.list[accepted->listener].role, END_LISTENER);
    assert_int_equal(ends.list[ends_find(&ends, 0, outside)].partner, ENDS_NONE);
    assert_int_equal(ends_find(&ends, 0, 99), ENDS_NONE);
    assert_int_equal(ends_find(&ends, 0, 0), ENDS_NONE);
    ends_free(&ends);
}

static void two_shells_are_told_apart(void **state)
{
    struct scene *scene = *state;
    struct net_address server = at("::1", 80), client = at("::1", 5001);
    unsigned long s = listen_at(scene, server);
    unsigned long c = accept_from(scene, s, server, client);
    scene->origin = 1;
    scene->serials = 0;
    unsigned long other = connect_to(scene, client, server);
    struct ends ends = read_ends(scene);
    assert_int_equal(other, s);
    assert_partners(&ends, ends_find(&ends, 0, c), ends_find(&ends, 1, other));
    ends_free(&ends);
}

static void a_pair_is_a_pair(void **state)
{
    struct scene *scene = *state;
    struct net_record r = {.call = NET_SOCKETPAIR, .fd = -1, .result = 3, .second_fd = 4};
    r.family = AF_UNIX;
    r.type = SOCK_STREAM;
    r.made[0] = 1;
    r.made[1] = 2;
    add(scene, &r);
    struct ends ends = read_ends(scene);
    assert_partners(&ends, 0, 1);
    assert_int_equal(ends.list[0].role, END_PAIR_FIRST);
    assert_int_equal(ends.list[1].fd, 4);
    ends_free(&ends);
}

static void unnamed_clients_come_in_the_order_of_the_queue(void **state)
{
    struct scene *scene = *state;
    struct net_address server = path("/tmp/server"), unnamed = path("");
    unsigned long s = listen_at(scene, server);
    unsigned long a = connect_to(scene, unnamed, server);
    unsigned long b = connect_to(scene, unnamed, server);
    unsigned long first = accept_from(scene, s, server, unnamed);
    unsigned long second = accept_from(scene, s, server, unnamed);
    struct ends ends = read_ends(scene);
    assert_partners(&ends, ends_find(&ends, 0, a), ends_find(&ends, 0, first));
    assert_partners(&ends, ends_find(&ends, 0, b), ends_find(&ends, 0, second));
    ends_free(&ends);
}

static void a_datagram_goes_to_who_is_bound_there(void **state)
{
    struct scene *scene = *state;
    struct net_address any = at("", 5353), to = at("127.0.0.1", 5353);
    unsigned long u = make(scene, AF_INET, SOCK_DGRAM);
    name(scene, u, NET_BIND, SOCK_DGRAM, any);
    unsigned long c = make(scene, AF_INET, SOCK_DGRAM);
    name(scene, c, NET_SENDTO, SOCK_DGRAM, to);
    unsigned long d = make(scene, AF_INET, SOCK_DGRAM);
    name(scene, d, NET_CONNECT, SOCK_DGRAM, to);
    struct ends ends = read_ends(scene);
    int server = ends_find(&ends, 0, u);
    assert_partners(&ends, ends_find(&ends, 0, c), server);
    assert_int_equal(ends.list[ends_find(&ends, 0, d)].partner, server);
    assert_int_equal(ends.list[server].role, END_SERVER);
    assert_int_equal(ends.list[ends_find(&ends, 0, c)].role, END_CLIENT);
    ends_free(&ends);
}

/* The entries that named the sockets fell out of the journal: the table of now tells. */
static void what_fell_out_is_told_by_the_sockets_of_now(void **state)
{
    struct scene *scene = *state;
    struct net_record send = call_on(7, NET_SEND, AF_INET, SOCK_STREAM);
    struct net_record receive = call_on(8, NET_RECV, AF_INET, SOCK_STREAM);
    struct journal_socket now[2] = {{.serial = 7}, {.serial = 8}};
    struct ends ends;
    now[0].view.local = now[1].view.peer = at("127.0.0.1", 5001);
    now[0].view.peer = now[1].view.local = at("127.0.0.1", 80);
    add(scene, &send);
    add(scene, &receive);
    assert_int_equal(ends_read(scene->journal, now, 2, &ends), 0);
    assert_partners(&ends, 0, 1);
    ends_free(&ends);
}

/* A pair whose sockets had been seen before, as a file that another shell wrote may have it, made
 * the last two in the list partners of each other, or wrote in front of the list. */
static void a_pair_may_have_been_seen_before(void **state)
{
    struct scene *scene = *state;
    struct net_record send = call_on(8, NET_SEND, AF_UNIX, SOCK_STREAM);
    struct net_record pair = {.call = NET_SOCKETPAIR, .fd = -1, .result = 3, .second_fd = 4};
    struct ends ends;
    pair.made[0] = pair.made[1] = 8;
    add(scene, &send);
    add(scene, &pair);
    assert_int_equal(ends_read(scene->journal, NULL, 0, &ends), 0);
    assert_int_equal(ends.count, 1);
    assert_int_equal(ends.list[0].partner, ENDS_NONE);
    ends_free(&ends);
    pair.made[0] = 9;
    add(scene, &pair);
    assert_int_equal(ends_read(scene->journal, NULL, 0, &ends), 0);
    assert_int_equal(ends.count, 2);
    assert_partners(&ends, 0, 1);
    ends_free(&ends);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(connections_are_matched_by_their_addresses, open_scene,
                                        close_scene),
        cmocka_unit_test_setup_teardown(two_shells_are_told_apart, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_pair_is_a_pair, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_pair_may_have_been_seen_before, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_client_of_ipv4_is_matched_at_a_listener_of_ipv6,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(unnamed_clients_come_in_the_order_of_the_queue, open_scene,
                                        close_scene),
        cmocka_unit_test_setup_teardown(a_datagram_goes_to_who_is_bound_there, open_scene,
                                        close_scene),
        cmocka_unit_test_setup_teardown(what_fell_out_is_told_by_the_sockets_of_now, open_scene,
                                        close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
