"""The small study of the cells' tests stands beside them."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("cells", "build")]
