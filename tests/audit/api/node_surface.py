"""Lists what the Node package offers: the declarations that are shipped, without their comments.

As text: the TypeScript compiler of today has no interface that could be asked.
"""

import re
from pathlib import Path

FACE = Path(__file__).resolve().parents[3] / "bindings-node/face"
# Strings are matched first, so that what looks like a comment in one is none.
COMMENT = re.compile(r"('[^'\n]*')|/\*.*?\*/|//[^\n]*", flags=re.DOTALL)


def surface() -> str:
    """Returns one line for each line of a declaration."""
    lines = []
    for path in sorted(FACE.rglob("*.d.[cm]ts")):
        text = COMMENT.sub(lambda match: match[1] or "", path.read_text(encoding="utf-8"))
        name = path.relative_to(FACE).as_posix()
        lines += [f"{name}: {line.rstrip()}" for line in text.splitlines() if line.strip()]
    return "\n".join(lines) + "\n"
