/* SPDX-License-Identifier: MIT
 *
 * What the files of JSON share: how bytes and addresses stand in it. Not for other rooms.
 */
#ifndef PAGE_JSON_INSIDE_H
#define PAGE_JSON_INSIDE_H

#include "base/buffer.h"
#include "net/address.h"

#include <jansson.h>

/* Where the reader is, and what it has to give back. */
struct json_reader {
    struct buffer path;     /* "entries[3].record" */
    struct buffer *why;     /* the first thing that was wrong */
    struct json_kept *kept; /* memory that the entry in hand points to */
    bool out_of_memory;
};

/* Says what is wrong at the reader's place; returns false, so that its caller can. */
bool json_refuse(struct json_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same of a word, which is quoted between the two texts. */
bool json_refuse_word(struct json_reader *reader, const char *before, const char *word,
                      const char *after);

/* Zeroed memory until the entry is done; NULL where there is none. */
void *json_keep(struct json_reader *reader, size_t size);

/* The entry is done. */
void json_let_go(struct json_reader *reader);

/* Bytes of a string, followed by a zero byte, until the entry is done. */
bool json_read_bytes(struct json_reader *reader, const json_t *value, const char **bytes,
                     size_t *length);

/* A quoted string of bytes, each as the character of its number. */
void json_append_bytes(struct buffer *out, const char *bytes, size_t length);

/* {"family":"AF_INET","host":"127.0.0.1","port":80}; {"family":"AF_UNIX","path":"/tmp/s"}, with
 * "abstract" for such a name and neither for none; {"family":"AF_NETLINK","bytes":"00ff"}. */
void json_append_address(struct buffer *out, const struct net_address *address);
bool json_read_address(struct json_reader *reader, json_t *value, struct net_address *address);

/* A constant by name, by number, or several by `|`; those that may stand there are the kinds of
 * `names`, a bit for each. */
bool json_read_constant(struct json_reader *reader, const json_t *value, unsigned long names,
                        int *constant);

#endif
