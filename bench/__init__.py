"""Measurements: ``python -m bench`` prints a table per part. See docs/bench.md."""
