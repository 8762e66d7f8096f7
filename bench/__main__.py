"""``python -m bench [PART…]``: one table per part, the target beside what was measured."""

from __future__ import annotations

import argparse
import importlib

from bench.report import machine

PARTS = ("imports", "build", "browser", "national", "intake", "analysis", "gate", "records", "documents")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, "all"], default=["all"])
    parser.add_argument("--rounds", type=int, help="rounds of each measurement (each part has its own default)")
    given = parser.parse_args()
    print(machine())
    for part in PARTS:
        if part in given.part or "all" in given.part:
            module = importlib.import_module(f"bench.{part}")
            module.main(given.rounds or module.ROUNDS)


if __name__ == "__main__":
    main()
