#!/usr/bin/env python3
"""Clients."""

from __future__ import annotations

import os

LIMIT = 3


class Client:
    """A client."""

    # how to log in
    @staticmethod
    def connect(host):
        text = """
        # no comment
        """
        return os.path.join(host,
                            text)
