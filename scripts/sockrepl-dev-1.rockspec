-- SPDX-License-Identifier: MIT
--
-- For LuaRocks: the module of require "sockrepl" without the shell. In the source's top directory:
--
--   luarocks --lua-version 5.4 make scripts/sockrepl-dev-1.rockspec

rockspec_format = "3.0"
package = "sockrepl"
version = "dev-1"
source = {
    url = "file://.", -- `make` builds the tree in which it is called and fetches nothing
}
description = {
    summary = "The Berkeley socket calls, with tasks, and errors that say why",
    license = "MIT",
}
dependencies = {
    "lua ~> 5.4",
}
external_dependencies = {
    JANSSON = { header = "jansson.h" },
}
build = {
    type = "command",
    build_command = "cmake -S . -B build/rock -DSOCKREPL_SHELL=OFF -DSOCKREPL_TESTS=OFF "
        .. "-DCMAKE_PREFIX_PATH=$(JANSSON_DIR) -DSOCKREPL_MODULE_DIR=$(LIBDIR) "
        .. "&& cmake --build build/rock",
    install_command = "cmake --install build/rock --component module",
}
