/* SPDX-License-Identifier: MIT
 *
 * What Tab offers at the prompt: the student's own names, the shell's, and the constants and
 * sockets that belong where the cursor stands. Looks at values and runs none of the student's code.
 */
#ifndef APP_COMPLETE_H
#define APP_COMPLETE_H

#include "prompt/prompt.h"

/* As prompt_host.complete; `owner` is the session. Raises nothing. */
const char *complete_word(void *owner, const char *text, int start, int end,
                          struct prompt_offers *offers);

#endif
