/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out at each allocation while a lesson is played: it goes on to the same end, and
 * where a text, or a line that was typed, is lost to the player, it says so.
 */
#include "scarce.h"
#include "stage.h"

#include <errno.h>
#include <stdlib.h>

enum { MOST_ALLOCATIONS = 20000, MOST_EVENTS = 1000 };

enum wish { NOTHING, A_LINE, AN_OUTCOME, SOME_TIME };

/* Somebody who types one line after the other, whatever is asked, and lets code run that does
 * nothing; code with "fails" in it fails, and a condition is met once "solves()" has run. */
struct actor {
    struct stage stage;
    enum wish wish;
    const char *const *lines; /* that are still to be typed; the last is NULL */
    bool judging, failing, solved;
};

static void actor_ask(void *owner, const char *prompt, const char *typed)
{
    struct actor *actor = owner;
    actor->wish = A_LINE;
    stage_ask(&actor->stage, prompt, typed);
}

static void actor_run(void *owner, enum player_run how, const char *code, unsigned line)
{
    struct actor *actor = owner;
    actor->wish = AN_OUTCOME;
    actor->judging = how == PLAYER_JUDGE;
    actor->failing = strstr(code, "fails") != NULL;
    actor->solved |= strstr(code, "solves()") != NULL;
    stage_run(&actor->stage, how, code, line);
}

static void actor_wait(void *owner, double seconds)
{
    struct actor *actor = owner;
    actor->wish = SOME_TIME;
    stage_wait(&actor->stage, seconds);
}

static void actor_settle(void *owner)
{
    struct actor *actor = owner;
    actor->wish = SOME_TIME;
    stage_settle(&actor->stage);
}

static void actor_command(struct actor *actor, const char *name)
{
    static const struct {
        const char *name;
        void (*run)(struct player *player);
    } commands[] = {{".hint", player_hint}, {".skip", player_skip},   {".again", player_again},
                    {".back", player_back}, {".steps", player_steps}, {".leave", player_leave}};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].name, name) == 0)
            commands[i].run(actor->stage.player);
    if (strncmp(name, ".goto ", 6) == 0)
        player_goto(actor->stage.player, (unsigned)atoi(name + 6));
    if (strncmp(name, ".read ", 6) == 0)
        player_read(actor->stage.player, (unsigned)atoi(name + 6));
}

static void actor_type(struct actor *actor, const char *line)
{
    struct player *player = actor->stage.player;
    if (line[0] == '\0') {
        player_enter(player);
    } else if (line[0] == '.') {
        actor_command(actor, line);
    } else if (!player_answer(player, line)) {
        actor->wish = AN_OUTCOME;
        actor->judging = false;
        actor->failing = strstr(line, "fails") != NULL;
        actor->solved |= strstr(line, "solves()") != NULL;
        player_entered(player, line, true);
    }
}

static void actor_answer(struct actor *actor)
{
    const struct player_outcome outcome = {.failed = actor->failing,
                                           .error = actor->failing ? "EPIPE" : NULL,
                                           .message = actor->failing ? "it fails" : NULL,
                                           .truth = actor->judging && actor->solved,
                                           .shown = actor->judging ? "3" : NULL};
    player_ran(actor->stage.player, &outcome);
}

/* Until nothing more is to be typed, or the lesson is over. */
static void actor_play(struct actor *actor)
{
    player_start(actor->stage.player);
    for (int i = 0; i < MOST_EVENTS && !actor->stage.over; i++) {
        enum wish wish = actor->wish;
        actor->wish = NOTHING;
        if (wish == AN_OUTCOME)
            actor_answer(actor);
        else if (wish == SOME_TIME)
            player_waited(actor->stage.player);
        else if (wish == A_LINE && *actor->lines != NULL)
            actor_type(actor, *actor->lines++);
        else
            return;
    }
    assert_true(actor->stage.over);
}

struct scene {
    const char *text;
    enum player_manner manner;
    const char *const *lines;
    bool again; /* on another day, with progress */
};

static void take_progress(const struct scene *scene, const struct lesson *lesson,
                          struct progress *progress)
{
    assert_int_equal(progress_init(progress, lesson->hash, lesson->step_count), 0);
    if (!scene->again)
        return;
    progress->steps[0].state = PROGRESS_DONE;
    assert_true(progress_add_entry(&progress->steps[0].entries, "typed_before()", false));
    progress->here = 1;
}

static void actor_open(struct actor *actor, const struct scene *scene)
{
    const struct player_host host = {stage_tell, actor_ask,   actor_run,  actor_wait, actor_settle,
                                     stage_step, stage_reset, stage_save, stage_over, actor};
    struct buffer mistakes = BUFFER_EMPTY;
    struct progress progress;
    struct stage *stage = &actor->stage;
    *actor = (struct actor){.lines = scene->lines};
    assert_true(buffer_reserve(&stage->log, 1 << 16)); /* what is compared is whole */
    assert_int_equal(lesson_parse("t.lua", scene->text, strlen(scene->text), &test_compiler,
                                  &stage->lesson, &mistakes),
                     0);
    take_progress(scene, stage->lesson, &progress);
    assert_int_equal(player_new(stage->lesson, &progress, scene->manner, &host, &stage->player), 0);
}

