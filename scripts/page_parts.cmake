# SPDX-License-Identifier: MIT
#
# cmake -DFOLDER=src/page -DPARTS=page_parts.c -P page_parts.cmake
#
# Makes C arrays of the style and the script that pages carry, and the hashes by which a page's
# Content-Security-Policy lets them in and nothing else (base64 of SHA-256, as that standard asks).

# As a list of numbers: a string literal of C may be too short for a file.
function(append_array name text)
  if(text MATCHES "[^\n -~]")
    message(FATAL_ERROR "${name}: ASCII alone may stand in a part of a page")
  endif()
  string(HEX "${text}" digits)
  string(REGEX REPLACE "(................................)" "\\1\n" digits "${digits}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," digits "${digits}")
  set(parts "${parts}const char ${name}[] = {\n${digits}0};\n" PARENT_SCOPE)
endfunction()

# Three hexadecimal digits are two of base64; 256 bits leave one digit of padding.
function(append_hash name text)
  set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  string(SHA256 digits "${text}")
  set(digits ${digits}00)
  set(hash)
  foreach(start RANGE 0 63 3)
    string(SUBSTRING ${digits} ${start} 3 three)
    math(EXPR high "0x${three} >> 6")
    math(EXPR low "0x${three} & 63")
    string(SUBSTRING ${alphabet} ${high} 1 first)
    string(SUBSTRING ${alphabet} ${low} 1 second)
    string(APPEND hash ${first}${second})
  endforeach()
  string(SUBSTRING ${hash} 0 43 hash)
  set(parts "${parts}const char ${name}[] = \"sha256-${hash}=\";\n" PARENT_SCOPE)
endfunction()

file(READ ${FOLDER}/page.css page)
file(READ ${FOLDER}/svg.css picture)
file(READ ${FOLDER}/page.js script)
set(style "${page}${picture}")
set(parts "/* Made from the files of src/page by scripts/page_parts.cmake. */\n#include \"parts.h\"\n\n")
append_array(parts_style "${style}")
append_array(parts_picture_style "${picture}")
append_array(parts_script "${script}")
append_hash(parts_style_hash "${style}")
append_hash(parts_script_hash "${script}")
file(WRITE ${PARTS} "${parts}")
