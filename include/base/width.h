/* SPDX-License-Identifier: MIT
 *
 * How many columns a character takes on a terminal. wcwidth(3) answers for the locale that the
 * program happens to run in; this answers for Unicode alone, so that a picture has the same shape
 * everywhere. Knows no encodings.
 */
#ifndef BASE_WIDTH_H
#define BASE_WIDTH_H

#include <stdint.h>

/* 0 for a mark that combines with the character before it, 2 for East Asian wide and fullwidth
 * characters (Unicode Standard Annex 11), 1 for everything else. Asks nothing about printability.
 */
unsigned width_of(uint32_t code);

#endif
