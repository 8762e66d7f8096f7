"""What the documents say alike."""

from __future__ import annotations

#: What every page of a document from the example workspace, and of one that nobody has decided, must say.
EXAMPLE_DATA = "Exempeldata"
DRAFT = "Utkast"


def paragraphs(text: str) -> tuple[str, ...]:
    """What somebody wrote, line by line, without the empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
