"""The lawful situation picture as a document: its three parts, its frozen figures, what was left out, the decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from charts import swedish
from charts.frozen import thaw
from queries.since_frozen import unused
from reports.description import Bullets, Fillable, Part, Report, Section, Shown, Text
from reports.documents.words import DRAFT, EXAMPLE_DATA, paragraphs
from store.records import Evidence, Situation, Work, about
from store.records.choices import Stage
from store.warehouse import Build

#: The parts of 4 § and what else the picture holds: heading, columns. The columns' own labels stand as sub-headings.
_PARTS = (
    ("1. Brottsligheten (4 § 1)", ("crime", "consequences")),
    ("2. Annan information (4 § 2)", ("other",)),
    ("3. Analys (4 § 3)", ("analysis",)),
    ("Osäkerhet", ("uncertainty",)),
    ("Samordning med annan planering (7 §)", ("other_statutes",)),
)


def about_situation(work: Work, build: Build, situation_id: int, exported: date) -> Report:
    """The situation picture with this id, with the figures that it was written with. Raises LookupError."""
    situation = work.get(Situation, situation_id)
    if situation is None:
        raise LookupError(f"Lägesbilden med nummer {situation_id} finns inte.")
    figures = work.all(Evidence, situation_id=situation.id)
    decided = situation.stage == Stage.DECIDED
    return Report(
        id="lagesbild",
        title=situation.title,
        subtitle="Lägesbild enligt 4 § lagen (2023:196) om kommuners ansvar för brottsförebyggande arbete",
        place=situation.place,
        period=situation.period,
        build=situation.build or build.id,
        exported=exported,
        sections=(
            *(_written(situation, heading, columns) for heading, columns in _PARTS),
            *_figures(figures),
            _left_out(situation, figures, build),
            _decision(situation, decided=decided),
        ),
        marks=(*((EXAMPLE_DATA,) if build.example else ()), *(() if decided else (DRAFT,))),
    )


def _written(situation: Situation, heading: str, columns: Sequence[str]) -> Section:
    """What has been written in these columns; one that is empty is left to be filled in."""
    parts: list[Part] = []
    for name in columns:
        label, text = about(Situation, name).label, getattr(situation, name)
        if not text.strip():
            parts.append(Fillable(label))
        elif len(columns) > 1:
            parts.append(Text((f"{label}:", *paragraphs(text))))
        else:
            parts.append(Text(paragraphs(text)))
    return Section(heading, tuple(parts))


def _figures(figures: Sequence[Evidence]) -> Iterator[Section]:
    """The frozen figures, and then the notes that the picture rests on."""
    shown = tuple(Shown(thaw(one.frozen), one.note) for one in figures if one.frozen)
    noted = tuple(
        ": ".join(filter(None, (one.title, one.note))) + (f" ({one.source})" if one.source else "")
        for one in figures
        if not one.frozen
    )
    if shown:
        yield Section("Figurer", shown)
    if noted:
        yield Section("Annat underlag", (Bullets(noted),))


def _left_out(situation: Situation, figures: Sequence[Evidence], build: Build) -> Section:
    """What was known and not used, with the reasons given."""
    used = {source["citation"] for one in figures if one.frozen for source in one.frozen["sources"]}
    rest = unused(build, sorted(used))
    known = tuple(f"{title} ({producer}): {speaks_of}" for title, producer, speaks_of in rest.itertuples(index=False))
    why = paragraphs(situation.sources_left_out)
    reasons: Part = Text(why) if why else Fillable(about(Situation, "sources_left_out").label)
    if not known:
        return Section("Källor som inte har använts", (reasons,))
    told = Text(("Dessa källor finns i verktyget utan att någon figur här kommer från dem:",))
    return Section("Källor som inte har använts", (reasons, told, Bullets(known)))


def _decision(situation: Situation, *, decided: bool) -> Section:
    if not decided:
        labels = (about(Situation, name).label for name in ("decided_by", "decided_on", "registry_number"))
        return Section("Beslut", tuple(Fillable(label) for label in labels))
    told = (
        f"Beslutad {swedish.date(situation.decided_on)} av {situation.decided_by}, "
        f"diarienummer {situation.registry_number}. Siffrorna är de som gällde då."
    )
    return Section("Beslut", (Text((told,)),))
