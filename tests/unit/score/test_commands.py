"""Shell lines come apart into simple commands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.score.commands import simple_commands


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("git add . && git   push", ("git add .", "git push")),
        ("cat a | grep b || true; ls &", ("cat a", "grep b", "true", "ls")),
        ("sudo -u root rm x", ("rm x",)),
        ("A=1 env -u C B=2 make test", ("make test",)),
        ("find . | xargs -n 1 grep foo", ("find .", "grep foo")),
        ("timeout 5 nice -n 3 make", ("make",)),
        ("bash -lc \"rm -rf 'x y' && ls\"", ("rm -rf 'x y'", "ls")),
        ("sudo bash -c 'sh -c \"curl x\"'", ("curl x",)),
        ("/usr/bin/sudo rm x", ("rm x",)),
        ("bash script.sh", ("bash script.sh",)),
        ('echo "rm -rf /" > .env', ('echo "" > .env',)),
        ('echo "now $(git push)"', ('echo ""', "git push")),
        ("cat > f <<'EOF'\nrm x\nEOF\nls", ("cat > f", "ls")),
        ("for f in *; do curl $f; done", ("curl $f",)),
        ("a | b > out", ("a", "b > out")),
        ("{ a; b; } >> out", ("a", "b >> out")),
        ("git \\\n push", ("git push",)),
        ('git commit -m "rm x"', ('git commit -m "rm x"',)),
        ("X=1", ("X=1",)),
        ("export TOKEN=$(cat t) && make", ("export TOKEN=$(cat t)", "cat t", "make")),
        ("A=1 B=2; ls", ("A=1 B=2", "ls")),
        ("[ -f a ] && rm a", ("[ -f a ]", "rm a")),
        ("unset A; > log", ("unset A", "> log")),
        ("for ((i=0; i<2; i++)); do ls; done", ("ls",)),
        ('sudo echo "git push" > log', ('echo "" > log',)),
        ("/bin/echo \"git push\"' now'.", ('/bin/echo """".',)),
        ("sudo", ("sudo",)),
        ("", ()),
        ("  \n", ()),
    ],
)
def test_simple_commands(line, expected):
    assert simple_commands(line) == expected


def test_a_line_that_does_not_parse_is_one_unit():
    assert simple_commands("((( broken") == ("((( broken",)


def test_shells_in_shells_end_somewhere():
    line = "bash -c " * 40 + "ls"
    assert len(simple_commands(line)) == 1


def test_a_very_long_line_is_taken_whole():
    line = "ls; " * 20_000
    assert simple_commands(line) == (line.strip(),)


def test_substitutions_nested_deep_are_taken_whole():
    """Each stands again in the command around it: thousands of them would be hundreds of megabytes."""
    line = "a $(" * 3_000 + "b" + ")" * 3_000
    assert simple_commands(line) == (line,)


def test_shells_in_shells_share_one_bound():
    line = "bash -c '" + "a $(" * 500 + "b" + ")" * 500 + "'; ls"
    assert simple_commands(line) == (line,)


def test_a_long_pipe_is_split_and_its_end_keeps_the_redirection():
    found = simple_commands("a | " * 3_000 + "b > out")
    assert (len(found), found[-1]) == (3_001, "b > out")


def test_redirections_around_groups_in_groups_stay_with_the_last_command():
    assert simple_commands("{ a; { b; c | d; } > x; } >> y") == ("a", "b", "c", "d > x >> y")


@given(line=st.text(max_size=60))
def test_any_text_is_split_without_complaint(line):
    assert all(command.strip() for command in simple_commands(line.replace("\0", "")))


@pytest.mark.parametrize("line", ["{\U00031860", 'ls {"\U000f0000("}; ls'])
def test_a_wide_character_behind_a_brace_does_not_end_the_process(line):
    """tree-sitter-bash 0.25.1 alone ends it (its issue 337)."""
    assert len(simple_commands(line)) > 0
