/* SPDX-License-Identifier: MIT
 *
 * A resolver call in a thread of its own. Two hold a lookup: whoever asked, and the thread; the
 * last one gives the memory back. The descriptors are the asker's, so that after lookup_close()
 * none is left open, however long the resolver still takes. It must not know who waits, nor for how
 * long.
 */
#include "net/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lookup {
    const struct net_sys *sys;
    struct lookup_question question; /* host and service are owned */
    struct lookup_answer answer;     /* the thread's until `done` */
    pthread_mutex_t mutex;           /* guards what follows */
    bool done;
    int holders;
    int fds[2]; /* a pipe, -1 once closed; a byte in it says that the answer is there */
};

static void lookup_free(struct lookup *l)
{
    if (l->answer.list)
        l->sys->freeaddrinfo(l->answer.list);
    free((char *)l->question.host);
    free((char *)l->question.service);
    free(l);
}

/* Gives up one hold; called with the mutex locked. */
static void lookup_release(struct lookup *l)
{
    bool last = --l->holders == 0;
    pthread_mutex_unlock(&l->mutex);
    if (!last)
        return;
    pthread_mutex_destroy(&l->mutex);
    lookup_free(l);
}

static void lookup_ask(const struct net_sys *sys, const struct lookup_question *q,
                       struct lookup_answer *answer)
{
    if (q->address.length != 0) {
        answer->error = sys->getnameinfo(&q->address.u.any, q->address.length, answer->host,
                                         sizeof answer->host, answer->service,
                                         sizeof answer->service, q->flags);
    } else {
        const struct addrinfo hints = {.ai_flags = q->flags,
                                       .ai_family = q->family,
                                       .ai_socktype = q->type,
                                       .ai_protocol = q->protocol};
        answer->error = sys->getaddrinfo(q->host, q->service, &hints, &answer->list);
    }
    answer->system_error = answer->error == EAI_SYSTEM ? errno : 0;
    if (answer->error)
        answer->list = NULL; /* unspecified by getaddrinfo(3) where it failed */
}

static void *lookup_thread(void *argument)
{
    struct lookup *l = argument;
    ssize_t written = 1;
    lookup_ask(l->sys, &l->question, &l->answer);

    pthread_mutex_lock(&l->mutex);
    l->done = true;
    if (l->fds[1] >= 0)
        written = write(l->fds[1], "", 1);
    if (written != 1) {
        /* An empty pipe takes a byte; should one not, the end of file wakes the asker as well. */
        close(l->fds[1]);
        l->fds[1] = -1;
    }
    lookup_release(l);
    return NULL;
}

static int lookup_copy(const char *text, const char **copy)
{
    *copy = text ? strdup(text) : NULL;
    return text && !*copy ? ENOMEM : 0;
}

static int lookup_open_pipe(int fds[2])
{
    if (pipe(fds) != 0)
        return errno;
    (void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

/* Signals stay with the thread that asks: Ctrl-C has to end its wait. */
static int lookup_start_thread(struct lookup *l)
{
    const size_t stack_size = (size_t)512 * 1024; /* the resolver's modules take up to 256 KiB */
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    int error = pthread_attr_init(&attributes);
    if (error)
        return error;
    error = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (!error)
        error = pthread_attr_setstacksize(&attributes, stack_size);
    if (!error) {
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        error = pthread_create(&thread, &attributes, lookup_thread, l);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    pthread_attr_destroy(&attributes);
    return error;
}

static void lookup_close_pipe(struct lookup *l)
{
    for (int i = 0; i < 2; i++) {
        if (l->fds[i] >= 0)
            close(l->fds[i]);
        l->fds[i] = -1;
    }
}

static int lookup_prepare(struct lookup *l)
{
    int error = lookup_copy(l->question.host, &l->question.host);
    int service_error = lookup_copy(l->question.service, &l->question.service);
    if (error || service_error)
        return ENOMEM;
    error = lookup_open_pipe(l->fds);
    if (error)
        return error;
    error = pthread_mutex_init(&l->mutex, NULL);
    if (error)
        return error;
    l->holders = 2;
    error = lookup_start_thread(l);
    if (error)
        pthread_mutex_destroy(&l->mutex);
    return error;
}

int lookup_start(const struct net_sys *sys, const struct lookup_question *question,
                 struct lookup **lookup, int *fd)
{
    struct lookup *l = calloc(1, sizeof *l);
    if (!l)
        return ENOMEM;
    l->sys = sys;
    l->question = *question;
    l->fds[0] = l->fds[1] = -1;
    int error = lookup_prepare(l);
    if (error) {
        lookup_close_pipe(l);
        lookup_free(l);
        return error;
    }
    *fd = l->fds[0];
    *lookup = l;
    return 0;
}

const struct lookup_answer *lookup_answer(struct lookup *lookup)
{
    pthread_mutex_lock(&lookup->mutex);
    bool done = lookup->done;
    pthread_mutex_unlock(&lookup->mutex);
    return done ? &lookup->answer : NULL;
}

void lookup_close(struct lookup *lookup)
{
    pthread_mutex_lock(&lookup->mutex);
    lookup_close_pipe(lookup);
    pthread_mutex_unlock(&lookup->mutex);
}

void lookup_drop(struct lookup *lookup)
{
    pthread_mutex_lock(&lookup->mutex);
    lookup_close_pipe(lookup);
    lookup_release(lookup);
}
