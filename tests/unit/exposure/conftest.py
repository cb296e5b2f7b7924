"""The sources that texts are put into stand with the tests of putting them in."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "inject"))
