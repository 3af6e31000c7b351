/* SPDX-License-Identifier: MIT
 *
 * Reading. Every member is looked at by its line in field.c; what has no line is refused, and so is
 * a value of another kind or out of its range. An entry is made in the reader's hand, given to the
 * journal, which copies it, and let go.
 */
#include "page/json.h"

#include "field.h"
#include "json_inside.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* Seconds that no clock has. */
#define SECONDS_MOST 1e12

static bool read_fields(struct json_reader *reader, json_t *value, enum fields which, void *object);

/* Goes into a member of an object, `name`, or into an element of a list; and out again, to the
 * length that the path had before. */
static size_t enter_member(struct json_reader *reader, const char *name)
{
    size_t length = reader->path.length;
    buffer_printf(&reader->path, "%s%s", length > 0 ? "." : "", name);
    return length;
}

static size_t enter_element(struct json_reader *reader, size_t index)
{
    size_t length = reader->path.length;
    buffer_printf(&reader->path, "[%zu]", index);
    return length;
}

static void leave(struct json_reader *reader, size_t length)
{
    if (reader->path.failed)
        return;
    reader->path.length = length;
    reader->path.data[length] = '\0';
}

static bool read_text(struct json_reader *reader, const json_t *value, const char **text,
                      size_t *length)
{
    if (!json_read_bytes(reader, value, text, length))
        return false;
    return strlen(*text) == *length || json_refuse(reader, "a zero byte in a text");
}

static bool read_integer(struct json_reader *reader, const json_t *value, json_int_t least,
                         json_int_t most, json_int_t *number)
{
    *number = json_integer_value(value);
    if (json_is_integer(value) && *number >= least && *number <= most)
        return true;
    return json_refuse(reader, "a number from %lld to %lld is expected", (long long)least,
                       (long long)most);
}

static bool read_seconds(struct json_reader *reader, const json_t *value, double *seconds)
{
    *seconds = json_number_value(value);
    if (json_is_number(value) && *seconds >= -SECONDS_MOST && *seconds <= SECONDS_MOST)
        return true;
    return json_refuse(reader, "a number of seconds is expected");
}

static bool read_word(struct json_reader *reader, const json_t *value, const struct field *field,
                      int *word)
{
    const char *text = json_string_value(value);
    if (text == NULL)
        return json_refuse(reader, "a word is expected");
    for (*word = 0; *word < field->words; (*word)++)
        if (strcmp(field->word(*word), text) == 0)
            return true;
    return json_refuse_word(reader, "there is no ", text, "");
}

static bool read_chars(struct json_reader *reader, const json_t *value, const struct field *field,
                       char *chars)
{
    const char *text = "";
    size_t length = 0;
    if (!read_text(reader, value, &text, &length))
        return false;
    if (length > (size_t)field->most)
        return json_refuse(reader, "at most %ld bytes are expected", field->most);
    memcpy(chars, text, length + 1);
    return true;
}

static bool read_data(struct json_reader *reader, const json_t *value, const struct field *field,
                      void *object)
{
    size_t *length = &FIELD_AT(size_t, object, field->count_offset);
    if (!json_read_bytes(reader, value, &FIELD_AT(const char *, object, field->offset), length))
        return false;
    return *length <= (size_t)field->most ||
           json_refuse(reader, "at most %ld bytes are expected", field->most);
}

static bool read_view_at(struct json_reader *reader, json_t *value, const struct net_view **view)
{
    struct net_view *kept = json_keep(reader, sizeof *kept);
    *view = kept;
    return kept != NULL && read_fields(reader, value, FIELDS_VIEW, kept);
}

static bool read_sockets(struct json_reader *reader, const json_t *value, const struct field *field,
                         void *object)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count > (size_t)field->most)
        return json_refuse(reader, "a list of at most %ld sockets is expected", field->most);
    struct journal_socket *rows = json_keep(reader, (count + 1) * sizeof *rows);
    if (rows == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t place = enter_element(reader, i);
        if (!read_fields(reader, json_array_get(value, i), FIELDS_SOCKET, &rows[i]))
            return false;
        leave(reader, place);
    }
    FIELD_AT(const struct journal_socket *, object, field->offset) = rows;
    FIELD_AT(size_t, object, field->count_offset) = count;
    return true;
}

