/* SPDX-License-Identifier: MIT
 *
 * What a journal's structures consist of, as tables: one line for each member, which the writer and
 * the reader of JSON both go by, so that neither knows a member that the other does not.
 */
#ifndef PAGE_FIELD_H
#define PAGE_FIELD_H

#include "net/name.h"
#include "view/journal.h"

enum field_kind {
    FIELD_INT,
    FIELD_LONG,
    FIELD_ULONG,
    FIELD_SIZE,
    FIELD_SECONDS, /* a double */
    FIELD_BOOL,
    FIELD_CONSTANT, /* an int that has a name; `names` says which kinds */
    FIELD_WORD,     /* an enum; `word` gives its values' names, from 0 up to `words` */
    FIELD_CHARS,    /* a zero-terminated array of `most` + 1 */
    FIELD_TEXT,     /* a pointer to zero-terminated text, or NULL */
    FIELD_DATA,     /* a pointer to bytes, or NULL; their count stands at `count_offset` */
    FIELD_ADDRESS,
    FIELD_VIEW,    /* a struct net_view */
    FIELD_VIEW_AT, /* a pointer to one, or NULL */
    FIELD_RECORD,  /* a struct net_record; NET_CALL_COUNT for no call */
    FIELD_SOCKETS, /* a pointer to rows; their count stands at `count_offset` */
    FIELD_KIND_COUNT
};

struct field {
    const char *name;
    enum field_kind kind;
    int words;
    size_t offset, count_offset;
    long least, most;
    unsigned long names; /* a bit for each kind of constant that may stand there */
    enum net_kind (*names_of)(const void *object); /* and whose they are in this object */
    const char *(*word)(int value);
};

/* Which structure; FIELDS_ENTRY is a struct journal_entry. */
enum fields { FIELDS_ENTRY, FIELDS_RECORD, FIELDS_VIEW, FIELDS_SOCKET, FIELDS_COUNT };

const struct field *field_list(enum fields which, size_t *count);

/* Zero, NULL, nothing: a field that is left out. */
bool field_is_absent(const struct field *field, const void *object);

/* A member to be written, and one to be read. */
#define FIELD_AT(type, object, offset) (*(type *)(void *)((char *)(object) + (offset)))
#define FIELD_OF(type, object, offset)                                                             \
    (*(const type *)(const void *)((const char *)(object) + (offset)))

#endif
