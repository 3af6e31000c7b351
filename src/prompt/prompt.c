/* SPDX-License-Identifier: MIT
 *
 * The editor itself: what Readline's callback interface needs to share a terminal with a loop, with
 * output that comes while a line is typed, and with signals. Knows neither Lua nor what a line is
 * for.
 */
#include "inside.h"

#include <errno.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <stdlib.h>
#include <string.h>

#define PASTE_BEGIN "\033[200~"

static bool is_visible(const struct prompt *p)
{
    return p->shown && !p->suspended;
}

static void redraw(void)
{
    rl_on_new_line();
    rl_forced_update_display();
}

/* The port writes past stdio, so that what Readline wrote must be out before. */
static void hide(void)
{
    rl_clear_visible_line();
    fflush(rl_outstream);
}

static void guard_before(void *owner)
{
    struct prompt *const p = ((struct prompt_guard *)owner)->prompt;
    if (p->hidden++ > 0 || !is_visible(p))
        return;
    hide();
    p->cleared = true;
}

static void guard_after(void *owner)
{
    const struct prompt_guard *const guard = owner;
    struct prompt *const p = guard->prompt;
    if (p->hidden == 1 && p->cleared)
        port_fresh_line(guard->port); /* which comes back here with `hidden` one higher */
    if (--p->hidden > 0 || !p->cleared)
        return;
    p->cleared = false;
    redraw();
}

int prompt_guard(struct prompt *p, struct port *port)
{
    if (p->guard_count == PROMPT_PORTS)
        return ENOSPC;
    struct prompt_guard *const guard = &p->guards[p->guard_count++];
    *guard = (struct prompt_guard){p, port};
    port->hooks = (struct port_hooks){guard_before, guard_after, guard};
    return 0;
}

/* The prompt stands in column 0 whatever the last output was. */
static void end_unfinished_lines(struct prompt *p)
{
    for (size_t i = 0; i < p->guard_count; i++) {
        if (p->guards[i].port->terminal)
            port_fresh_line(p->guards[i].port);
    }
}

/* Ends the reading of a line; the terminal is cooked afterwards. */
static void detach(struct prompt *p)
{
    loop_watch_stop(p->loop, &p->watch);
    rl_callback_handler_remove();
    buffer_free(&p->paste);
    p->shown = p->suspended = p->pasting = p->cleared = p->message = false;
}

/* Ends whatever Readline was in the middle of: a search, a count, a key of several bytes. */
static void abandon_line(void)
{
    const bool searching = RL_ISSTATE(RL_STATE_NSEARCH);
    rl_callback_sigcleanup();
    if (searching)
        rl_restore_prompt(); /* of this search alone the cleanup forgets it */
    rl_clear_pending_input();
    rl_free_line_state();
    RL_UNSETSTATE(RL_STATE_MACROINPUT);
}

/* Readline's redisplay function. Where the prompt is coloured, Readline keeps a part of what a
 * search had in its place, unless it begins anew. */
static void redisplay(void)
{
    struct prompt *const p = prompt_current();
    const bool message = rl_display_prompt != rl_prompt;
    if (message != p->message && terminal_draws_rows()) {
        rl_clear_visible_line();
        rl_on_new_line();
    }
    p->message = message;
    tall_redisplay();
}

/* Puts the cursor behind all that was typed, on whichever row that ends. */
static void go_behind_line(void)
{
    rl_point = rl_end;
    redisplay();
}

/* What a keyboard macro has behind a newline would be typed into a line that is not there yet, and
 * Readline would wait for more of it: it is dropped. */
static void drop_macro(void)
{
    if (!RL_ISSTATE(RL_STATE_MACROINPUT))
        return;
    free(rl_executing_macro);
    rl_executing_macro = NULL;
    RL_UNSETSTATE(RL_STATE_MACROINPUT);
}

static void take(struct prompt *p, char *line)
{
    detach(p);
    free(p->line);
    p->line = line;
    p->taken = true;
}

/* Readline's line handler. The host hears of the line once Readline has returned. */
static void take_line(char *line)
{
    drop_macro();
    take(prompt_current(), line);
}

static void deliver(struct prompt *p)
{
    char *const line = p->line;
    const struct prompt_host host = p->host;
    p->line = NULL;
    p->taken = false;
    if (!line)
        port_puts(p->out, "\n"); /* Ctrl-D leaves the cursor behind the prompt */
    host.line(host.owner, line); /* the prompt may be gone behind this */
    free(line);
}

static void read_keys(struct loop_watch *watch)
{
    struct prompt *const p = (struct prompt *)watch;
    p->ended = false;
    if (p->pasting)
        paste_read(p);
    else
        rl_callback_read_char();
    suggestion_settle(p);

    /* In the middle of a search or a paste Readline takes the end of input for a key, for ever. */
    if (p->ended && p->shown) {
        abandon_line();
        take(p, NULL);
    }
    if (p->taken)
        deliver(p);
}

static void bind_enter(Keymap map)
{
    rl_bind_key_in_map('\r', tall_accept, map);
    rl_bind_key_in_map('\n', tall_accept, map);
}

/* An inputrc may override what is set before it is read. */
static void set_defaults(void)
{
    if (RL_ISSTATE(RL_STATE_INITIALIZED))
        return;
    bind_enter(emacs_standard_keymap);
    bind_enter(vi_insertion_keymap);
    bind_enter(vi_movement_keymap);
    rl_readline_name = "sockrepl";
    rl_variable_bind("show-all-if-ambiguous", "on");
    rl_variable_bind("comment-begin", "--");
    rl_bind_keyseq_in_map(PASTE_BEGIN, paste_begin, emacs_standard_keymap);
    rl_bind_keyseq_in_map(PASTE_BEGIN, paste_begin, vi_insertion_keymap);
}

