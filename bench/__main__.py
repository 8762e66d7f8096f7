"""``python -m bench [national|build|browser|imports|all]``: one table per part, the target beside what was measured."""

from __future__ import annotations

import argparse
import importlib

from bench.report import machine

PARTS = ("imports", "build", "browser", "national")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, "all"], default=["all"])
    asked = parser.parse_args().part
    print(machine())
    for part in PARTS:
        if part in asked or "all" in asked:
            importlib.import_module(f"bench.{part}").main()


if __name__ == "__main__":
    main()