static bool read_number(struct json_reader *reader, const json_t *value, const struct field *field,
                        void *object)
{
    json_int_t number;
    json_int_t most = field->kind == FIELD_ULONG ? LONG_MAX : field->most;
    if (!read_integer(reader, value, field->least, most, &number))
        return false;
    if (field->kind == FIELD_INT)
        FIELD_AT(int, object, field->offset) = (int)number;
    else if (field->kind == FIELD_LONG)
        FIELD_AT(long, object, field->offset) = (long)number;
    else if (field->kind == FIELD_ULONG)
        FIELD_AT(unsigned long, object, field->offset) = (unsigned long)number;
    else
        FIELD_AT(size_t, object, field->offset) = (size_t)number;
    return true;
}

static bool read_value(struct json_reader *reader, json_t *value, const struct field *field,
                       void *object)
{
    size_t length;
    switch (field->kind) {
    case FIELD_SECONDS:
        return read_seconds(reader, value, &FIELD_AT(double, object, field->offset));
    case FIELD_BOOL:
        FIELD_AT(bool, object, field->offset) = json_is_true(value);
        return json_is_boolean(value) || json_refuse(reader, "true or false is expected");
    case FIELD_CONSTANT:
        return json_read_constant(reader, value, field->names,
                                  &FIELD_AT(int, object, field->offset));
    case FIELD_WORD:
        return read_word(reader, value, field, &FIELD_AT(int, object, field->offset));
    case FIELD_CHARS:
        return read_chars(reader, value, field, &FIELD_AT(char, object, field->offset));
    case FIELD_TEXT:
        return read_text(reader, value, &FIELD_AT(const char *, object, field->offset), &length);
    case FIELD_DATA:
        return read_data(reader, value, field, object);
    case FIELD_ADDRESS:
        return json_read_address(reader, value,
                                 &FIELD_AT(struct net_address, object, field->offset));
    case FIELD_VIEW:
        return read_fields(reader, value, FIELDS_VIEW,
                           &FIELD_AT(struct net_view, object, field->offset));
    case FIELD_VIEW_AT:
        return read_view_at(reader, value,
                            &FIELD_AT(const struct net_view *, object, field->offset));
    case FIELD_RECORD:
        return read_fields(reader, value, FIELDS_RECORD,
                           &FIELD_AT(struct net_record, object, field->offset));
    case FIELD_SOCKETS:
        return read_sockets(reader, value, field, object);
    default:
        return read_number(reader, value, field, object);
    }
}

