"""Line-based conversations over a socket pair."""

import socket
import unittest

from parcels.lines import Lines


class LinesTest(unittest.TestCase):
    def setUp(self) -> None:
        ours, self.theirs = socket.socketpair()
        self.lines = Lines(ours)
        self.addCleanup(self.theirs.close)
        self.addCleanup(self.lines.close)

    def test_a_line_goes_out_with_its_end(self) -> None:
        self.lines.send("PING")
        self.assertEqual(self.theirs.recv(64), b"PING\r\n")

    def test_a_frame_ends_with_a_zero_byte(self) -> None:
        self.lines.end_frame("HAM")
        self.assertEqual(self.theirs.recv(64), b"HAM\0")

    def test_lines_come_in_one_at_a_time(self) -> None:
        self.theirs.sendall(b"+OK\r\n$4\r\nHAM2\r\n")
        received = [self.lines.receive() for _ in range(3)]
        self.assertEqual(received, ["+OK", "$4", "HAM2"])

    def test_a_partner_that_hangs_up_is_noticed(self) -> None:
        self.theirs.close()
        with self.assertRaises(EOFError):
            self.lines.receive()


if __name__ == "__main__":
    unittest.main()
