"""JSON over HTTP, against a server on this machine."""

import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

from stallpay.errors import UnreachableError
from stallpay.wire import post_json


class Echo(BaseHTTPRequestHandler):
    """Answers a POST with its own body."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503 if self.path == "/closed" else 200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""


class PostJsonTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = HTTPServer(("127.0.0.1", 0), Echo)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(self.server.shutdown)

    def test_the_answer_is_parsed(self) -> None:
        self.assertEqual(post_json(self.url, {"a": 1}, timeout=5.0), {"a": 1})

    def test_a_failure_is_said(self) -> None:
        with self.assertRaisesRegex(UnreachableError, "answered 503"):
            post_json(f"{self.url}/closed", {}, timeout=5.0)


if __name__ == "__main__":
    unittest.main()
