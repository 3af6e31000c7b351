/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out at each allocation of a page in turn:
 * a page or a picture is whole or an error, a file that is written anew is the old one or the new
 * one, and what two shells recorded is joined without a gap or not at all.
 */
#include "page/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "scarce_text.h"

#include "page/file.h"
#include "page/html.h"
#include "page/json.h"
#include "page/merge.h"
#include "page/page.h"
#include "page/svg.h"

#include <dirent.h>
#include <stdio.h>

enum { MOST_ALLOCATIONS = 20000, LARGEST = 1 << 20 };

struct place {
    char folder[64];
    char file[96];
    struct journal *journal;
};

static int make_place(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    strcpy(place->folder, "/tmp/sockrepl-scarce-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->file, sizeof place->file, "%s/page.json", place->folder);
    place->journal = sample_session("one", SAMPLE_BOTH, 0);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    journal_free(place->journal);
    unlink(place->file);
    int error = rmdir(place->folder); /* fails where a temporary file is left */
    free(place);
    return error;
}

static int make_json(struct buffer *out, const void *journal)
{
    json_append_journal(out, journal);
    return 0;
}

static int make_html(struct buffer *out, const void *journal)
{
    return html_append(out, journal, "A title <&>");
}

static int make_svg(struct buffer *out, const void *journal)
{
    struct sequence sequence;
    struct sequence_request all = {.serial = 0};
    int error = sequence_build(journal, &all, &sequence);
    if (error != 0)
        return error;
    svg_append(out, &sequence);
    sequence_free(&sequence);
    return 0;
}

/* Where a text could not be measured, the picture was drawn as if there were none. */
static void texts_are_whole_or_not_at_all(void **state)
{
    static scarce_make *const all[] = {make_json, make_svg, make_html};
    struct journal *own = sample_session("one", SAMPLE_BOTH, 0), *hostile = sample_hostile();
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        scarce_make_text(all[i], own);
        scarce_make_text(all[i], hostile);
    }
    journal_free(own);
    journal_free(hostile);
}

static void expect_file(const char *path, const char *text)
{
    struct buffer read = BUFFER_EMPTY;
    assert_int_equal(file_read(path, LARGEST, &read), 0);
    assert_string_equal(buffer_text(&read), text);
    buffer_free(&read);
}

static int count_files(const char *folder)
{
    int count = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count - 2; /* . and .. */
}

/* Returns whether no allocation was missed. */
static bool save_short(const struct place *place, long left, bool stays, const char *whole)
{
    const int before = scarce_count_descriptors();
    struct buffer why = BUFFER_EMPTY;
    assert_int_equal(file_write(place->file, "old", 3), 0);
    scarce_begin(left, stays);
    int error = page_save(place->file, place->journal, "title", &why);
    bool missed = scarce_end();
    assert_true(error == 0 || (missed && error == ENOMEM));
    expect_file(place->file, error == 0 ? whole : "old");
    assert_int_equal(count_files(place->folder), 1);
    assert_int_equal(scarce_count_descriptors(), before);
    buffer_free(&why);
    return !missed;
}

static void a_file_is_the_old_one_or_the_new_one(void **state)
{
    static const char *const names[] = {"page.json", "page.svg", "page.html"};
    struct place *place = *state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct buffer whole = BUFFER_EMPTY, why = BUFFER_EMPTY;
        unlink(place->file);
        snprintf(place->file, sizeof place->file, "%s/%s", place->folder, names[i]);
        assert_int_equal(page_save(place->file, place->journal, "title", &why), 0);
        assert_int_equal(file_read(place->file, LARGEST, &whole), 0);
        for (long left = 0; !save_short(place, left / 2, left % 2 == 1, buffer_text(&whole));
             left++)
            assert_in_range(left, 0, MOST_ALLOCATIONS);
        buffer_free(&whole);
    }
}

