"""Lists what the crate offers: every public item of the library, its features, and what the root exports.

As text: what rustdoc writes for tools has another form in every compiler, and is no base to compare with.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "core/src"
# A declaration goes on until its body or its end. What is public in the crate alone is `pub(crate)`.
ITEM = re.compile(r"^ *pub (?!\()[^;{]*?(?:\{[^{}]*\}(?=;)|(?=[;{])|(?=,$))", flags=re.MULTILINE)


def surface() -> str:
    """Returns one line for each public item."""
    lines = [f"feature {name}" for name in _features()]
    for path in sorted(SOURCES.rglob("*.rs")):
        name = path.relative_to(SOURCES).as_posix()
        # The command line is a program, whose words `docs/cli.md` and its own tests hold.
        if not re.match(r"(cli|bin)/|.*_?test(s|ing)\.rs", name):
            source = re.sub(r"^ *//.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            shipped = source.split("#[cfg(test)]\nmod tests {")[0]
            lines += [f"{name}: {' '.join(item.split())}" for item in ITEM.findall(shipped)]
    return "\n".join(lines) + "\n"


def _features() -> list[str]:
    manifest = (ROOT / "core/Cargo.toml").read_text(encoding="utf-8")
    table = manifest.split("[features]\n")[1].split("\n[")[0]
    return re.findall(r"^([\w-]+) = ", table, flags=re.MULTILINE)
