"""Draws one verification at 1 KiB, hookproof beside the others: `picture.py RESULTS FILE`.

The same results give the same bytes. There is no background and the colours are in the middle, so that it is
readable on a light page and on a dark one.
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

Json = Any

TEXT, OURS, OTHERS = "#767f89", "#2f81f7", "#8b949e"
LANGUAGES = {"node": "Node", "python": "Python"}
# What @hookflo/tern takes would leave nothing of the other bars: it is in the tables.
_BY_HAND = ("node:crypto", "node:crypto + JSON.parse", "hmac", "hmac + json.loads")
_OF_TOKENS = (
    "RSA verification",
    "fast-jwt",
    "jsonwebtoken",
    "jose",
    "express-jwt",
    "PyJWT",
    "joserfc",
    "authlib",
)
PANELS = {
    "standard-webhooks": (
        "Standard Webhooks, 1 KiB",
        ("hookproof", *_BY_HAND, "standardwebhooks", "svix"),
    ),
    "hex-hmac": (
        "HMAC of the body in hex, 1 KiB",
        ("hookproof", *_BY_HAND, "@octokit/webhooks-methods"),
    ),
    "rs256-first": ("RS256 bearer token, first sight", ("hookproof", *_OF_TOKENS)),
}


def main() -> None:
    results, file = map(Path, sys.argv[1:])
    parts = json.loads(results.read_text(encoding="utf-8"))["parts"].values()
    draw([row for part in parts for row in part["lines"]], file)


def draw(rows: list[Json], file: Path) -> None:
    # Otherwise the names of its parts are drawn by lot.
    mpl.rcParams["svg.hashsalt"] = "hookproof"
    mpl.rcParams["font.size"] = 9
    figure = Figure(figsize=(9.5, 6.6), layout="constrained")
    figure.get_layout_engine().set(h_pad=0.08, w_pad=0.1)
    axes = figure.subplots(len(PANELS), len(LANGUAGES), squeeze=False)
    for line, (kind, (title, names)) in zip(axes, PANELS.items(), strict=True):
        for axis, (language, language_title) in zip(line, LANGUAGES.items(), strict=True):
            times = _times(rows, language, kind)
            _bars(axis, {name: times[name] for name in names if name in times})
            axis.set_title(f"{language_title}: {title}", color=TEXT, fontsize=10, loc="left")
    figure.supxlabel("µs a verification, median; shorter is faster", color=TEXT, fontsize=9)
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})


def _times(rows: list[Json], language: str, kind: str) -> dict[str, float]:
    for row in rows:
        at_size = kind.startswith("rs256") or row.get("bytes") == 1024
        if row["language"] == language and row.get("row") == kind and at_size:
            times: dict[str, float] = row["ns"]
            return times
    return {}


def _bars(axis: Any, times: dict[str, float]) -> None:
    names, values = list(times), [nanoseconds / 1000 for nanoseconds in times.values()]
    colours = [OURS if name == "hookproof" else OTHERS for name in names]
    bars = axis.barh(names, values, color=colours, height=0.65)
    axis.bar_label(bars, labels=[f"{value:.2f}" if value < 10 else f"{value:.0f}" for value in values])
    for label in (*axis.texts, *axis.get_yticklabels()):
        label.set_color(TEXT)
    for text in axis.texts:
        text.set_position((4, 0))
    axis.invert_yaxis()
    axis.margins(x=0.14)
    axis.xaxis.set_visible(False)
    axis.tick_params(left=False)
    for spine in axis.spines.values():
        spine.set_visible(False)


if __name__ == "__main__":
    main()
