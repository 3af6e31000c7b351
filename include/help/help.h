/* SPDX-License-Identifier: MIT
 *
 * What the shell can explain: one table of topics, and the nearest right name for a misspelt one.
 * The prompt's help, the signature shown on Tab, argument messages, the man page and the README's
 * table all come from it. Knows no Lua and no terminal: it renders into a buffer.
 */
#ifndef HELP_HELP_H
#define HELP_HELP_H

#include "base/buffer.h"

enum help_group {
    HELP_SHELL,    /* help, exit, trace ... */
    HELP_DOTS,     /* the commands that begin with a dot */
    HELP_CALLS,    /* the socket calls */
    HELP_LOOKUP,   /* names, services and addresses */
    HELP_TASKS,    /* waiting: spawn, wait, poll ... */
    HELP_DATA,     /* encode, decode, json */
    HELP_PICTURES, /* sockets, diagram ... */
    HELP_CONSTANT, /* constants and families of them */
    HELP_ERROR,    /* errno and EAI names */
    HELP_SUBJECT,  /* "addresses", "errors", "blocking": things that are no name */
    HELP_GROUP_COUNT
};

struct help_topic {
    const char *name; /* "bind", "json.dumps"; a method has no topic of its own */
    enum help_group group;
    const char *signature; /* "bind(s, host, port)", optional parameters in brackets; NULL: none */
    const char *gives;     /* types of what it returns, as LuaLS writes them; NULL: nothing */
    const char *c; /* "int bind(int fd, const struct sockaddr *addr, socklen_t len)" or NULL */
    const char *summary; /* one line, no full stop, at most 60 columns */
    const char *text;    /* paragraphs; lines that begin with two spaces stay as they are */
    const char *example; /* Lua that runs as it stands, or NULL */
    const char *errors;  /* "ECONNREFUSED: nobody listens there\n..." one a line, or NULL */
    const char *see;     /* names of other topics, separated by spaces, or NULL */
    const char *man;     /* manual pages, "bind(2) ip(7)", separated by spaces, or NULL */
};

const struct help_topic *help_topics(size_t *count);

/* The topic of a name; without regard to case where no exact one is there; NULL where none is. What
 * stands before a dot or colon and after a bracket is ignored where it names nothing:
 * "socket.bind", "s:bind" and "bind()" are found, and so is "select" as "socket.select". */
const struct help_topic *help_find(const char *name);

/* The topic that is about a word of the field: SOCK_DGRAM for "UDP". NULL for other words. */
const struct help_topic *help_about(const char *word);

/* What does here the work of a word that is C's, Python's or a command line's, as a sentence
 * without its full stop: "recv(s) receives" for read(). NULL for other words. */
const char *help_elsewhere(const char *name);
/* The same for the name of a field or a method. */
const char *help_elsewhere_field(const char *name);

/* Whether a function is a method of sockets, too: its first parameter is `s`. */
bool help_is_method(const struct help_topic *topic);

/* The topic whose name is nearest to a misspelt one, NULL where none is within help_tolerance(). */
const struct help_topic *help_nearest(const char *name);

/* Appends the topic as a page, wrapped to `width` columns. */
void help_append_topic(struct buffer *out, const struct help_topic *topic, size_t width);

/* Appends the overview: the functions of each group with the arguments that they must have, the
 * subjects, and how to ask for one; at most 23 lines of 80 columns. */
void help_append_overview(struct buffer *out, size_t width);

/* The distance between two names as a typist makes it: a letter too many, too few, wrong, or two
 * neighbours swapped (Damerau-Levenshtein, optimal string alignment). In units of a half: an exact
 * match is 0, each such slip 2; wrong case adds 1, however many letters it concerns. UINT_MAX where
 * either name is longer than HELP_NAME_MAX. */
#define HELP_NAME_MAX 63
unsigned help_distance(const char *a, const char *b);

/* How far a name of this length may be misspelt and still be recognised, in the same units. */
unsigned help_tolerance(const char *name);

#endif
