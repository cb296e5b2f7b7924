"""HTTP calls against a server on this machine."""

import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

from parcels.errors import PartnerError
from parcels.transport import send_json


class Echo(BaseHTTPRequestHandler):
    """Answers a POST with its own body and any GET with 503."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""


class SendJsonTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = HTTPServer(("127.0.0.1", 0), Echo)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(self.server.shutdown)

    def test_the_answer_is_parsed(self) -> None:
        answer = send_json("POST", self.url, headers={}, body={"parcel": "PW1"})
        self.assertEqual(answer, {"parcel": "PW1"})

    def test_a_failure_names_the_partner_and_the_status(self) -> None:
        with self.assertRaises(PartnerError) as caught:
            send_json("GET", self.url, headers={})
        self.assertEqual(str(caught.exception), "127.0.0.1: answered 503")


if __name__ == "__main__":
    unittest.main()
