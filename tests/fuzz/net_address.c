/* SPDX-License-Identifier: MIT
 *
 * Addresses from text, and addresses of any bytes and length as text.
 */
#include "fuzz.h"

#include "base/text.h"
#include "net/address.h"

#include <string.h>

static void check_text(const struct net_address *a)
{
    struct buffer text = BUFFER_EMPTY;
    net_address_append(&text, a);
    HOLDS(text.failed || text.length > 0);
    for (size_t place = 0; place < text.length;) {
        uint32_t code;
        size_t length = text_decode(text.data + place, text.length - place, &code);
        HOLDS(length > 0 && text_is_printable(code));
        place += length;
    }
    buffer_free(&text);
}

static void from_text(const char *text, size_t length)
{
    struct net_address a, again;
    struct buffer host = BUFFER_EMPTY;
    static const int families[] = {AF_UNSPEC, AF_INET, AF_INET6};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (net_address_from_host(families[i], text, 80, &a) != 0)
            continue;
        check_text(&a);
        buffer_clear(&host);
        net_address_append_host(&host, &a);
        HOLDS(net_address_from_host(families[i], buffer_text(&host), 80, &again) == 0);
        HOLDS(net_address_equal(&a, &again));
    }
    if (net_address_from_path(text, length, &a) == 0)
        check_text(&a);
    buffer_free(&host);
}

/* What a kernel, or a record from elsewhere, might say an address is. */
static void from_bytes(const uint8_t *data, size_t size)
{
    struct net_address a;
    memset(&a, 0, sizeof a);
    size_t length = size < sizeof a.u ? size : sizeof a.u;
    memcpy(&a.u, data, length);
    a.length = (socklen_t)length;
    check_text(&a);
    HOLDS(net_address_equal(&a, &a));
    net_address_is_any(&a);
    net_address_is_loopback(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    HOLDS(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    from_text(text, size);
    from_bytes(data, size);
    free(text);
    return 0;
}