static void append_progress(struct buffer *out, const struct progress *progress)
{
    buffer_printf(out, "here %zu\n", progress->here);
    for (size_t i = 0; i < progress->step_count; i++) {
        const struct progress_entries *entries = &progress->steps[i].entries;
        buffer_printf(out, "%d\n", progress->steps[i].state);
        for (size_t k = 0; k < entries->count; k++)
            buffer_printf(out, "%d %s\n", entries->items[k].failed, entries->items[k].code);
    }
}

/* What was told, run and asked, and what is known of the student at the end. Returns whether an
 * allocation was missed. */
static bool play(const struct scene *scene, long left, bool stays, struct buffer *log)
{
    struct actor actor = {.wish = NOTHING};
    actor_open(&actor, scene);
    scarce_begin(left, stays);
    actor_play(&actor);
    bool missed = scarce_end();
    buffer_puts(log, buffer_text(&actor.stage.log));
    append_progress(log, player_progress(actor.stage.player));
    stage_close(&actor.stage);
    return missed;
}

/* Returns whether no allocation was missed. */
static bool play_short(const struct scene *scene, long left, bool stays, const char *whole)
{
    struct buffer log = BUFFER_EMPTY;
    bool missed = play(scene, left, stays, &log);
    if (!missed || strstr(buffer_text(&log), "memory") == NULL)
        assert_string_equal(buffer_text(&log), whole);
    buffer_free(&log);
    return !missed;
}

static void play_as_memory_grows(const struct scene *scene)
{
    struct buffer whole = BUFFER_EMPTY;
    assert_false(play(scene, -1, false, &whole));
    const char *text = buffer_text(&whole);
    assert_false(play_short(scene, 0, false, text));
    for (long left = 0; !play_short(scene, left / 2, left % 2 == 1, text); left++)
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    buffer_free(&whole);
}

#define STEPS                                                                                      \
    "--: title T\n--: about this and that\n--# One\n-- text\na()\nb()\n"                           \
    "--# Two\n--q Which?  A | B\n--a B\n-- why\nc()\n"                                             \
    "--# Three\n-- solve it\n--? think\n--? harder\n--= x == 4 and y == 3\n--x no() -- not so\n"   \
    "solves()\n--# Four\n--! EPIPE\nfails()\n"

static void with_keys(void **state)
{
    static const char *const lines[] = {
        "a()",    "typed()", "b(2)",     "A",         "c()",    "",         "",
        "try()",  "no()",    ".hint",    "y = 3",     ".again", "solves()", ".back",
        ".steps", ".read 2", "solves()", "a.fails()", "b()",    "fails()",  NULL};
    (void)state;
    play_as_memory_grows(&(struct scene){STEPS, PLAYER_KEYS, lines, false});
}

static void by_skipping_and_going_back(void **state)
{
    static const char *const lines[] = {".skip",   ".skip",   ".skip", ".back",
                                        ".goto 1", ".goto 4", ".skip", NULL};
    (void)state;
    play_as_memory_grows(&(struct scene){STEPS, PLAYER_KEYS, lines, false});
}

static void an_exercise_that_is_missed(void **state)
{
    static const char *const lines[] = {".goto 3", "",      "solves (1)", "solves{}", "solves''",
                                        ".hint",   ".hint", ".hint",      ".leave",   NULL};
    (void)state;
    play_as_memory_grows(&(struct scene){STEPS, PLAYER_KEYS, lines, false});
}

static void on_another_day(void **state)
{
    static const char *const lines[] = {"", "2", "c()", "", ".back", ".leave", NULL};
    (void)state;
    play_as_memory_grows(&(struct scene){STEPS, PLAYER_PRESENT, lines, true});
}

static void by_itself(void **state)
{
    static const char *const none[] = {NULL};
    (void)state;
    play_as_memory_grows(&(struct scene){STEPS, PLAYER_STRAIGHT, none, false});
    play_as_memory_grows(&(struct scene){STEPS, PLAYER_AUTO, none, false});
}

static void there_is_a_player_or_none(void **state)
{
    (void)state;
    const struct player_host host = {0};
    const struct lesson lesson = {.step_count = 1};
    struct player *player;
    struct progress progress;
    assert_int_equal(progress_init(&progress, 0, 1), 0);
    scarce_begin(0, false);
    int error = player_new(&lesson, &progress, PLAYER_KEYS, &host, &player);
    assert_true(scarce_end());
    assert_int_equal(error, ENOMEM);
    assert_null(player);
    progress_free(&progress);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_keys),
        cmocka_unit_test(by_skipping_and_going_back),
        cmocka_unit_test(an_exercise_that_is_missed),
        cmocka_unit_test(on_another_day),
        cmocka_unit_test(by_itself),
        cmocka_unit_test(there_is_a_player_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