static void start_readline(FILE *out)
{
    rl_instream = stdin;
    rl_outstream = out;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_getc_function = terminal_read_key;
    rl_prep_term_function = terminal_prepare;
    rl_deprep_term_function = terminal_release;
    complete_start();
    set_defaults();
    rl_initialize();
    rl_redisplay_function = redisplay; /* any earlier the terminal would be taken for a dumb one */
    using_history();
}

static void stop_readline(void)
{
    complete_stop();
    rl_clear_history();
    rl_getc_function = rl_getc;
    rl_prep_term_function = rl_prep_terminal;
    rl_deprep_term_function = rl_deprep_terminal;
    rl_redisplay_function = rl_redisplay;
}

int prompt_new(struct loop *loop, struct port *out, const char *history_path,
               const struct prompt_host *host, struct prompt **prompt)
{
    if (prompt_current())
        return EBUSY;
    struct prompt *const p = calloc(1, sizeof *p);
    char *const path = history_path ? strdup(history_path) : NULL;
    if (!p || (history_path && !path)) {
        free(path);
        free(p);
        return ENOMEM;
    }
    p->watch = (struct loop_watch){.fd = fileno(stdin), .ready = read_keys};
    p->loop = loop;
    p->out = out;
    p->host = *host;
    p->history_path = path;
    prompt_set_current(p);
    start_readline(out->file);
    prompt_guard(p, out);
    if (path)
        (void)recall_load(path); /* prompt_remember() says what is wrong with the file */
    *prompt = p;
    return 0;
}

void prompt_free(struct prompt *p)
{
    if (!p)
        return;
    if (p->shown) {
        abandon_line();
        go_behind_line();
        rl_crlf();
        detach(p);
    }
    for (size_t i = 0; i < p->guard_count; i++)
        p->guards[i].port->hooks = (struct port_hooks){NULL, NULL, NULL};
    stop_readline();
    prompt_set_current(NULL);
    free(p->line);
    free(p->history_path);
    free(p);
}

/* Readline's startup hook: it runs before the prompt is drawn. Where nothing is echoed, Readline
 * writes the prompt by itself, unless the redisplay is another's. */
static int insert_typed(void)
{
    rl_redisplay_function = terminal_echoes() ? redisplay : rl_redisplay;
    if (prompt_current()->typed)
        rl_insert_text(prompt_current()->typed);
    return 0;
}

static void replace_prompt(const char *text, const char *line)
{
    hide();
    rl_set_prompt(text);
    if (line) {
        rl_replace_line(line, 1);
        rl_point = rl_end;
    }
    redraw();
}

int prompt_show(struct prompt *p, const char *text, const char *line)
{
    p->suggested = p->untouched = p->in_sequence = false;
    if (p->shown) {
        replace_prompt(text, line);
        return 0;
    }
    end_unfinished_lines(p);
    const int error = loop_watch_start(p->loop, &p->watch);
    if (error)
        return error;
    p->typed = line;
    rl_startup_hook = insert_typed;
    rl_callback_handler_install(text, take_line);
    rl_startup_hook = NULL;
    p->typed = NULL;
    p->shown = true;
    return 0;
}

int prompt_suggest(struct prompt *p, const char *text, const char *line)
{
    const int error = prompt_show(p, text, line);
    p->suggested = p->untouched = !error;
    return error;
}

bool prompt_was_suggested(const struct prompt *p)
{
    return p->suggested;
}

bool prompt_is_shown(const struct prompt *p)
{
    return p->shown;
}

void prompt_interrupt(struct prompt *p)
{
    if (!p->shown)
        return;
    abandon_line();
    go_behind_line();
    fputs("^C", rl_outstream);
    rl_crlf();
    detach(p);
}

void prompt_suspend(struct prompt *p)
{
    if (!is_visible(p))
        return;
    const int point = rl_point;
    go_behind_line();
    rl_point = point;
    terminal_release();
    p->suspended = true;
}

/* After a stop that came unannounced, Readline believes that the terminal is as it left it. */
void prompt_resume(struct prompt *p)
{
    if (!p->shown)
        return;
    terminal_release();
    rl_reset_screen_size();
    terminal_prepare(1);
    p->suspended = false;
    putc('\r', rl_outstream); /* wherever others have left the cursor */
    redraw();
}

/* Readline leaves it to a redisplay function that is not its own to wipe the line off. */
void prompt_resize(struct prompt *p)
{
    const bool drawn = is_visible(p) && p->hidden == 0;
    if (drawn)
        hide();
    rl_reset_screen_size();
    if (p->shown && rl_prompt && rl_display_prompt == rl_prompt)
        rl_expand_prompt(rl_prompt); /* where its rows break */
    if (drawn)
        redraw();
}

static bool is_last_entry(const char *entry)
{
    const HIST_ENTRY *const last =
        history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    return last && strcmp(last->line, entry) == 0;
}

int prompt_remember(struct prompt *p, const char *entry)
{
    if (*entry == '\0' || *entry == ' ' || is_last_entry(entry))
        return 0;
    add_history(entry);
    return p->history_path ? recall_append(p->history_path, entry) : 0;
}
