"""Which TCP ports are free. Who listens on them is decided in stack.py and servers.py."""

import socket
from contextlib import ExitStack


def free(count: int) -> list[int]:
    """Free ports of 127.0.0.1, all different: they are held open together until the last one is found."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


def why_not(host: str, port: int) -> str | None:
    """Why nobody can listen on `host` and `port`, or None when somebody can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()
        except OSError as error:
            return error.strerror
    return None