static const struct field *find_field(enum fields which, const char *name)
{
    size_t count;
    const struct field *fields = field_list(which, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

/* Members that are missing are left as they are: zero. */
static bool read_fields(struct json_reader *reader, json_t *value, enum fields which, void *object)
{
    const char *name;
    json_t *member;
    if (!json_is_object(value))
        return json_refuse(reader, "an object is expected");
    json_object_foreach(value, name, member)
    {
        const struct field *field = find_field(which, name);
        if (field == NULL)
            return json_refuse_word(reader, "", name, " does not belong here");
        size_t place = enter_member(reader, name);
        if (!read_value(reader, member, field, object))
            return false;
        leave(reader, place);
    }
    return true;
}

/* What each kind of entry has to have, or its renderings would stumble. */
static bool check_entry(struct json_reader *reader, json_t *value, const struct journal_entry *e)
{
    bool wordy = e->kind == JOURNAL_TYPED || e->kind == JOURNAL_TOLD || e->kind == JOURNAL_SHOWN;
    if (json_object_get(value, "kind") == NULL)
        return json_refuse(reader, "kind is missing");
    if (wordy != (e->text != NULL))
        return json_refuse(reader, wordy ? "text is missing" : "text does not belong here");
    if ((e->kind == JOURNAL_CALL) != (json_object_get(value, "record") != NULL))
        return json_refuse(reader, "a call, and nothing else, has a record");
    if (e->kind == JOURNAL_CALL &&
        json_object_get(json_object_get(value, "record"), "call") == NULL)
        return json_refuse(reader, "record.call is missing");
    if (e->kind != JOURNAL_TABLE && e->sockets != NULL)
        return json_refuse(reader, "sockets do not belong here");
    return true;
}

static bool read_entry(struct json_reader *reader, json_t *value, struct journal *journal)
{
    struct journal_entry entry = {.kind = JOURNAL_CALL};
    bool good =
        read_fields(reader, value, FIELDS_ENTRY, &entry) && check_entry(reader, value, &entry);
    if (good && journal_add(journal, &entry) != 0) {
        reader->out_of_memory = true;
        good = false;
    }
    json_let_go(reader);
    return good;
}

static bool read_entries(struct json_reader *reader, json_t *list, struct journal *journal)
{
    if (!json_is_array(list))
        return json_refuse(reader, "entries: a list is expected");
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t place = enter_member(reader, "entries");
        enter_element(reader, i);
        if (!read_entry(reader, json_array_get(list, i), journal))
            return false;
        leave(reader, place);
    }
    return true;
}

static bool read_names(struct json_reader *reader, json_t *list, struct journal *journal)
{
    if (!json_is_array(list) || json_array_size(list) != JOURNAL_ORIGINS)
        return json_refuse(reader, "names: a list of %d is expected", JOURNAL_ORIGINS);
    for (unsigned i = 0; i < JOURNAL_ORIGINS; i++) {
        const char *name;
        size_t length, place = enter_member(reader, "names");
        if (!read_text(reader, json_array_get(list, i), &name, &length))
            return false;
        leave(reader, place);
        journal_set_name(journal, i, name);
    }
    json_let_go(reader);
    return true;
}

static bool read_count(struct json_reader *reader, const json_t *object, const char *name,
                       json_int_t *number)
{
    size_t place = enter_member(reader, name);
    if (!read_integer(reader, json_object_get(object, name), 0, LONG_MAX / 2, number))
        return false;
    leave(reader, place);
    return true;
}

/* All but the entries. */
static bool read_head(struct json_reader *reader, json_t *root, struct journal *journal)
{
    double epoch;
    json_int_t version, lost, lost_calls;
    const char *format = json_string_value(json_object_get(root, "format"));
    if (format == NULL || strcmp(format, "sockrepl journal") != 0)
        return json_refuse(reader, "this is no journal of sockrepl's");
    version = json_integer_value(json_object_get(root, "version"));
    if (version != 1)
        return json_refuse(reader, "version %lld of the format is not known here",
                           (long long)version);
    if (json_object_size(root) != 7)
        return json_refuse(reader, "a member is missing, or one too many");
    if (!read_seconds(reader, json_object_get(root, "epoch"), &epoch) ||
        !read_count(reader, root, "lost", &lost) ||
        !read_count(reader, root, "lost_calls", &lost_calls))
        return false;
    journal_set_epoch(journal, epoch);
    journal_set_lost(journal, (unsigned long)lost, (unsigned long)lost_calls);
    return read_names(reader, json_object_get(root, "names"), journal);
}

static json_t *parse(const char *text, size_t length, struct json_reader *reader)
{
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    if (root == NULL && json_error_code(&error) == json_error_out_of_memory)
        reader->out_of_memory = true;
    else if (root == NULL)
        json_refuse(reader, "line %d, column %d is not JSON", error.line, error.column);
    return root;
}

int json_read_journal(const char *text, size_t length, struct journal **journal, struct buffer *why)
{
    struct json_reader reader = {BUFFER_EMPTY, why, NULL, false};
    struct journal *made = NULL;
    json_t *root = parse(text, length, &reader);
    bool good = false;
    if (root != NULL && journal_new(JSON_BUDGET, "", &made) != 0)
        reader.out_of_memory = true;
    else if (root != NULL)
        good = read_head(&reader, root, made) &&
               read_entries(&reader, json_object_get(root, "entries"), made);
    json_let_go(&reader);
    buffer_free(&reader.path);
    json_decref(root);
    if (good) {
        *journal = made;
        return 0;
    }
    journal_free(made);
    return reader.out_of_memory || why->failed ? ENOMEM : EINVAL;
}
