"""Lets `python -m hookproof` be the program `hookproof`."""

import sys

from hookproof._cli import main

if __name__ == "__main__":
    sys.exit(main())
