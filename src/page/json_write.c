/* SPDX-License-Identifier: MIT
 *
 * Writing. What there is to write stands in field.c; here is how each kind of field looks.
 */
#include "page/json.h"

#include "field.h"
#include "json_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append_fields(struct buffer *out, enum fields which, const void *object);

/* As few digits as give the same number back. */
static void append_seconds(struct buffer *out, double seconds)
{
    char digits[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, seconds);
        if (strtod(digits, NULL) == seconds)
            break;
    }
    buffer_puts(out, digits);
}

/* By name where the whole of it has one. */
static void append_constant(struct buffer *out, const struct field *field, const void *object)
{
    int value = FIELD_OF(int, object, field->offset);
    enum net_kind kind = field->names_of(object);
    if (kind == NET_KIND_COUNT) {
        buffer_printf(out, "%d", value);
        return;
    }
    buffer_putc(out, '"');
    net_name_append(out, kind, value);
    buffer_putc(out, '"');
}

static void append_view(struct buffer *out, const struct net_view *view)
{
    append_fields(out, FIELDS_VIEW, view);
}

static void append_sockets(struct buffer *out, const struct field *field, const void *object)
{
    const struct journal_socket *rows = FIELD_OF(struct journal_socket *, object, field->offset);
    size_t count = FIELD_OF(size_t, object, field->count_offset);
    buffer_putc(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_putc(out, ',');
        append_fields(out, FIELDS_SOCKET, &rows[i]);
    }
    buffer_putc(out, ']');
}

static void append_string(struct buffer *out, const char *text)
{
    json_append_bytes(out, text, strlen(text));
}

static void append_number(struct buffer *out, const struct field *field, const void *object)
{
    if (field->kind == FIELD_INT)
        buffer_printf(out, "%d", FIELD_OF(int, object, field->offset));
    else if (field->kind == FIELD_LONG)
        buffer_printf(out, "%ld", FIELD_OF(long, object, field->offset));
    else if (field->kind == FIELD_ULONG)
        buffer_printf(out, "%lu", FIELD_OF(unsigned long, object, field->offset));
    else
        buffer_printf(out, "%zu", FIELD_OF(size_t, object, field->offset));
}

static void append_text(struct buffer *out, const struct field *field, const void *object)
{
    if (field->kind == FIELD_WORD)
        append_string(out, field->word(FIELD_OF(int, object, field->offset)));
    else if (field->kind == FIELD_CHARS)
        append_string(out, &FIELD_OF(char, object, field->offset));
    else if (field->kind == FIELD_TEXT)
        append_string(out, FIELD_OF(char *, object, field->offset));
    else
        json_append_bytes(out, FIELD_OF(char *, object, field->offset),
                          FIELD_OF(size_t, object, field->count_offset));
}

static void append_value(struct buffer *out, const struct field *field, const void *object)
{
    switch (field->kind) {
    case FIELD_SECONDS:
        append_seconds(out, FIELD_OF(double, object, field->offset));
        break;
    case FIELD_BOOL:
        buffer_puts(out, FIELD_OF(bool, object, field->offset) ? "true" : "false");
        break;
    case FIELD_CONSTANT:
        append_constant(out, field, object);
        break;
    case FIELD_WORD:
    case FIELD_CHARS:
    case FIELD_TEXT:
    case FIELD_DATA:
        append_text(out, field, object);
        break;
    case FIELD_ADDRESS:
        json_append_address(out, &FIELD_OF(struct net_address, object, field->offset));
        break;
    case FIELD_VIEW:
        append_view(out, &FIELD_OF(struct net_view, object, field->offset));
        break;
    case FIELD_VIEW_AT:
        append_view(out, FIELD_OF(struct net_view *, object, field->offset));
        break;
    case FIELD_RECORD:
        append_fields(out, FIELDS_RECORD, &FIELD_OF(struct net_record, object, field->offset));
        break;
    case FIELD_SOCKETS:
        append_sockets(out, field, object);
        break;
    default:
        append_number(out, field, object);
        break;
    }
}

/* No deeper than a table's row's view. */
static void append_fields(struct buffer *out, enum fields which, const void *object)
{
    size_t count;
    const struct field *fields = field_list(which, &count);
    char before = '{';
    for (size_t i = 0; i < count; i++) {
        if (field_is_absent(&fields[i], object))
            continue;
        buffer_printf(out, "%c\"%s\":", before, fields[i].name);
        append_value(out, &fields[i], object);
        before = ',';
    }
    buffer_puts(out, before == '{' ? "{}" : "}");
}

void json_append_journal(struct buffer *out, const struct journal *journal)
{
    buffer_puts(out, "{\"format\":\"sockrepl journal\",\"version\":1,\"epoch\":");
    append_seconds(out, journal_epoch(journal));
    buffer_puts(out, ",\"names\":[");
    for (unsigned i = 0; i < JOURNAL_ORIGINS; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        append_string(out, journal_name(journal, i));
    }
    buffer_printf(out, "],\"lost\":%lu,\"lost_calls\":%lu,\"entries\":[", journal_lost(journal),
                  journal_lost_calls(journal));
    for (size_t i = 0; i < journal_count(journal); i++) {
        buffer_puts(out, i > 0 ? ",\n" : "\n");
        append_fields(out, FIELDS_ENTRY, journal_at(journal, i));
    }
    buffer_puts(out, "\n]}\n");
}
