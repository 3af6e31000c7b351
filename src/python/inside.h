/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share: the translation under way, and values, which are pieces of Lua
 * with what is known of them. A part that meets what it cannot do says so by python_refuse() or
 * python_wrong(); from then on only the end of the text is seen, so that nobody else need ask.
 */
#ifndef PYTHON_INSIDE_H
#define PYTHON_INSIDE_H

#include "base/buffer.h"
#include "token.h"

enum kind {
    KIND_UNKNOWN,
    KIND_TEXT, /* str */
    KIND_BYTES,
    KIND_NUMBER,
    KIND_BOOL,
    KIND_NONE,
    KIND_LIST, /* and tuples */
    KIND_DICT,
    KIND_JSON, /* whatever json.loads() gave */
    KIND_SOCKET,
    KIND_ADDRESS,
    KIND_ERROR,
    KIND_MODULE,
    KIND_PAIR,   /* two results in Lua: accept, recvfrom, socketpair */
    KIND_READY,  /* select's lists: three in Python, two in Lua */
    KIND_TASK,   /* what spawn() gives for a thread */
    KIND_SERVER, /* create_server: the text is an address, and Lua needs statements for it */
    KIND_CLIENT  /* create_connection */
};

enum shape { SHAPE_OTHER, SHAPE_NAME, SHAPE_LITERAL, SHAPE_CALL, SHAPE_TUPLE, SHAPE_PLACE };

/* How strongly a piece of Lua binds, as in Lua's manual, 3.4.8. */
enum level {
    LEVEL_OR = 1,
    LEVEL_AND,
    LEVEL_COMPARE,
    LEVEL_BIT_OR,
    LEVEL_BIT_XOR,
    LEVEL_BIT_AND,
    LEVEL_SHIFT,
    LEVEL_CONCAT,
    LEVEL_ADD,
    LEVEL_MULTIPLY,
    LEVEL_UNARY,
    LEVEL_LITERAL, /* needs parentheses before a colon, a dot or an index */
    LEVEL_PLACE
};

struct value {
    const char *text;  /* Lua */
    const char *truth; /* the condition that it is, where the text is no value: Python's and, or */
    enum kind kind;
    enum shape shape;
    enum level level;
    const struct token *literal; /* of a single string or number */
    const struct value *items;   /* of a tuple or list */
    size_t count;
};

struct name {
    const char *name; /* as Lua has it */
    enum kind kind;
    const char *module; /* that it is another name of; NULL else */
    bool parameter, global, assigned;
    bool constant; /* a `with` variable: Lua's <close> */
    bool gone;     /* a loop's variable behind its loop */
    struct name *next;
};

struct scope {
    struct name *names;
    struct scope *outer; /* NULL for the top */
};

/* What a break, continue or return would have to get out of. */
enum frame_type { FRAME_LOOP, FRAME_FUNCTION, FRAME_TRY, FRAME_FINALLY };

struct frame {
    enum frame_type type;
    bool breaks, continues, returns; /* a loop: has a goto; a try: hands it on */
    struct frame *outer;
};

struct chunk {
    struct chunk *next;
};

enum note {
    NOTE_METHOD = 1,
    NOTE_ADDRESS = 2,
    NOTE_PRINT = 4,
    NOTE_BLOCK = 8,
    NOTE_COMMENT = 16,
    NOTE_WORD = 32,
    NOTE_OPERATOR = 64,
    NOTE_STRING = 128,
    NOTE_TRUTH = 256,
    NOTE_INDEX = 512,
    NOTE_TRY = 1024,
    NOTE_IMPORT = 2048,
    NOTE_LOST = 4096, /* indentation or line breaks */
    NOTE_COMMA = 8192,
    NOTE_LIST = 16384,
    NOTE_FUNCTION = 32768,
    NOTE_RENAMED = 65536,
    NOTE_WITH = 131072,
    NOTE_SELECT = 262144,
    NOTE_TASK = 524288,
    NOTE_MADE = 1048576,
    NOTE_RAISE = 2097152,
    NOTE_AUGMENTED = 4194304,
    NOTE_ALIAS = 8388608,
    NOTE_ASSERT = 16777216,
    NOTE_LITERAL = 33554432,
    NOTE_NAMED = 67108864,
    NOTE_NAMES = 134217728, /* (a, b) = ... */
    NOTE_LETTER = 268435456 /* b"..." */
};

struct python {
    struct token_list list;
    size_t at;
    struct chunk *chunks; /* all text and values of the translation */
    bool failed;          /* no memory */

    bool script;
    bool restored; /* lines were made of a page that had lost them: less is believed */
    bool stopped;
    size_t refused;      /* the token that begins the statement of which translation stopped */
    size_t written;      /* bytes of Lua before it */
    bool wrong;          /* it is no Python */
    bool runs_out;       /* the text ends where a block should begin */
    const char *problem; /* why there is no Lua for it */
    int problem_line;
    int nesting;

