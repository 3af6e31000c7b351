/* SPDX-License-Identifier: MIT
 *
 * The files of this folder that are no C: scripts/page_parts.cmake makes arrays of them. ASCII,
 * zero-terminated.
 */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

extern const char parts_style[];         /* page.css and svg.css: the whole <style> of a page */
extern const char parts_picture_style[]; /* svg.css alone */
extern const char parts_script[];

/* "sha256-...", as Content-Security-Policy has them. */
extern const char parts_style_hash[];
extern const char parts_script_hash[];

#endif
