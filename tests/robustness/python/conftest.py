"""What the robustness suite measures is printed at its end, one line a figure."""

import pytest
from figures import LINES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the figures, whether the tests passed or not."""
    for line in LINES:
        terminalreporter.write_line(line)
