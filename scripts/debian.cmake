# SPDX-License-Identifier: MIT
#
# Debian's customs that an installation has not: whose licences apply, what changed, compressed
# manual pages, and where zsh looks. cpack runs this over the files of the package. Where
# SOURCE_DATE_EPOCH is set, as reproducible builds want it, that is the date of all of them.

set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY})

file(GLOB pages ${root}/usr/share/man/man*/*.[0-9])
foreach(page ${pages})
  execute_process(COMMAND gzip -9 -n -f ${page} COMMAND_ERROR_IS_FATAL ANY) # -n: no time in it
endforeach()

# Debian's zsh looks there for what packages bring, and not into site-functions.
set(zsh ${root}/usr/share/zsh)
if(EXISTS ${zsh}/site-functions)
  file(RENAME ${zsh}/site-functions ${zsh}/vendor-completions)
endif()

set(documents ${root}/usr/share/doc/sockrepl)
file(RENAME ${documents}/LICENSE ${documents}/copyright)
file(APPEND ${documents}/copyright "
The program /usr/bin/sockrepl is linked with GNU Readline and is distributed
under the GNU General Public License, version 3 or later:
/usr/share/common-licenses/GPL-3. The module sockrepl.so is not.

The program contains Lua, Copyright (C) Lua.org, PUC-Rio, under the licence
above.
")

string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH where that is set
file(WRITE ${documents}/changelog "\
sockrepl (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Built from source, whose history has the changes.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
execute_process(COMMAND gzip -9 -n ${documents}/changelog COMMAND_ERROR_IS_FATAL ANY)

# Whatever the builder's umask is: /usr itself is among them.
execute_process(COMMAND chmod -R u=rwX,go=rX ${root} COMMAND_ERROR_IS_FATAL ANY)

if(DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND find ${root} -exec touch -h -d @$ENV{SOURCE_DATE_EPOCH} {} +
                  COMMAND_ERROR_IS_FATAL ANY)
endif()
