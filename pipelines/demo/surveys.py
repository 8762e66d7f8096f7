"""Surveys: residents and businesses with a row per respondent, pupils with a row per answer. No wave differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.demo import writers
from pipelines.demo.clock import YEARS
from pipelines.demo.made import JOINED, PREFIX, Made, picked, rng_of
from pipelines.demo.scene import Place, Scene, School
from pipelines.demo.truth import MadeFile, Share
from store.intake import ColumnUse, Mapping

RESIDENTS = "Trygghetsundersökningen"
BUSINESSES = "FTU, företagens trygghet"
PUPILS = "Tryggare Skola, elevenkät"

SAFE = ("Mycket otrygg", "Ganska otrygg", "Ganska trygg", "Mycket trygg")
OFTEN = ("Mycket ofta", "Ofta", "Ibland", "Sällan", "Aldrig")
AGREE = ("Instämmer inte alls", "Instämmer till liten del", "Instämmer till stor del", "Instämmer helt")
YES_NO = ("Ja", "Nej")
NO_OPINION = "Vet ej"

#: Of those asked, for respondents of surveys: grown-up share of the population, and respondents of all grown-ups.
_ADULTS = 0.8
_RESPONDENTS = 1100
_FEWEST_PER_PLACE = 14
_NO_OPINION = 0.04


@dataclass(frozen=True)
class Question:
    """A question with ordered answers, the worst first: the first ``bad`` of them are given by the share ``level``."""

    text: str
    group: str
    answers: tuple[str, ...]
    bad: int
    level: float

    def answer(self, rng: np.random.Generator, shares: np.ndarray) -> list[str]:
        """One answer per respondent; ``shares`` are the chances of a bad one among those with an opinion."""
        bad = rng.random(len(shares)) < shares
        worst = rng.choice(self.bad, len(shares), p=_falling(self.bad)[::-1])
        others = len(self.answers) - self.bad
        best = self.bad + rng.choice(others, len(shares), p=_falling(others))
        opinion = rng.random(len(shares)) >= (_NO_OPINION if len(self.answers) > 2 else 0.0)
        chosen = np.where(bad, worst, best)
        return [self.answers[i] if has else NO_OPINION for i, has in zip(chosen, opinion, strict=True)]


def _falling(number: int) -> np.ndarray:
    weights = np.arange(number, 0, -1, dtype=float)
    return np.asarray(weights / weights.sum())


_RESIDENT_QUESTIONS = (
    Question("Hur trygg känner du dig utomhus i ditt område när det är mörkt?", "Trygghet", SAFE, 2, 0.27),
    Question("Hur trygg känner du dig utomhus i ditt område på dagen?", "Trygghet", SAFE, 2, 0.07),
    Question("Hur ofta oroar du dig för att utsättas för brott?", "Oro", OFTEN, 2, 0.18),
    Question("Polisen är synlig där jag bor", "Förtroende", AGREE, 2, 0.58),
    Question("Har du utsatts för något brott det senaste året?", "Utsatthet", YES_NO, 1, 0.12),
)
_SPOTS_QUESTION = "Finns det platser som du undviker? Du kan välja flera"
_SPOTS = ("Busstationen", "Centrum", "Parken", "Gångtunneln", "Idrottsplatsen")
_FREE_TEXT = "Övriga synpunkter"
_REMARKS = (
    "",
    "",
    "",
    "",
    "Bättre belysning vid gångvägen",
    "Fler poliser på kvällarna",
    "Det är lugnt här",
    "Mopederna kör för fort",
)

#: Share of the grown-ups, of those who answer, and by how large a part more often they give a bad answer.
_AGES = {
    "16–29 år": (0.18, 0.10, 0.20),
    "30–49 år": (0.28, 0.22, 0.05),
    "50–64 år": (0.24, 0.28, -0.02),
    "65 år eller äldre": (0.30, 0.40, -0.10),
}
_SEXES = {"Kvinna": (0.5, 0.55, 0.12), "Man": (0.5, 0.45, -0.12)}

_BUSINESS_QUESTIONS = (
    Question("Hur orolig är du för att företaget ska utsättas för brott?", "", OFTEN, 2, 0.31),
    Question("Har företaget utsatts för brott de senaste 12 månaderna?", "", YES_NO, 1, 0.34),
    Question("Har ni övervägt att flytta verksamheten på grund av brott?", "", YES_NO, 1, 0.08),
    Question("Samarbetet mellan företag, kommun och polis fungerar bra", "", AGREE, 2, 0.42),
)
_TRADES = ("Handel", "Hotell och restaurang", "Bygg", "Tillverkning", "Transport", "Tjänster", "Jord- och skogsbruk")
_SIZES = ("Ensamföretagare", "1–4", "5–9", "10–49", "50 eller fler")
_CRIMES = ("Stöld", "Inbrott", "Skadegörelse", "Bedrägeri", "Hot")
_BUSINESS_SPOTS = "Vilka brott har företaget utsatts för? Flera svar möjliga"

_PUPIL_QUESTIONS = (
    Question("Jag känner mig trygg i klassrummet", "", AGREE, 2, 0.10),
    Question("Jag känner mig trygg på rasterna", "", AGREE, 2, 0.16),
    Question("Jag känner mig trygg på väg till och från skolan", "", AGREE, 2, 0.12),
    Question("Det finns vuxna i närheten när det behövs", "", AGREE, 2, 0.22),
    Question("Det finns platser i skolan som jag undviker", "", AGREE[::-1], 2, 0.24),
    Question("Skolan gör något när någon blir illa behandlad", "", AGREE, 2, 0.27),
)
_GRADES = ("Åk 4", "Åk 6", "Åk 8")
_PUPILS_PER_SCHOOL = 45


def surveys(folder: Path, scene: Scene, seed: int) -> tuple[list[Made], tuple[Share, ...]]:
    """Write the surveys' files; hand back the files and the true shares."""
    made = [_residents(folder, scene, wave, rng_of(seed, f"{RESIDENTS} {wave}")) for wave in (2023, 2025)]
    made += [_businesses(folder, scene, wave, rng_of(seed, f"{BUSINESSES} {wave}")) for wave in (2024, 2025)]
    made += [_pupils(folder, scene, wave, rng_of(seed, f"{PUPILS} {wave}")) for wave in YEARS if scene.schools]
    return made, (
        *_resident_shares(scene),
        *_shares(BUSINESSES, _BUSINESS_QUESTIONS),
        *_shares(PUPILS, _PUPIL_QUESTIONS),
    )