/* The error had no words, or was EINVAL without any, where there was no memory for them. */
static void a_refusal_has_its_reason(void **state)
{
    const struct place *place = *state;
    struct buffer why = BUFFER_EMPTY;
    struct journal *none = NULL;
    assert_int_equal(file_write(place->file, "no page", 7), 0);
    for (long left = 0; left < 2; left++) {
        scarce_begin(left, true);
        int error = page_save("/tmp/name.txt", place->journal, NULL, &why);
        assert_int_equal(error, scarce_end() ? ENOMEM : EINVAL);
        assert_int_equal(why.length > 0, error == EINVAL);
        buffer_free(&why);
        scarce_begin(left + 1, true); /* the first is the file's text */
        error = page_load(place->file, &none, &why);
        assert_int_equal(error, scarce_end() ? ENOMEM : EINVAL);
        assert_int_equal(why.length > 0, error == EINVAL);
        buffer_free(&why);
        assert_null(none);
    }
}

/* Reading went on to the end of the file, of which nothing was kept; some have none. */
static void reading_ends_where_memory_does(void **state)
{
    struct buffer text = BUFFER_EMPTY;
    (void)state;
    scarce_begin(1, true);
    int error = file_read("/dev/zero", LARGEST, &text);
    assert_true(scarce_end());
    assert_int_equal(error, ENOMEM);
    buffer_free(&text);
    assert_int_equal(file_read("/dev/zero", LARGEST, &text), EFBIG);
    buffer_free(&text);
}

static void expect_journal(const struct journal *journal, const char *whole)
{
    struct buffer text = BUFFER_EMPTY;
    json_append_journal(&text, journal);
    assert_string_equal(buffer_text(&text), whole);
    buffer_free(&text);
}

/* What reading a text gives where memory suffices. */
struct reading {
    const char *text;
    int error;
    struct buffer journal, why;
};

/* Returns whether no allocation was missed. */
static bool read_short(const struct reading *whole, long left, bool stays)
{
    struct journal *journal = NULL;
    struct buffer why = BUFFER_EMPTY;
    scarce_begin(left, stays);
    int error = json_read_journal(whole->text, strlen(whole->text), &journal, &why);
    bool missed = scarce_end();
    if (error == ENOMEM) {
        assert_true(missed);
        assert_null(journal);
    } else {
        assert_int_equal(error, whole->error);
        assert_string_equal(buffer_text(&why), buffer_text(&whole->why));
    }
    if (error == 0)
        expect_journal(journal, buffer_text(&whole->journal));
    journal_free(journal);
    buffer_free(&why);
    return !missed;
}

static void read_as_memory_grows(const char *text)
{
    struct reading whole = {text, 0, BUFFER_EMPTY, BUFFER_EMPTY};
    struct journal *journal = NULL;
    whole.error = json_read_journal(text, strlen(text), &journal, &whole.why);
    if (whole.error == 0)
        json_append_journal(&whole.journal, journal);
    else
        assert_true(whole.error == EINVAL && whole.why.length > 0);
    journal_free(journal);
    assert_false(read_short(&whole, 0, false));
    for (long left = 0; !read_short(&whole, left / 2, left % 2 == 1); left++)
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    buffer_free(&whole.journal);
    buffer_free(&whole.why);
}

/* An entry without memory was left out, and the journal read as if it were whole. */
static void a_journal_is_read_whole_or_not_at_all(void **state)
{
    const struct place *place = *state;
    struct journal *hostile = sample_hostile();
    struct buffer text = BUFFER_EMPTY;
    json_append_journal(&text, place->journal);
    read_as_memory_grows(buffer_text(&text));
    buffer_clear(&text);
    json_append_journal(&text, hostile);
    read_as_memory_grows(buffer_text(&text));
    buffer_free(&text);
    journal_free(hostile);
}

#define HEAD                                                                                       \
    "{\"format\":\"sockrepl journal\",\"version\":1,\"epoch\":1,\"names\":[\"a\",\"b\"],"          \
    "\"lost\":0,\"lost_calls\":0,\"entries\":"

