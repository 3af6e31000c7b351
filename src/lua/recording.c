/* SPDX-License-Identifier: MIT
 *
 * Where the calls that were made are told: the journal, from which the pictures are drawn, and the
 * host, which shows call lines.
 */
#include "lua/engine.h"
#include "lua/task.h"
#include "view/journal.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int engine_set_recording(struct engine *e, bool on)
{
    char name[32];
    snprintf(name, sizeof name, "process %ld", (long)getpid());
    if (on && e->journal == NULL && journal_new(JOURNAL_BUDGET, name, &e->journal) != 0)
        return ENOMEM;
    if (on != e->recording && e->journal != NULL && journal_next(e->journal) > 1)
        journal_add_text(e->journal, on ? JOURNAL_RESUMED : JOURNAL_PAUSED, loop_now(), NULL);
    e->recording = on;
    return 0;
}

void engine_record(struct engine *e, struct net_record *record)
{
    const struct task *task = e->current;
    record->task = task != NULL && task->id != 0 ? task->name : NULL;
    if (e->aside && record->task == NULL)
        return;
    if (e->recording)
        journal_add_call(e->journal, record);
    if (e->host.recorded != NULL)
        e->host.recorded(e->host.owner, record);
}