def _resident_shares(scene: Scene) -> list[Share]:
    return [
        Share(
            series=RESIDENTS, question=q.text, answers=q.answers[: q.bad], place=place.id,
            share=round(q.level * _factor(scene, place), 4),
        )
        for q in _RESIDENT_QUESTIONS for place in scene.places
    ]  # fmt: skip


def _shares(series: str, questions: Sequence[Question]) -> list[Share]:
    return [
        Share(series=series, question=q.text, answers=q.answers[: q.bad], place="", share=q.level) for q in questions
    ]


def _factor(scene: Scene, place: Place) -> float:
    """How many times as often a place's residents give a bad answer; the same in every wave."""
    return {scene.cluster_place.id: 1.25, scene.effect.id: 1.15}.get(place.id, 1.0)


def _numbers(scene: Scene, total: int, fewest: int) -> list[int]:
    return [max(fewest, round(total * place.population / scene.population)) for place in scene.places]


def _residents(folder: Path, scene: Scene, wave: int, rng: np.random.Generator) -> Made:
    """A title, a header of two rows with merged cells, a row per respondent, and a note below."""
    people = _people(scene, rng)
    number = len(people)
    answers = [question.answer(rng, question.level * people["factor"].to_numpy()) for question in _RESIDENT_QUESTIONS]
    spots = _several(rng, _SPOTS, number, 0.16, "Inga platser")
    remarks = picked(rng, _REMARKS, number)
    about = [people[column].tolist() for column in ("sex", "age", "place")]
    weights = people["weight"].tolist()
    body = [list(row) for row in zip(range(1, number + 1), *about, *answers, spots, remarks, weights, strict=True)]
    upper, lower = _two_rows()
    rows: list[list[writers.Value]] = [
        [f"{RESIDENTS} {wave} – svar per person"],
        ["Exempeldata"],
        [*upper],
        [*lower],
        *body,
        [],
        ["Vikten räknar upp svaren till befolkningen 16 år och äldre."],
    ]
    name = f"{PREFIX}trygghetsundersökningen {wave}.xlsx"
    writers.workbook(folder / name, [writers.Page("Svar", rows, bold=(1, 3, 4), merged=_merged(upper, 3))])
    file = MadeFile(file=name, mapping=f"trygghetsundersökningen {wave}.toml", series=RESIDENTS, rows=number)
    return Made(file, _resident_mapping(wave))


