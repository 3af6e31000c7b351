# SPDX-License-Identifier: MIT
#
# cmake -DLIST=src/net/name.list -DTABLE=net_name_table.h -P name_table.cmake
#
# Makes the rows of the table in src/net/name.c: one for each name of the list, sorted by name as
# strcmp() sorts, each within an #ifdef, with its place in the list as its rank.

file(STRINGS ${LIST} lines REGEX "^[A-Z]")
set(entries)
set(names)
set(rank 0)
foreach(line IN LISTS lines)
  if(NOT line MATCHES "^([A-Z][A-Z0-9_]*) ([A-Z][A-Za-z0-9_]*)( ([A-Z][A-Z0-9_]*))?$")
    message(FATAL_ERROR "${LIST}: not KIND NAME or KIND NAME VALUE: ${line}")
  endif()
  set(type INT)
  if(CMAKE_MATCH_4)
    set(type ${CMAKE_MATCH_4})
  endif()
  list(APPEND names ${CMAKE_MATCH_2})
  # The blank after the name sorts before all that a name may contain.
  list(APPEND entries "${CMAKE_MATCH_2} ${CMAKE_MATCH_1} ${type} ${rank}")
  math(EXPR rank "${rank} + 1")
endforeach()

list(LENGTH names count)
list(REMOVE_DUPLICATES names)
list(LENGTH names distinct)
if(NOT count EQUAL distinct)
  message(FATAL_ERROR "${LIST}: a name stands there twice")
endif()

list(SORT entries COMPARE STRING CASE SENSITIVE)
set(table "/* Made from name.list by scripts/name_table.cmake. */\n")
foreach(entry IN LISTS entries)
  string(REPLACE " " ";" entry "${entry}")
  list(GET entry 0 name)
  list(GET entry 1 kind)
  list(GET entry 2 type)
  list(GET entry 3 rank)
  string(APPEND table "#ifdef ${name}\n"
         "{\"${name}\", ${name}, NET_${kind}, NET_VALUE_${type}, ${rank}},\n#endif\n")
endforeach()
file(WRITE ${TABLE} "${table}")
