"""Small sources of every language, with what they define and what a pattern finds in them."""

from attrs import frozen


@frozen
class Source:
    """A file; `symbol` is defined in it, `pattern` matches in it where a comment may stand below."""

    path: str
    text: bytes
    symbol: str = ""
    pattern: str = ""


SOURCES = (
    Source(
        "a.py",
        b'#!/usr/bin/env python3\n"""Clients."""\n\nfrom __future__ import annotations\n\nimport os\n\nLIMIT = 3\n\n\n'
        b'class Client:\n    """A client."""\n\n    # how to log in\n    @staticmethod\n    def connect(host):\n        '
        b'text = """\n        # no comment\n        """\n        return os.path.join(host,\n                            text)\n',
        "Client.connect",
        r"import os",
    ),
    Source(
        "stub.py",
        b"async def connect(host):\n    # to do\n    raise NotImplementedError\n",
        "connect",
        r"def connect",
    ),
    Source(
        "a.js",
        b"#!/usr/bin/env node\n'use strict';\nconst LIMIT = 3;\n/** Logs in. */\nexport async function connect(host) {\n"
        b"  const url = `https://\n  // no comment\n  ${host}`;\n  return url // a\n    .trim();\n}\n",
        "connect",
        r"LIMIT = 3;",
    ),
    Source(
        "a.ts",
        b"export interface Options {\n  host: string;\n}\n\n/**\n * A client.\n */\n@sealed\nexport class Client {\n"
        b"  @log\n  connect(options: Options): string {\n    return `x${options.host}`;\n  }\n}\n",
        "Client.connect",
        r"host: string;",
    ),
    Source(
        "a.tsx",
        b"export const Login = ({ host }: { host: string }) => {\n  return (\n    <div title=\"a\">\n      text\n      {host}\n"
        b"    </div>\n  );\n};\n",
        "Login",
        r"=> \{",
    ),
    Source(
        "a.go",
        b"//go:build linux\n\npackage billing\n\nimport \"fmt\"\n\n// Client logs in.\ntype Client struct {\n\thost string\n}\n\n"
        b"// Connect connects.\n//\n//go:noinline\nfunc (c *Client) Connect() string {\n\ts := `\n// no comment\n`\n"
        b"\treturn fmt.Sprint(c.host,\n\t\ts)\n}\n\nconst (\n\tLimit = 3\n)\n",
        "Client.Connect",
        r"type Client struct",
    ),
    Source(
        "a.rs",
        b"#![allow(unused)]\n//! Clients.\n\n/// A client.\n#[derive(Debug)]\npub struct Client {\n    host: String,\n}\n\n"
        b"impl Client {\n    #[inline]\n    pub fn connect(&self) -> String {\n        let s = r#\"\n// no comment\n\"#;\n"
        b"        format!(\"{}{}\", self.host, s)\n    }\n}\n",
        "Client::connect",
        r"host: String,",
    ),
    Source(
        "A.java",
        b"package billing;\n\nimport java.util.List;\n\n/** A client. */\n@Deprecated\npublic class Client {\n  /**\n"
        b"   * Logs in.\n   */\n  @Override\n  public String connect(String host) {\n    String s = \"\"\"\n        // no comment\n"
        b"        \"\"\";\n    return host + s;\n  }\n}\n",
        "Client.connect",
        r"import java.util.List;",
    ),
    Source(
        "a.c",
        b"/* Clients. */\n#include <stdio.h>\n#define LIMIT \\\n  3\n\nstruct client {\n  int host;\n};\n\nint connect(int host);\n\n"
        b"/**\n * Logs in.\n */\nint connect(int host)\n{\n  return host + LIMIT;\n}\n",
        "connect",
        r"int host;",
    ),
    Source(
        "a.sh",
        b"#!/bin/sh\nset -eu\n\n# logs in\nconnect() {\n  cat <<END\n# no comment\nEND\n  curl --fail \\\n    \"$1\"\n}\n",
        "connect",
        r"set -eu",
    ),
    Source(
        "a.yaml",
        b"%YAML 1.2\n---\nclient:\n  host: \"a\"\n  script: |\n    # no comment\n    ls\nlimits:\n  - 3\n  - 4\n",
        "client.host",
        r"limits:",
    ),
    Source(
        "a.toml",
        b"title = \"a\"\n\n# how to log in\n[client]\nhost = \"a\"\nscript = '''\n# no comment\n'''\nlimits = [\n  3,\n]\n",
        "client.host",
        r"title = ",
    ),
    Source(
        "a.sql",
        b"-- clients\nCREATE TABLE client (\n  id INTEGER PRIMARY KEY,\n  host TEXT DEFAULT '\n-- no comment\n'\n);\n\n"
        b"CREATE VIEW hosts AS SELECT host FROM client;\n",
        "hosts",
        r"id INTEGER PRIMARY KEY,",
    ),
    Source(
        "a.md",
        b"---\ntitle: a\n---\n# Clients\n\nHow they log in.\n\n```sh\n# no comment\n```\n\n## Limits\n\n- three\n",
        "",
        r"How they log in",
    ),
)
