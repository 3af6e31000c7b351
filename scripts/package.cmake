# SPDX-License-Identifier: MIT
#
# What cpack makes: a .deb with the program, the module and all that belongs to them. Included by
# CMakeLists.txt, after everything is installed there.
#
#   cmake -B build && cmake --build build && (cd build && cpack -G DEB)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
if(NOT CPACK_PACKAGE_CONTACT) # who makes the package says so by -DCPACK_PACKAGE_CONTACT=...
  set(CPACK_PACKAGE_CONTACT "The sockrepl authors <sockrepl@localhost>")
endif()
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "shell at which the Berkeley socket calls are typed and run")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION education)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS netbase) # /etc/services, by which lessons look up names of services
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "lua5.4, telnet, netcat-openbsd")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"The Berkeley socket calls are typed in Lua 5.4 and run for real; each shows
the system call that it made, its result, and when it failed, why. For
learning sockets, for teaching them, and for poking servers. Lessons and a
module for lua5.4 come with it.")

set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
include(CPack)
