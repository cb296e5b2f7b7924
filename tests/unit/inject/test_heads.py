"""What a file begins with goes on being what it begins with."""

import pytest

from driftlang.inject.forms import Inserted
from driftlang.inject.insert import insert
from driftlang.inject.remove import remove_earlier
from driftlang.inject.same_code import same_code
from driftlang.model.schedules import TOP

FUTURE = b"from __future__ import annotations\n"


@pytest.mark.parametrize(
    ("path", "head", "rest"),
    [
        ("a.py", b"#!/usr/bin/env python3\n# coding: utf-8\n# Copyright 2025 Ledger\n\n", b'"""A."""\n' + FUTURE),
        ("a.py", b"", b'"""A."""\n\n' + FUTURE),
        ("a.py", b"", b"# Copyright 2025 Ledger\nx = 1\n"),
        ("a.py", b"", b"# how it works\n\nx = 1\n"),
        ("a.py", b"#!/bin/sh\n", b"# how it works\n# coding: latin-1\n"),
        ("a.js", b"#!/usr/bin/env node\n'use strict';\n", b"let a;\n"),
        ("a.ts", b'"use client"\n', b"let a;\n"),
        ("a.go", b"//go:build linux\n// +build linux\n\n", b"package a\n"),
        ("a.go", b"// Copyright 2025 Ledger\n// Use of it is free.\n\n", b"package a\n"),
        ("a.rs", b"#![allow(unused)]\n#![cfg_attr(\n    a,\n    b\n)]\n//! A.\n", b"\nfn a() {}\n"),
        ("a.rs", b"#!/usr/bin/env run\n", b"fn a() {}\n"),
        ("A.java", b"/*\n * Licensed under Apache-2.0.\n */\n", b"package a;\n"),
        ("a.c", b"/* SPDX-License-Identifier: Apache-2.0 */\n\n", b"int a;\n"),
        ("a.yaml", b"%YAML 1.2\n---\n", b"a: 1\n"),
        ("a.yaml", b"", b"a: 1\n---\nb: 2\n"),
        ("a.html", b'<?xml version="1.0"?>\n<!DOCTYPE html>\n', b"<p>\n"),
        ("a.md", b"---\ntitle: a\n---\n", b"# A\n"),
        ("a.sql", b"-- Copyright 2025 Ledger\n\n", b"SELECT 1;\n"),
        ("a.toml", b"", b"[a]\nb = 1\n"),
        ("a.js", b"/**\n * @jest-environment jsdom\n */\n", b"\nlet a;\n"),
        ("a.ts", b"/** @jsx h */\n", b"let a;\n"),
        ("a.js", b"", b"/**\n * @param a\n */\nfunction f(a) {}\n"),
        ("a.tsx", b"'use client';\n", b"import a from 'a';\n"),
        ("a.ts", b"", b'/// <reference types="node" />\nlet a;\n'),
        ("a.go", b"//go:build linux\n\n", b'// Package a is.\npackage a\n\n/*\nint a;\n*/\nimport "C"\n'),
        ("a.go", b"/* Copyright 2025 Ledger */\n\n", b"//go:build linux\n\npackage a\n"),
        ("a.go", b"", b"//go:generate stringer\npackage a\n"),
        ("a.rs", b"//! A.\n#![no_std]\n", b"use a;\n"),
        ("A.java", b"", b"/** About. */\npackage a;\n"),
        ("a.h", b"", b"#pragma once\nint a;\n"),
        ("a.h", b"/* -*- mode: c -*- */\n", b"#ifndef A\n#define A \\\n  1\n#endif\n"),
        ("a.sh", b"#!/bin/sh\n# -*- mode: sh -*-\n", b"ls\n"),
        ("a.yaml", b"#cloud-config\n", b"a: 1\n"),
        ("a.yaml", b"## template: jinja\n#cloud-config\n", b"a: 1\n"),
        ("a.md", b"+++\ntitle = 'a'\n+++\n", b"# A\n"),
        ("a.html", b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "a"\n  "b">\n', b"<p>\n"),
        ("a.sql", b"", b"-- about the table\nSELECT 1;\n"),
    ],
)
def test_a_comment_at_the_top_stands_behind_the_head(path: str, head: bytes, rest: bytes):
    found = insert(head + rest, path, "hi", TOP)
    assert isinstance(found, Inserted), found
    assert found.source.startswith(head)
    assert found.source.endswith(rest)
    assert found.line == head.count(b"\n") + 1
    assert same_code(head + rest, found.source, path)
    assert remove_earlier(found.source, path, ["hi"]).source == head + rest