    unsigned notes;
    bool needs_truth;
    bool in_block; /* the text ends in a block that may go on */
    struct scope *scope;
    struct frame *frame;
    const char *error_name; /* of the handler that is being written */
    struct buffer *out;
    int depth;
    struct buffer *problems;
    size_t problem_count;
};

/* inside.c */
void *python_allocate(struct python *p, size_t size);
const char *python_say(struct python *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *python_keep(struct python *p, const char *text, size_t length);
/* Frees a text that was put together beside the others; it counts that there was memory for it. */
void python_drop(struct python *p, struct buffer *text);
void python_release(struct python *p);
const struct token *python_peek(const struct python *p);
const struct token *python_peek_next(const struct python *p, size_t distance);
const struct token *python_take(struct python *p);
bool python_sees(const struct python *p, const char *text);
bool python_accept(struct python *p, const char *text);
void python_expect(struct python *p, const char *text);
void python_refuse(struct python *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void python_wrong(struct python *p);
bool python_is_keyword(const struct token *token);

/* value.c */
struct value value_of(const char *text, enum kind kind, enum level level);
/* The text, in parentheses where what stands around it binds as strongly as `level`. */
const char *value_text(struct python *p, const struct value *v, enum level level);
const char *value_list(struct python *p, const struct value *items, size_t count);
const char *value_condition(struct python *p, const struct value *v, bool wanted);
bool value_is_text(const struct value *v);
bool value_is_number(const struct value *v, long *number);
const char *value_shown(struct python *p, const struct value *v);
struct value value_plus(struct python *p, const char *left, const char *sign, int number);

/* scope.c */
const char *scope_spell(struct python *p, const struct token *name);
struct name *scope_find(struct scope *scope, const char *name);
struct name *scope_define(struct python *p, const char *name);
void scope_assign(struct python *p, const char *name, enum kind kind);

/* literal.c */
struct value literal_string(struct python *p);
struct value literal_number(struct python *p);
void literal_append(struct python *p, struct buffer *bytes, const struct token *token,
                    const char *at, size_t length);
const char *literal_quote(struct python *p, const struct buffer *bytes);

/* format.c */
struct value format_fields(struct python *p, const struct token *token);
struct value format_percent(struct python *p, const struct value *format, const struct value *v);
struct value format_method(struct python *p, const struct value *format, const struct value *items,
                           size_t count);

/* expression.c, primary.c */
struct value expression_read(struct python *p);
struct value expression_read_list(struct python *p); /* a tuple where there are commas */
struct value expression_apply(struct python *p, const char *sign, const struct value *left,
                              const struct value *right);
struct value primary_read(struct python *p);

/* call.c, method.c */
struct arguments {
    struct value *items;
    const char **names; /* of keyword arguments; NULL else */
    size_t count, named;
};
void call_read_arguments(struct python *p, struct arguments *arguments);
struct value call_function(struct python *p, const char *name, const struct arguments *arguments);
struct value call_module(struct python *p, const char *module, const char *name,
                         const struct arguments *arguments);
struct value call_attribute(struct python *p, const char *module, const char *name);
/* An address: Python has it in parentheses of its own. */
const char *method_address(struct python *p, const struct value *v);
struct value method_call(struct python *p, const struct value *object, const char *name,
                         const struct arguments *arguments);

/* statement.c, simple.c, block.c, attempt.c */
void statement_line(struct python *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void statement_read(struct python *p);
void statement_read_all(struct python *p);
void statement_end(struct python *p);
/* The first token behind a statement with all its blocks. */
size_t statement_behind(const struct python *p, size_t at);
void simple_read(struct python *p);
void simple_comment(struct python *p);
void simple_flow(struct python *p, enum frame_type to, const char *word);
bool block_read(struct python *p); /* false where the next token begins no compound statement */
void block_body(struct python *p);
void attempt_try(struct python *p);
void attempt_with(struct python *p);

/* make.c */
struct value make_socket(struct python *p, const char *name, const struct arguments *arguments);
bool make_is_needed(const struct value *v);
/* Lines that make the socket and put it under a name, with `local` and <close> in a block of its
 * own.
 */
void make_put(struct python *p, const char *name, bool closes, const struct value *v);

/* error.c */
/* Whether an exception of this name is one of the shell's errors, which have an errno. */
bool error_has_number(const struct token *token);
/* The condition that `variable` is the exception whose name stands here; "" for any. NULL where no
 * handler ever sees it in Lua. */
const char *error_condition(struct python *p, const char *variable);

/* refusal.c */
/* Whether the statement that begins with this token has a header, `while True:`. */
bool refusal_is_block(const struct python *p, size_t at);
/* How many tokens tell whether it is Python at all: what stands behind a block that is refused may
 * be Lua. */
size_t refusal_end(const struct python *p);
/* Appends what stands before and behind a block that is refused, as it came. */
void refusal_append_rest(const struct python *p, const char *text, struct buffer *rest);

/* restore.c */
bool restore_lines(const char *text, struct buffer *lines);

#endif
