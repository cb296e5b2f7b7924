"""What commands do to files, told without running them: as a real shell does it, where it can be told."""

import subprocess

import pytest

from driftlang.validity.proof.effects import after_command

TREE = {"a.txt": b"a", "b.txt": b"b", "old/x.txt": b"x", "old/y.txt": b"y", "conf/one.yaml": b"1"}
LINES = [
    "mv a.txt c.txt",
    "mv a.txt conf",
    "mv a.txt b.txt conf/",
    "mv old new",
    "cp a.txt c.txt",
    "cp -r old conf",
    "cp -r old newer",
    "rm a.txt",
    "rm -f a.txt none.txt && touch c.txt",
    "rm -rf old; mv ./b.txt conf/two.yaml",
    "touch a.txt d.txt",
    "true",
    "mv 'a.txt' \"c d.txt\"",
]


@pytest.mark.parametrize("line", LINES)
def test_a_command_does_what_it_does_in_a_shell(line, tmp_path):
    for name, content in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    subprocess.run(["sh", "-c", line], cwd=tmp_path, check=True, timeout=30)
    files = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after_command(line, TREE) == files


@pytest.mark.parametrize("line", ["git rm -q a.txt", "git mv a.txt c.txt"])
def test_git_moves_and_removes_as_the_shell_does(line):
    assert after_command(line, TREE) == after_command(line.removeprefix("git ").replace(" -q", ""), TREE)


@pytest.mark.parametrize("line", ["rm *.txt", "mv $OLD new", "rm ../a.txt", "mv a.txt", "sed -i s/a/b/ a.txt", "rm 'a"])
def test_what_cannot_be_told_changes_nothing(line):
    assert after_command(line, TREE) == TREE
