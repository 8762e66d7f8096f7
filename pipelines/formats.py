"""What local spreadsheets can hold, and how a mapping says so: a document made from the declarations alone."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.catalogue import table
from store.intake import ColumnUse, Decisions, Mapping
from store.kinds import KINDS, Field, Form, Kind, Option

_INTRODUCTION = """\
# Lokala kalkylark

Vad ett kalkylark från kommunen, polisen eller skolan kan bli, och vilka kolumner som känns igen. Dokumentet skrivs av
`python -m pipelines formats` ur deklarationerna i `store/kinds.py` och `store/intake.py`; ändra där, inte här. Hur en
fil läggs in står i handboken: [på sidan Importera](handbok/importera.md) och
[på kommandoraden](handbok/hamta-och-lagga-till-uppgifter.md#lägga-till-ett-lokalt-kalkylark).

Rubrikerna är exempel. En rubrik känns igen också med andra ord omkring, med stavfel och utan versaler, och en kolumn
känns igen på sina celler när rubriken inte säger något.
"""

_MAPPING = """\
## Tolkningen

En *tolkning* säger hur en avsändares tabeller läses. Sidan Importera sparar den under ett namn i mappen `mappings`, och
kommandot `add` tar emot den med `--mapping`. Den är en textfil (TOML):

```toml
name = "Lägesrapport Hallstavik"
sender = "Fritidsgården"
kind = "events"
columns = [
    { header = "Datum", field = "occurred" },
    { header = "Vad har hänt", field = "category" },
    { header = "Plats", field = "place" },
]
date_order = "dmy"

[places]
"Gamla torget" = "0188-hallstavik"

[decisions]
personal_data = "mask"
```
"""

_CELLS = {
    "text": "text",
    "category": "ord ur en lista",
    "moment": "datum, klockslag eller period",
    "date": "datum",
    "time": "klockslag",
    "number": "tal",
    "place": "plats",
    "x": "koordinat",
    "y": "koordinat",
    "yes_no": "ja eller nej",
    "answer": "svar",
}

#: What the keys of a mapping say, by model and key.
_KEYS: dict[type[Mapping] | type[ColumnUse] | type[Decisions], dict[str, str]] = {
    Mapping: {
        "name": "Vad uppgifterna heter. Leveranser med samma namn hör ihop.",
        "sender": "Verksamheten som lämnar dem. Står som källa på sidorna.",
        "kind": f"Vad tabellen innehåller: {', '.join(f'`{kind}`' for kind in KINDS)}.",
        "form": "Tabellens form, när det finns flera; annars den första.",
        "columns": "Kolumnerna som används. Andra lagras inte.",
        "headers": "Tabellens alla rubriker, för att känna igen den nästa gång.",
        "options": "Det som ingen kolumn säger; se tabellen under varje sort.",
        "date_order": "Ordningen i datum som 4/3 2025: `dmy`, `mdy` eller `ymd`.",
        "decimal": "Decimaltecknet, `,` eller `.`, när siffrorna inte avgör det.",
        "coordinates": "Koordinatsystemet: `wgs84`, `sweref99tm` eller `rt90`.",
        "places": "Avsändarens egna platsnamn: namn = områdets id, eller `utanför`.",
        "spot": "Var tabellen står, när den har pekats ut: blad, rader och kolumner, räknade från 1.",
        "decisions": "Svar på det som har frågats.",
    },
    ColumnUse: {
        "header": "Rubriken som den står i filen.",
        "field": "Fältets id.",
        "name": "Frågans, gruppens eller måttets namn, om det ska vara ett annat än rubriken.",
        "scale": "Svarsskalans ordning, lägst först.",
        "separator": "Tecknet mellan flera svar i samma cell.",
        "unit": "Enheten, när kolumnen har en egen.",
    },
    Decisions: {
        "personal_data": "Rader med personuppgifter: `stop` stoppar dem, `mask` maskerar uppgifterna.",
        "overlap": "Uppgifter som redan finns för samma tid: `replace` ersätter dem på de platser som filen har, "
        "`replace_all` ersätter dem överallt, `add` lägger till.",
        "same_sender": "En tabell som liknar en sparad tolkning: `yes` är samma avsändare, `no` en ny.",
        "shrunken": "`true`: leveransen är mycket mindre än den förra, och det är rätt.",
        "refused_rows": "`true`: rader som inte går att läsa lämnas utanför, och resten går in.",
    },
}


def markdown() -> str:
    """All kinds, forms, fields, options and keys of a mapping in Swedish, as Markdown that ends with a line break."""
    return "\n".join([_INTRODUCTION, _overview(), *map(_kind, KINDS.values()), _MAPPING, *_keys()])


def _overview() -> str:
    rows = [(f"[{kind.label}](#{kind.id})", f"`{kind.id}`", kind.help) for kind in KINDS.values()]
    return table(("Sort", "Id", "Vad det är"), rows)


def _kind(kind: Kind) -> str:
    parts = [f'<a id="{kind.id}"></a>\n\n## {kind.label}\n\n{kind.help}']
    parts += [_form(kind, form) for form in kind.forms]
    if kind.options:
        parts.append("Det som ingen kolumn säger (`options`):\n\n" + _options(kind.options).rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def _form(kind: Kind, form: Form) -> str:
    rows = [
        (f"`{one.id}`", one.label, _CELLS[one.cells], _need(one, form.fields), one.help, ", ".join(one.synonyms))
        for one in form.fields
    ]
    heading = f"### {form.label} (`{form.id}`)\n\n" if len(kind.forms) > 1 else ""
    return heading + table(("Id", "Fält", "Cellerna är", "Behövs", "Vad", "Rubriker"), rows).rstrip("\n")


def _need(field: Field, fields: Sequence[Field]) -> str:
    if field.needed:
        return "ja, en eller flera kolumner" if field.repeats else "ja"
    if field.one_of == "time":
        others = [f"`{other.id}`" for other in fields if other.one_of == field.one_of and other.id != field.id]
        return f"det eller {' eller '.join(others)}"
    if field.one_of == "period":
        return "det, eller uppgiften `period` nedan"
    return "nej; kan vara flera" if field.repeats else "nej"


def _options(options: Sequence[Option]) -> str:
    rows = [
        (
            f"`{option.id}`",
            option.label,
            "ja" if option.needed else "nej",
            "varje leverans" if option.each_time else "en gång",
            option.help,
        )
        for option in options
    ]
    return table(("Id", "Uppgift", "Behövs", "Gäller", "Vad"), rows)


def _keys() -> list[str]:
    headings = {Mapping: "", ColumnUse: "Varje kolumn (`columns`):", Decisions: "Beslut (`decisions`):"}
    parts = []
    for model, told in _KEYS.items():
        rows = [(f"`{key}`", told[key]) for key in model.model_fields]
        parts.append("\n\n".join(filter(None, (headings[model], table(("Nyckel", "Vad den säger"), rows)))))
    return parts
