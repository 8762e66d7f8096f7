"""The data catalogue as a document, made from the declarations alone: the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.source import Indicator, Source, sources
from store.schema import AGGREGATIONS, LEVELS, POLARITIES, STATUSES

_INTRODUCTION = """\
# Datakatalog

Vad varje källa är, vad den mäter och vad den inte säger. Katalogen skrivs av `python -m pipelines catalogue` ur
källornas egna deklarationer i `pipelines/sources/`; ändra där, inte här. Vad som har levererats, och när, visas på
sidan Källor och av `python -m pipelines status`.
"""

#: Swedish words for the declared ways of adding areas up and for which direction is good.
_AGGREGATION = dict(zip(AGGREGATIONS, ("summeras", "vägs samman efter underlaget", "läggs inte ihop"), strict=True))
_POLARITY = dict(zip(POLARITIES, ("högre är bättre", "lägre är bättre", ""), strict=True))


def markdown() -> str:
    """The whole catalogue in Swedish, as Markdown that ends with a line break."""
    declared = sorted(sources().values(), key=lambda source: source.title)
    parts = [_INTRODUCTION, _overview(declared), *map(_source, declared), _statuses()]
    return "\n".join(parts)


def _overview(declared: Sequence[Source]) -> str:
    rows = [
        (f"[{s.title}](#{s.id})", s.producer, _levels(s), s.rhythm.rstrip("."), _fetched(s), s.licence)
        for s in declared
    ]
    return "## Källorna\n\n" + table(("Källa", "Producent", "Nivåer", "Uppdateras", "Hämtas", "Licens"), rows)


def _source(source: Source) -> str:
    facts = [
        f"- **Id:** `{source.id}`",
        f"- **Producent:** {source.producer}",
        f"- **Nivåer:** {_levels(source)}",
        f"- **Uppdateras:** {source.rhythm.rstrip('.')}",
        f"- **Licens:** {source.licence}",
        f"- **Hänvisa så här:** {source.citation}",
        f"- **Finns hos:** <{source.url}>",
        f"- **Kommer in:** {_fetched(source)}",
    ]
    if source.protected:
        facts.append("- **Skyddad:** små antal döljs innan något visas")
    sections = [
        f'<a id="{source.id}"></a>\n\n## {source.title}\n\n{source.speaks_of.rstrip(".")}.\n\n' + "\n".join(facts),
        _listed("Filer som känns igen", [f"`{layout.id}` – {layout.description}" for layout in source.layouts]),
        _listed("Att tänka på", source.caveats),
        _listed(
            "Tidsseriebrott: när siffror inte går att jämföra",
            [
                f"Från {item.first_day.isoformat()} ({', '.join(f'`{i}`' for i in item.indicators)}): {item.why} "
                f"Beskrivs i: {item.reference}"
                for item in source.breaks
            ],
        ),
        _indicators(source.indicators),
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _indicators(indicators: Sequence[Indicator]) -> str:
    """The declared measures; a parser may find more in a file, and those are told on the page Källor."""
    if not indicators:
        return ""
    rows = [
        (f"`{i.id}`", i.name, i.unit, i.theme, "; ".join(filter(None, _treatment(i))), _described(i))
        for i in sorted(indicators, key=lambda i: (i.theme, i.name, i.id))
    ]
    headings = ("Id", "Mått", "Enhet", "Tema", "Egenskaper", "Vad som räknas")
    return f"**Mått** ({len(indicators)})\n\n" + table(headings, rows).rstrip("\n")


def _treatment(indicator: Indicator) -> tuple[str, ...]:
    inside = f"ingår i `{indicator.part_of}`" if indicator.part_of else ""
    return _POLARITY[indicator.polarity], _AGGREGATION[indicator.aggregation], inside


def _described(indicator: Indicator) -> str:
    return " ".join([indicator.description, *indicator.caveats])


def _statuses() -> str:
    rows = [(f"`{name}`", meaning) for name, meaning in STATUSES.items()]
    return "## Uppgifternas art\n\nVarje uppgift bär källans egen skillnad; inget av det blir noll.\n\n" + table(
        ("Art", "Betyder"), rows
    )


def _levels(source: Source) -> str:
    return ", ".join(LEVELS[level] for level in source.levels)


def _fetched(source: Source) -> str:
    return "över nätet eller som fil" if source.fetch else "som fil"


def _listed(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"**{title}**", "", *(f"- {line}" for line in lines)]) if lines else ""


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; cells may hold anything."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
