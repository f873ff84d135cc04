"""Run the command line in a process that the kernel ends at its first attempt to open a socket to another machine.

The filter (seccomp) holds for native code and for every child process; sockets within the machine's file system stay allowed.
`python -m tests.studio.sealed WORDS…` is `palimpsest WORDS…`.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys

_SOCKET = {"x86_64": 41, "aarch64": 198}
_INTERNET = (2, 10)  # AF_INET, AF_INET6
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_KILL, _ALLOW = 0x80000000, 0x7FFF0000
_NUMBER, _FIRST_ARGUMENT = 0, 16


def possible() -> bool:
    """Tell whether this kernel and processor are ones that the filter is written for."""
    return sys.platform == "linux" and platform.machine() in _SOCKET


def seal() -> None:
    """Let this process and its children die when they open an internet socket."""
    program = [
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_EQUAL, 0, 4, _SOCKET[platform.machine()]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_EQUAL, 1, 0, _INTERNET[0]),
        (_JUMP_EQUAL, 0, 1, _INTERNET[1]),
        (_RETURN, 0, 0, _KILL),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    held = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    library = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SET_SECCOMP, _FILTER, held, 0, 0)):
        if library.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "the kernel takes no filter")


if __name__ == "__main__":
    from palimpsest.cli import main

    seal()
    sys.exit(main(sys.argv[1:]))
