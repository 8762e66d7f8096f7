"""What a delivered file is seen against: the places of the municipality, earlier deliveries, saved mappings."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipelines.deliveries import active
from pipelines.frames import slug
from pipelines.intake.gazetteer import Gazetteer
from pipelines.intake.local import as_toml
from pipelines.municipalities import Municipality, municipality_of
from pipelines.source import DeliveryError
from pipelines.staging import Staged, gazetteer_of, stage_all
from store.intake import Decisions, Mapping
from store.kinds import KINDS
from store.publish import publishing
from store.settings import Settings


@dataclass(frozen=True)
class Workspace:
    """The settings, the places, the staged deliveries (oldest first) and the saved mappings, as they are now."""

    settings: Settings
    gazetteer: Gazetteer
    staged: tuple[Staged, ...]
    mappings: tuple[Mapping, ...]

    @classmethod
    def of(cls, settings: Settings) -> Workspace:
        """Raises DeliveryError when the municipality has no configuration, or a saved mapping cannot be read."""
        with publishing(settings.data_dir):
            staged = stage_all(settings, active(settings))
            gazetteer = gazetteer_of(settings, [one for one in staged if not one.delivery.is_local])
        return cls(settings, gazetteer, tuple(staged), tuple(map(read_mapping, _saved(settings))))

    @property
    def municipality(self) -> Municipality:
        """The municipality of the settings."""
        return municipality_of(self.settings)

    def earlier(self, source_id: str, *, but: str = "") -> list[Staged]:
        """The deliveries of a local source, oldest first, except those from the file with the hash ``but``."""
        return [one for one in self.staged if one.delivery.source_id == source_id and one.delivery.sha256 != but]

    def has(self, delivery_id: str) -> bool:
        """Whether exactly this delivery is in use already."""
        return any(one.delivery.delivery_id == delivery_id for one in self.staged)


def read_mapping(path: Path) -> Mapping:
    """A mapping from its file. Raises DeliveryError that says what is wrong with it."""
    try:
        mapping = Mapping.model_validate(_as_asked(tomllib.loads(path.read_text("utf-8"))))
    except FileNotFoundError:
        raise DeliveryError(f"Tolkningen {path} finns inte. Kontrollera namnet.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeliveryError(
            f"Tolkningen {path.name} är inte giltig TOML: {error}. Rätta filen. Svaret på «columns.X» är raden med "
            'field = "X" under columns: skriv kolumnens rubrik i dess header.'
        ) from None
    except ValidationError as error:
        raise DeliveryError(f"Tolkningen {path.name} går inte att använda: {problems(error)}. Rätta filen.") from None
    return checked(mapping)


def _as_asked(said: dict[str, Any]) -> dict[str, Any]:
    """What a file says, in a mapping's own form: answers may be written under the keys that the questions have.

    «[columns] place = "Skola"» is a column's use, «--kind» the kind; a use without a header is a place not filled in.
    """
    said = dict(said)
    if "--kind" in said:
        said["kind"] = said.pop("--kind")
    columns = said.get("columns")
    if isinstance(columns, dict):
        columns = [{"header": header, "field": field} for field, header in columns.items()]
    if isinstance(columns, list):
        said["columns"] = [one for one in columns if not isinstance(one, dict) or one.get("header") != ""]
    return said


def problems(error: ValidationError) -> str:
    """The first things that are wrong with a mapping: where, and what is allowed there."""
    return "; ".join(f"«{'.'.join(map(str, one['loc']))}» {_problem(one)}" for one in error.errors()[:3])


def _problem(one: ErrorDetails) -> str:
    match one["type"]:
        case "missing":
            return "saknas"
        case "extra_forbidden":
            return "finns inte"
        case "literal_error":
            return f"är {one['input']!r}; det kan vara {one['ctx']['expected'].replace(' or ', ' eller ')}"
        case "string_type":
            return f"är {one['input']!r}; det ska vara text inom citattecken"
        case "tuple_type":
            return 'ska vara en lista, t.ex. [{header = "Skola", field = "place"}]'
        case _:
            return f"har fel sorts värde ({one['msg']})"


def checked(mapping: Mapping) -> Mapping:
    """The mapping, if its kind, form and fields exist. Raises DeliveryError otherwise."""
    kind = KINDS.get(mapping.kind)
    if kind is None:
        raise DeliveryError(f"Sorten «{mapping.kind}» finns inte. Välj bland: {', '.join(KINDS)}.")
    forms = [form.id for form in kind.forms]
    if mapping.form and mapping.form not in forms:
        raise DeliveryError(f"Formen «{mapping.form}» finns inte för {kind.label}. Välj bland: {', '.join(forms)}.")
    fields = [field.id for field in kind.form(mapping.form).fields]
    unknown = sorted({use.field for use in mapping.columns} - set(fields))
    if unknown:
        raise DeliveryError(
            f"Fältet «{unknown[0]}» finns inte för {kind.label}. Välj bland: {', '.join(fields)}. "
            "Har du bytt sort: ta bort columns, så föreslås kolumnerna på nytt."
        )
    return mapping


def save_mappings(settings: Settings, used: Iterable[Mapping]) -> None:
    """Remember how tables were read; what must be asked of each delivery is left out."""
    folder = settings.data_dir / "mappings"
    folder.mkdir(parents=True, exist_ok=True)
    for mapping in used:
        path = folder / f"{slug(mapping.name)[:150]}.toml"
        fresh = path.with_name(f".{path.name}-{os.getpid()}")
        fresh.write_text(as_toml(lasting(_richer(mapping, path))), "utf-8")
        fresh.replace(path)


def _richer(mapping: Mapping, saved: Path) -> Mapping:
    """The mapping with the columns that the saved one knows and today's table lacks: they may come back."""
    before = read_mapping(saved) if saved.exists() else None
    if before is None or (before.kind, before.form) != (mapping.kind, mapping.form):
        return mapping
    gone = [use for use in before.columns if use.header not in mapping.headers]
    filled = {use.field for use in mapping.columns}
    repeats = {field.id for field in KINDS[mapping.kind].form(mapping.form).fields if field.repeats}
    back = [use for use in gone if use.field not in filled or use.field in repeats]
    return mapping.model_copy(update={"columns": (*mapping.columns, *back)})


def lasting(mapping: Mapping) -> Mapping:
    """The mapping without what belongs to one delivery alone."""
    each_time = {option.id for option in KINDS[mapping.kind].options if option.each_time}
    return mapping.model_copy(
        update={
            "options": {name: said for name, said in mapping.options.items() if name not in each_time},
            "decisions": Decisions(personal_data=mapping.decisions.personal_data),
            "spot": None,
        }
    )


def _saved(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / "mappings").glob("[!.]*.toml"))
