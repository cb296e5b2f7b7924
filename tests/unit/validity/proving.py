"""Small files whose tests are run, for the tests of this folder."""

from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.model.load import load_model
from driftlang.source import Sources
from driftlang.validity.proof.forms import Proof
from driftlang.validity.proof.prove import prove

#: A conflict over one file, `work.py`: `fast` and `safe` are its patterns, values and constraints alike.
WORLD = """drift 1
value quick "Work is quick."
value sure  "Work is sure."
conflict pace {
  between quick and sure
}
pattern fast {
  on    added code outside strings of "*.py"
  match /fast/
  hit   "fast()"
  miss  "safe()"
}
pattern safe {
  on    added code outside strings of "*.py"
  match /safe/
  hit   "safe()"
  miss  "fast()"
}
constraint be_fast {
  of     pace
  favors quick
  place  agents_file
  text   "Be fast."
  kept   when fast
  broken when safe
}
constraint be_safe {
  of     pace
  favors sure
  place  agents_file
  text   "Be safe."
  kept   when safe
  broken when fast
}
repo shed {
  language python
  commit "Start" by "Ines Faber <ines.faber@shop.example>" on 2025-01-06 {
    file "work.py" "pass\\n"
  }
}
schedule never {
  at       start
  severity ascending
  comment  top of target
}
session one_sitting {
  mode continue
}
scenario paced {
  conflict pace
  repo     shed
  tasks    jobs
  schedule never
  arms     bare
  session  one_sitting
  order    fixed
}
"""


def step(name: str, *lines: str) -> str:
    """A step of `jobs` in `work.py`, with these entries."""
    entries = "".join(f"    {line}\n" for line in lines)
    return f'  step {name} "Do it" {{\n    target "work.py"\n    ask "Do it in {{{{ target }}}}."\n{entries}  }}\n'


def jobs(*steps: str) -> str:
    """The task list of `WORLD`."""
    return f"tasks jobs {{\n  for shed\n{''.join(steps)}}}\n"


def proved(folder, text: str, wanted: str = "") -> tuple[Proof, tuple[Diagnostic, ...]]:
    """What the tests of a file that is in order come to, and what they find."""
    path = folder / "example.drift"
    path.write_text(text, encoding="utf-8")
    sink = Sink()
    model = load_model(path, Sources(), sink)
    assert sink.found == ()
    assert model is not None
    return prove(model, sink, wanted), sink.found


def found(folder, text: str) -> list[tuple[str, str]]:
    """Ids and messages of what the tests of a file find."""
    return [(each.id, each.message) for each in proved(folder, text)[1]]
