"""A server for this machine alone: it answers on the loopback address, under its own name, and fetches nothing."""

import itertools
import socketserver
import sys
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from perspectives.preview import Preview
from perspectives.preview.pages import Answer, answer, refusal

HOST = "127.0.0.1"
_POLL = 0.25
"""Seconds between two looks at the files."""
_BEAT = 20
"""Looks after which a page that waits gets a sign, by which a page that is gone is noticed."""


class PreviewServer(ThreadingHTTPServer):
    """The pages of a preview; port 0 is any that is free. Raises the OSError of a port that is taken."""

    preview: Preview

    def __init__(self, preview: Preview, port: int = 0) -> None:
        self.preview = preview
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            error.filename = f"{HOST}:{port}"
            raise

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a browser may call it; any other name was made to lead here by somebody else (DNS rebinding)."""
        names = (HOST, "localhost")
        return tuple(f"{name}:{self.server_port}" for name in names) + (names if self.server_port == 80 else ())

    def server_bind(self) -> None:
        """Bind, without looking up the name of this machine as the standard library's does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name: str = HOST
        self.server_port: int = self.socket.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong, but not that a browser went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    """Seconds that a browser may keep a connection on which it asks nothing."""

    def do_GET(self) -> None:
        server = cast(PreviewServer, self.server)
        path, _, query = self.path.partition("?")
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].lower() not in server.hosts:
            self._send(refusal(HTTPStatus.MISDIRECTED_REQUEST, f"this is {server.url} and no other host"))
        elif path == "/events":
            self._follow(server.preview, query)
        else:
            self._send(answer(server.preview, path, query))

    do_HEAD = do_GET  # noqa: N815 - the standard library's name

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Content-Security-Policy", answer.policy)
        self._end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _follow(self, preview: Preview, known: str) -> None:
        """Wait until the files are of another version than the page (server-sent events)."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self._end_headers()
        if self.command == "HEAD":
            return
        for look in itertools.count():
            if (version := preview.version()) != known:
                self.wfile.write(f"data: {version}\n\n".encode())
                return
            if look % _BEAT == 0:
                self.wfile.write(b": no change\n\n")
            time.sleep(_POLL)

    def _end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-DNS-Prefetch-Control", "off")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()

    def version_string(self) -> str:
        """The name alone; which Python runs is nobody's business."""
        return "perspectives"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request: stderr is for the address and for what is wrong."""