def _two_rows() -> tuple[list[str | None], list[str]]:
    """The header's rows: the groups, each once at its first column, and the questions."""
    groups = ["Löpnr", *["Om dig"] * 3, *(q.group for q in _RESIDENT_QUESTIONS), "Platser", "Fritext", "Vikt"]
    upper: list[str | None] = [
        group if not position or group != groups[position - 1] else None for position, group in enumerate(groups)
    ]
    asked = [*(question.text for question in _RESIDENT_QUESTIONS), _SPOTS_QUESTION, _FREE_TEXT]
    lower = ["", "Kön", "Åldersgrupp", "Kommundel", *asked, ""]
    return upper, lower


def _merged(upper: Sequence[str | None], row: int) -> tuple[str, ...]:
    """The merged cells of the upper row: groups of several columns, and names that stand over both rows."""
    starts = [position for position, group in enumerate(upper) if group is not None]
    ends = [*(start - 1 for start in starts[1:]), len(upper) - 1]
    both = {"Löpnr", "Vikt"}
    return tuple(
        f"{_letter(start)}{row}:{_letter(end)}{row + (upper[start] in both)}"
        for start, end in zip(starts, ends, strict=True)
        if end > start or upper[start] in both
    )


def _letter(position: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[position]


def _resident_mapping(wave: int) -> Mapping:
    columns = [
        ColumnUse(header="Löpnr", field="respondent"),
        ColumnUse(header=f"Om dig{JOINED}Kön", field="group", name="Kön"),
        ColumnUse(header=f"Om dig{JOINED}Åldersgrupp", field="group", name="Åldersgrupp"),
        ColumnUse(header=f"Om dig{JOINED}Kommundel", field="place"),
        *(
            ColumnUse(header=f"{q.group}{JOINED}{q.text}", field="question", name=q.text, scale=_scale(q))
            for q in _RESIDENT_QUESTIONS
        ),
        ColumnUse(header=f"Platser{JOINED}{_SPOTS_QUESTION}", field="question", name=_SPOTS_QUESTION, separator=";"),
        ColumnUse(header="Vikt", field="weight"),
    ]
    return Mapping(
        name=RESIDENTS, sender="Kommunstyrelsekontoret", kind="answers", form="respondents", columns=tuple(columns),
        options={"survey": RESIDENTS, "wave": str(wave)},
    )  # fmt: skip


def _scale(question: Question) -> tuple[str, ...]:
    """The order of the answers, lowest first; yes and no have none."""
    return question.answers if len(question.answers) > 2 else ()


def _people(scene: Scene, rng: np.random.Generator) -> pd.DataFrame:
    """Respondents: place, sex, age, ``factor`` of their bad answers, and the weight that makes up for who answers."""
    parts = []
    for place, number in zip(scene.places, _numbers(scene, _RESPONDENTS, _FEWEST_PER_PLACE), strict=True):
        sexes = picked(rng, tuple(_SEXES), number, [share for _, share, _ in _SEXES.values()])
        ages = picked(rng, tuple(_AGES), number, [share for _, share, _ in _AGES.values()])
        frame = pd.DataFrame({"place": place.name, "sex": sexes, "age": ages})
        own = np.array([_SEXES[sex][0] * _AGES[age][0] for sex, age in zip(sexes, ages, strict=True)])
        answering = np.array([_SEXES[sex][1] * _AGES[age][1] for sex, age in zip(sexes, ages, strict=True)])
        frame["weight"] = np.round(place.population * _ADULTS / number * own / answering, 2)
        mean = sum(share * extra for share, _, extra in (*_AGES.values(), *_SEXES.values()))
        group = np.array([_SEXES[sex][2] + _AGES[age][2] for sex, age in zip(sexes, ages, strict=True)])
        # The mean is taken off so that the place's whole population has the level that the truth names.
        frame["factor"] = _factor(scene, place) * (1 + group - mean)
        parts.append(frame)
    return pd.concat(parts, ignore_index=True).sample(frac=1, random_state=rng).reset_index(drop=True)


def _several(rng: np.random.Generator, options: Sequence[str], number: int, share: float, none: str) -> list[str]:
    """Answers with several choices in one cell; ``none`` when nothing was chosen."""
    chosen = rng.random((number, len(options))) < share
    return ["; ".join(o for o, yes in zip(options, row, strict=True) if yes) or none for row in chosen]


def _businesses(folder: Path, scene: Scene, wave: int, rng: np.random.Generator) -> Made:
    """A workbook as a survey tool exports it: one header row with the questions, districts in every spelling."""
    places = [place for place, count in zip(scene.places, _numbers(scene, 260, 3), strict=True) for _ in range(count)]
    number = len(places)
    spelt = [_spelt(place, pick) for place, pick in zip(places, rng.integers(0, 20, number), strict=True)]
    answers = [question.answer(rng, np.full(number, question.level)) for question in _BUSINESS_QUESTIONS]
    chosen = _several(rng, _CRIMES, number, 0.35, "Annat")
    crimes = [text if hit == "Ja" else "" for text, hit in zip(chosen, answers[1], strict=True)]
    trades, sizes = picked(rng, _TRADES, number), picked(rng, _SIZES, number, (8, 6, 3, 2, 1))
    body = [list(row) for row in zip(spelt, trades, sizes, *answers, crimes, strict=True)]
    header = ["Kommundel", "Bransch", "Antal anställda", *(q.text for q in _BUSINESS_QUESTIONS), _BUSINESS_SPOTS]
    name = f"{PREFIX}FTU {wave}.xlsx"
    rows: list[Sequence[writers.Value]] = [header, *(body[i] for i in rng.permutation(number))]
    writers.workbook(folder / name, [writers.Page("Resultat", rows, bold=(1,))])
    file = MadeFile(file=name, mapping=f"FTU {wave}.toml", series=BUSINESSES, rows=number)
    columns = (
        ColumnUse(header="Kommundel", field="place"),
        ColumnUse(header="Bransch", field="group"),
        ColumnUse(header="Antal anställda", field="group"),
        *(ColumnUse(header=q.text, field="question", scale=_scale(q)) for q in _BUSINESS_QUESTIONS),
        ColumnUse(header=_BUSINESS_SPOTS, field="question", separator=";"),
    )
    mapping = Mapping(
        name=BUSINESSES, sender="Näringslivskontoret", kind="answers", form="respondents", columns=columns,
        options={"survey": BUSINESSES, "wave": str(wave)},
    )  # fmt: skip
    return Made(file, mapping)


def _spelt(place: Place, pick: int) -> str:
    """Most write a place right, some in another way."""
    return place.spellings[pick] if pick < len(place.spellings) else place.name


def _pupils(folder: Path, scene: Scene, wave: int, rng: np.random.Generator) -> Made:
    """Text with a row per answer, in the old encoding one of the years."""
    rows: list[list[writers.Value]] = []
    for number, (school, grade, sex) in enumerate(_asked(scene.schools, rng), 1):
        given = [q.answer(rng, np.array([q.level]))[0] for q in _PUPIL_QUESTIONS]
        rows += [[number, school.name, grade, sex, q.text, a] for q, a in zip(_PUPIL_QUESTIONS, given, strict=True)]
    name = f"{PREFIX}Tryggare Skola elevenkät {wave}.csv"
    header = ("Löpnr", "Skola", "Årskurs", "Kön", "Fråga", "Svar")
    encoding = "iso-8859-1" if wave == YEARS[1] else "utf-8-sig"
    writers.text_file(folder / name, [header, *rows], encoding=encoding)
    file = MadeFile(file=name, mapping=f"Tryggare Skola elevenkät {wave}.toml", series=PUPILS, rows=len(rows))
    columns = (
        ColumnUse(header="Löpnr", field="respondent"),
        ColumnUse(header="Skola", field="place"),
        ColumnUse(header="Årskurs", field="group"),
        ColumnUse(header="Kön", field="group"),
        ColumnUse(header="Fråga", field="question_text"),
        ColumnUse(header="Svar", field="answer", scale=AGREE),
    )
    mapping = Mapping(
        name=PUPILS, sender="Barn- och utbildningskontoret", kind="answers", form="answers", columns=columns,
        options={"survey": PUPILS, "wave": str(wave)},
    )  # fmt: skip
    return Made(file, mapping)


def _asked(schools: Sequence[School], rng: np.random.Generator) -> list[tuple[School, str, str]]:
    each = [school for school in schools for _ in range(_PUPILS_PER_SCHOOL)]
    sexes = picked(rng, ("Flicka", "Pojke", "Annat eller vill inte svara"), len(each), (48, 48, 4))
    return list(zip(each, picked(rng, _GRADES, len(each)), sexes, strict=True))