/* The message lacked its place, or the word that was wrong, where there was no memory for it. */
static void what_is_wrong_is_said_whole_or_not_at_all(void **state)
{
    static const char *const texts[] = {
        "",
        "{\"a",
        "{\"a\":1e999}",
        "[\"a string that is rather long",
        "{\"a very long name of a member\":\"a very long text of a member\"}",
        HEAD "[{\"kind\":\"of no such kind\"}]}",
        HEAD "[{\"kind\":\"call\",\"record\":{\"call\":\"bind\",\"a stranger's member\":1}}]}",
        HEAD "[{\"kind\":\"call\",\"record\":{\"call\":\"bind\",\"error\":\"ENOSUCHERROR\"}}]}",
        HEAD
        "[{\"kind\":\"call\",\"record\":{\"call\":\"bind\",\"address\":{\"family\":\"AF_INET\","
        "\"host\":\"127.0.0.1\",\"a stranger's member\":1}}}]}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        read_as_memory_grows(texts[i]);
}

struct pair {
    struct journal *first, *second;
    struct buffer first_text, second_text; /* as JSON */
};

static struct pair make_pair(struct journal *first, struct journal *second)
{
    struct pair pair = {first, second, BUFFER_EMPTY, BUFFER_EMPTY};
    json_append_journal(&pair.first_text, first);
    json_append_journal(&pair.second_text, second);
    return pair;
}

static void free_pair(struct pair *pair)
{
    journal_free(pair->first);
    journal_free(pair->second);
    buffer_free(&pair->first_text);
    buffer_free(&pair->second_text);
}

/* Returns whether no allocation was missed; `whole` is NULL where the two cannot be joined. */
static bool merge_short(const struct pair *pair, long left, bool stays, const char *whole)
{
    struct journal *both = NULL;
    struct buffer why = BUFFER_EMPTY;
    scarce_begin(left, stays);
    int error = merge_journals(pair->first, pair->second, &both, &why);
    bool missed = scarce_end();
    assert_true(error == (whole != NULL ? 0 : EINVAL) || (missed && error == ENOMEM));
    assert_int_equal(both != NULL, error == 0);
    assert_int_equal(why.length > 0, error == EINVAL);
    if (error == 0)
        expect_journal(both, whole);
    expect_journal(pair->first, buffer_text(&pair->first_text));
    expect_journal(pair->second, buffer_text(&pair->second_text));
    journal_free(both);
    buffer_free(&why);
    return !missed;
}

static void merge_as_memory_grows(struct pair pair, bool refused)
{
    struct buffer whole = BUFFER_EMPTY, why = BUFFER_EMPTY;
    struct journal *both = NULL;
    int error = merge_journals(pair.first, pair.second, &both, &why);
    assert_int_equal(error, refused ? EINVAL : 0);
    if (error == 0)
        json_append_journal(&whole, both);
    const char *text = refused ? NULL : buffer_text(&whole);
    assert_false(merge_short(&pair, 0, false, text));
    for (long left = 0; !merge_short(&pair, left / 2, left % 2 == 1, text); left++)
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    journal_free(both);
    buffer_free(&whole);
    buffer_free(&why);
    free_pair(&pair);
}

/* Entries without memory were left out, somewhere in the middle. */
static void two_are_joined_whole_or_not_at_all(void **state)
{
    (void)state;
    for (int late = 0; late < 2; late++)
        merge_as_memory_grows(make_pair(sample_session("s", SAMPLE_SERVER, 0),
                                        sample_session("c", SAMPLE_CLIENT, 100 * late)),
                              false);
}

/* Two that cannot be joined were, where there was no memory for the words that say so. */
static void the_same_two_are_never_joined(void **state)
{
    (void)state;
    merge_as_memory_grows(
        make_pair(sample_session("s", SAMPLE_SERVER, 0), sample_session("s", SAMPLE_SERVER, 0)),
        true);
}

#define AT_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_whole_or_not_at_all),
        AT_PLACE(a_file_is_the_old_one_or_the_new_one),
        AT_PLACE(a_refusal_has_its_reason),
        cmocka_unit_test(reading_ends_where_memory_does),
        AT_PLACE(a_journal_is_read_whole_or_not_at_all),
        cmocka_unit_test(what_is_wrong_is_said_whole_or_not_at_all),
        cmocka_unit_test(two_are_joined_whole_or_not_at_all),
        cmocka_unit_test(the_same_two_are_never_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
