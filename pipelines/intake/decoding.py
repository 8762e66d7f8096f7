"""Text of any file: which encoding it has, worked out from its bytes, and the same text as UTF-8."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import pyarrow as pa

#: Encodings with a mark at the beginning; the long marks first, as UTF-32 begins like UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
#: One-byte encodings that Swedish files come in, the most usual first.
_LEGACY = {
    "cp1252": "Windows-1252",
    "cp850": "DOS (cp850)",
    "cp437": "DOS (cp437)",
    "mac-roman": "Mac (MacRoman)",
}
_SWEDISH = frozenset("åäöÅÄÖéÉ")
#: Signs that Swedish text has beside its letters; found by themselves they say nothing of the encoding.
_USUAL = frozenset("–—‘’“”„…€£°§½²³´·«»†×\u00a0üÜèàáçñøæØÆ")
#: A high byte with the bytes beside it; enough of them tell the encoding.
_AROUND = re.compile(rb".?[\x80-\xff].?", re.DOTALL)
_ENOUGH = 20_000
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class NotTextError(ValueError):
    """The bytes are no text."""


@dataclass(frozen=True)
class Decoded:
    """A file's text as UTF-8 without mark; ``encoding`` as people call it; ``warnings`` in Swedish."""

    utf8: bytes
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(content: bytes) -> Decoded:
    """The text of a file. Lines that are not UTF-8 in a file that otherwise is are read as the encoding they have.

    Raises NotTextError.
    """
    for mark, codec, called in _MARKS:
        if content.startswith(mark):
            if codec == "utf-8":
                return _cleaned(_one_byte_or_utf8(content[len(mark) :]))
            return _cleaned(_wide(content[len(mark) :], codec, called))
    codec = _unmarked_utf16(content[:4096])
    if codec:
        return _cleaned(_wide(content, codec, "UTF-16"))
    return _cleaned(_one_byte_or_utf8(content))


def _wide(content: bytes, codec: str, called: str) -> Decoded:
    unit = 4 if "32" in codec else 2
    cut = len(content) % unit
    try:
        text = content[: len(content) - cut].decode(codec)
    except UnicodeDecodeError as error:
        raise NotTextError from error
    warnings = ("Filens sista tecken är avbrutet; slutet av filen kan saknas.",) if cut else ()
    return Decoded(text.encode(), called, warnings)


def _unmarked_utf16(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.3 * len(head) / 2 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * len(head) / 2 and not odd else ""


def _cleaned(decoded: Decoded) -> Decoded:
    """Without NUL bytes and the DOS end mark. Raises NotTextError when there is more of such than in any text."""
    utf8 = decoded.utf8.rstrip(b"\x1a")
    head = utf8[:65536]
    nuls = utf8.count(0)
    if len(_CONTROL.findall(head)) > max(2, 0.02 * len(head)) or nuls > max(2, 0.02 * len(utf8)):
        raise NotTextError
    if not nuls:
        return Decoded(utf8, decoded.encoding, decoded.warnings)
    row = utf8.count(b"\n", 0, utf8.index(0)) + 1
    said = f"{nuls} NUL-tecken togs bort, det första på rad {row}. Cellerna där kan vara skadade; se efter i filen."
    return Decoded(utf8.replace(b"\x00", b""), decoded.encoding, (*decoded.warnings, said))


def _one_byte_or_utf8(content: bytes) -> Decoded:
    if _is_utf8(content):
        return Decoded(content, "UTF-8")
    lines = content.split(b"\n")
    foreign = sum(not line.isascii() for line in lines)
    wrong = [number for number, line in enumerate(lines) if not line.isascii() and not _is_utf8(line)]
    codec = _legacy([lines[number] for number in wrong])
    for number in wrong:
        lines[number] = _from_legacy(lines[number], codec)
    called = _LEGACY[codec]
    if foreign == len(wrong):
        return Decoded(b"\n".join(lines), called)
    said = (
        f"Filen blandar teckenkodningar: {len(wrong)} rader, den första rad {wrong[0] + 1}, är inte UTF-8 "
        f"och lästes som {called}. Kontrollera å, ä och ö där."
    )
    return Decoded(b"\n".join(lines), f"UTF-8 och {called} blandat", (said,))


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    ends = pa.array([0, len(content)], pa.int64()).buffers()[1]
    whole = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(content)])
    try:
        whole.validate(full=True)  # many times quicker than decoding, with the same rules
    except pa.ArrowInvalid:
        return False
    return True


def _legacy(lines: list[bytes]) -> str:
    """The one-byte encoding in which the high bytes are most like Swedish text."""
    pairs: list[bytes] = []
    for line in lines:
        pairs += _AROUND.findall(line)
        if len(pairs) > _ENOUGH:
            break
    scores = {codec: sum(_likeness(pair, codec) for pair in pairs) for codec in _LEGACY}
    return max(scores, key=scores.__getitem__)  # the first of equals


def _likeness(around: bytes, codec: str) -> int:
    text = around.decode(codec, "replace")
    high = [letter for letter in text if not letter.isascii()]
    beside = any(letter.isascii() and letter.isalpha() for letter in text) or len(high) > 1
    score = 0
    for letter in high:
        if letter in _SWEDISH:
            score += 4 if beside else 2
        elif letter not in _USUAL:
            score -= 3 if letter == "\ufffd" or not letter.isalpha() else 1
    return score


def _from_legacy(line: bytes, codec: str) -> bytes:
    try:
        return line.decode(codec).encode()
    except UnicodeDecodeError:  # bytes that Windows-1252 leaves undefined
        return line.decode("latin-1").encode()
