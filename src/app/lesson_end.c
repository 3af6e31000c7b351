/* SPDX-License-Identifier: MIT
 *
 * How a lesson ends: what is said of it, and what it held is given back.
 */
#include "app/lesson.h"

#include <stdlib.h>
#include <unistd.h>

void lesson_discard(struct lesson_play *play)
{
    struct session *session = play->session;
    loop_wait_stop(session->engine->loop, &play->timer);
    lesson_release(play);
    session->play = NULL;
    session->quiet = session->hushed = session->engine->aside = false;
    player_free(play->player);
    lesson_free(play->lesson);
    buffer_free(&play->prompt);
    buffer_free(&play->typed);
    buffer_free(&play->heading);
    free(play->progress_path);
    free(play->path);
    free(play);
}

void lesson_close(struct session *session)
{
    if (session->play != NULL)
        lesson_discard(session->play);
}

static void tell_end(struct lesson_play *play)
{
    struct session *session = play->session;
    if (play->end == PLAYER_FINISHED)
        lesson_show_summary(play);
    if (play->end == PLAYER_FORGOTTEN && play->progress_path != NULL)
        (void)unlink(play->progress_path);
    record_text(session, JOURNAL_SHOWN, RECORD_LEFT);
    if (play->end == PLAYER_LEFT)
        report_note(session, "the lesson is left; what it opened stays open%s%s%s",
                    play->progress_path != NULL ? ", and .lesson " : "",
                    play->progress_path != NULL ? play->lesson->name : "",
                    play->progress_path != NULL ? " goes on with it" : "");
}

void lesson_settle(struct session *session)
{
    struct lesson_play *play = session->play;
    if (play == NULL || !play->over)
        return;
    if (session->observer != NULL)
        session->observer->over(session->observer->owner, play->end);
    else
        tell_end(play);
    session->failed = play->end == PLAYER_FAILED;
    lesson_discard(play);
    if (session->asking && !session->done)
        entry_ask(session);
}
