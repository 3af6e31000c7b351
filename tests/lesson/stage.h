/* SPDX-License-Identifier: MIT
 *
 * A host for the player in which nothing is real: what it is told and asked for is written down, a
 * letter each, and the test plays the student and the engine.
 */
#ifndef TESTS_LESSON_STAGE_H
#define TESTS_LESSON_STAGE_H

#include "compiler.h"
#include "lesson/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct stage {
    struct lesson *lesson;
    struct player *player;
    struct buffer log; /* what happened since stage_expect(), a line each */
    char saved[64];    /* states of the steps as they were saved last: `ds.` */
    int saves, resets;
    bool settles; /* the player waits for tasks to come to rest */
    bool over;
    enum player_end end;
};

static inline void stage_tell(void *owner, enum player_voice voice, const char *text)
{
    static const char letters[] = "T#.qchal()!r";
    struct stage *stage = owner;
    buffer_printf(&stage->log, "%c %s\n", letters[voice], text);
}

static inline void stage_ask(void *owner, const char *prompt, const char *typed)
{
    struct stage *stage = owner;
    buffer_printf(&stage->log, "%s%s\n", prompt, typed != NULL ? typed : "");
}

static inline void stage_run(void *owner, enum player_run how, const char *code, unsigned line)
{
    static const char *const words[] = {"run", "replay", "recall", "judge"};
    struct stage *stage = owner;
    (void)line;
    buffer_printf(&stage->log, "%s %s\n", words[how], code);
}

static inline void stage_wait(void *owner, double seconds)
{
    struct stage *stage = owner;
    buffer_puts(&stage->log, seconds == 0 ? "wait\n" : "wait a moment\n");
}

static inline void stage_settle(void *owner)
{
    struct stage *stage = owner;
    stage->settles = true;
}

static inline void stage_step(void *owner, size_t step)
{
    (void)owner;
    (void)step;
}

static inline void stage_reset(void *owner)
{
    struct stage *stage = owner;
    stage->resets++;
}

static inline void stage_save(void *owner, const struct progress *progress)
{
    struct stage *stage = owner;
    size_t i = 0;
    for (; i < progress->step_count && i + 1 < sizeof stage->saved; i++)
        stage->saved[i] = ".ds"[progress->steps[i].state];
    stage->saved[i] = '\0';
    stage->saves++;
}

static inline void stage_over(void *owner, enum player_end end)
{
    struct stage *stage = owner;
    stage->over = true;
    stage->end = end;
}

/* The tasks of a replay have come to rest. */
static inline void stage_rest(struct stage *stage)
{
    if (!stage->settles)
        return;
    stage->settles = false;
    player_waited(stage->player);
}

static inline void stage_expect(struct stage *stage, const char *log)
{
    stage_rest(stage);
    assert_string_equal(buffer_text(&stage->log), log);
    buffer_clear(&stage->log);
}

/* That all of it was told, whatever else. */
static inline void stage_expect_part(struct stage *stage, const char *part)
{
    stage_rest(stage);
    if (strstr(buffer_text(&stage->log), part) == NULL)
        fail_msg("no \"%s\" in:\n%s", part, buffer_text(&stage->log));
    buffer_clear(&stage->log);
}

static inline void stage_open(struct stage *stage, const char *text, enum player_manner manner,
                              struct progress *progress)
{
    const struct player_host host = {stage_tell, stage_ask,   stage_run,  stage_wait, stage_settle,
                                     stage_step, stage_reset, stage_save, stage_over, stage};
    struct buffer mistakes = BUFFER_EMPTY;
    struct progress none;
    *stage = (struct stage){0};
    assert_int_equal(
        lesson_parse("t.lua", text, strlen(text), &test_compiler, &stage->lesson, &mistakes), 0);
    assert_int_equal(progress_init(&none, stage->lesson->hash, stage->lesson->step_count), 0);
    assert_int_equal(player_new(stage->lesson, progress != NULL ? progress : &none, manner, &host,
                                &stage->player),
                     0);
    progress_free(&none);
    player_start(stage->player);
}

static inline void stage_close(struct stage *stage)
{
    player_free(stage->player);
    lesson_free(stage->lesson);
    buffer_free(&stage->log);
}

/* The engine's part. */

static inline void stage_end(struct stage *stage, const struct player_outcome *outcome)
{
    player_ran(stage->player, outcome);
    stage_rest(stage);
}

static inline void stage_ran(struct stage *stage)
{
    stage_end(stage, &(struct player_outcome){0});
}

static inline void stage_failed(struct stage *stage, const char *error)
{
    stage_end(stage, &(struct player_outcome){.failed = true, .error = error, .message = error});
}

static inline void stage_stopped(struct stage *stage)
{
    stage_end(stage, &(struct player_outcome){.stopped = true});
}

static inline void stage_judged(struct stage *stage, bool truth, const char *shown)
{
    stage_end(stage, &(struct player_outcome){.truth = truth, .shown = shown});
}

/* The student types something, which runs well. */
static inline void stage_type(struct stage *stage, const char *code)
{
    player_entered(stage->player, code, false);
    stage_ran(stage);
}

/* Enter on what the player has put on the line, which runs well. */
static inline void stage_accept(struct stage *stage, const char *code)
{
    player_entered(stage->player, code, true);
    stage_ran(stage);
}

#endif
