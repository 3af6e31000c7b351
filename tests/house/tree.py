# SPDX-License-Identifier: MIT
"""The files of the project, for the tests that hold the house's rules against them."""

import os
import subprocess

SOURCE = os.path.abspath(
    os.environ.get("SOURCE") or os.path.join(os.path.dirname(__file__), "..", ".."))
SKIPPED = "build", ".git"


def _walked():
    for folder, folders, names in os.walk(SOURCE):
        folders[:] = [name for name in folders
                      if not (folder == SOURCE and name.startswith(SKIPPED))]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), SOURCE)


def _tracked():
    """What git knows and what it would add; the checkout may belong to somebody else."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", SOURCE, "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"], capture_output=True, check=False)
    if listed.returncode != 0:
        raise OSError(listed.stderr.decode())
    return [os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]


def files():
    """Paths below SOURCE, sorted: those in git's care, or of an unpacked archive all."""
    if os.path.exists(os.path.join(SOURCE, ".git")):
        found = _tracked()
    else:
        found = _walked()
    return sorted(name for name in found if os.path.isfile(os.path.join(SOURCE, name)))


def read(name):
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        return file.read()


def kind(name, text):
    """"c", "python", "lua", "shell" or ""; a script without a suffix says it in its first line."""
    suffixes = {".c": "c", ".h": "c", ".inc": "c", ".py": "python", ".lua": "lua", ".sh": "shell"}
    found = suffixes.get(os.path.splitext(name)[1], "")
    first = text.split("\n", 1)[0]
    if not found and first.startswith("#!"):
        found = "python" if "python" in first else "shell" if first.endswith("sh") else ""
    return found
