/* SPDX-License-Identifier: MIT
 *
 * The terminal below Readline: reading a key, changing the settings for a line and back, also when
 * the process is about to die of a fatal signal. Knows nothing of lines.
 */
#include "inside.h"

#include <errno.h>
#include <poll.h>
#include <readline/readline.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASTE_OFF "\033[?2004l"

/* For prompt_restore_terminal(), which a signal handler calls. */
static struct {
    volatile sig_atomic_t changed;
    struct termios settings;
    int input, output;
    bool bracketed; /* pastes are marked, which the terminal must be told to end */
} before;

int terminal_read_byte(int fd, unsigned char *byte)
{
    struct pollfd input = {.fd = fd, .events = POLLIN};
    for (;;) {
        const ssize_t got = read(fd, byte, 1);
        if (got == 1)
            return 0;
        if (got == 0)
            return ENODATA;
        if (errno == EINTR && poll(&input, 1, 0) > 0)
            continue;
        if (errno != EAGAIN)
            return errno;
        poll(&input, 1, -1);
    }
}

/* Ctrl-C makes the terminal forget what was typed, also what the loop had reported already; the
 * read that finds nothing is interrupted, and Readline is left as its own Ctrl-G leaves it. */
int terminal_read_key(FILE *stream)
{
    unsigned char byte;
    const int error = terminal_read_byte(fileno(stream), &byte);
    if (!error) {
        suggestion_meet(prompt_current(), byte);
        return byte;
    }
    if (error == EINTR)
        rl_abort(0, 0); /* jumps to where rl_callback_read_char() was called */
    /* Readline takes the end of input behind a text for Enter: of one that nobody typed, for ever.
     */
    suggestion_replace(prompt_current());
    prompt_current()->ended = true;
    return EOF;
}

void terminal_prepare(int meta)
{
    if (!before.changed && tcgetattr(fileno(rl_instream), &before.settings) == 0) {
        const char *const bracketed = rl_variable_value("enable-bracketed-paste");
        before.input = fileno(rl_instream);
        before.output = fileno(rl_outstream);
        before.bracketed = bracketed && strcmp(bracketed, "on") == 0;
        before.changed = 1;
    }
    rl_prep_terminal(meta);
}

void terminal_release(void)
{
#if RL_READLINE_VERSION >= 0x0802
    /* At the end of input Readline writes a newline where pastes are bracketed, and none elsewhere;
     * the prompt writes its own. */
    rl_eof_found = 0;
#endif
    rl_deprep_terminal();
    before.changed = 0;
}

bool terminal_echoes(void)
{
    return before.changed && (before.settings.c_lflag & ECHO);
}

bool terminal_draws_rows(void)
{
    const char *const up = rl_get_termcap("up");
    const char *const scrolled = rl_variable_value("horizontal-scroll-mode");
    return terminal_echoes() && up && *up && !(scrolled && strcmp(scrolled, "on") == 0);
}

void prompt_restore_terminal(void)
{
    const int error = errno;
    if (before.changed) {
        before.changed = 0;
        tcsetattr(before.input, TCSANOW, &before.settings);
        if (before.bracketed && write(before.output, PASTE_OFF, sizeof PASTE_OFF - 1) < 0)
            errno = 0; /* nobody is left to tell */
    }
    errno = error;
}

/* The signal's default action is back when this runs. */
static void on_crash(int number)
{
    prompt_restore_terminal();
    raise(number);
}

void prompt_restore_at_crash(void)
{
    static const int numbers[] = {SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
    struct sigaction old;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            sigaction(numbers[i], &action, NULL);
    }
}
