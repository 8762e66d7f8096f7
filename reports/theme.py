"""How a municipality's documents look: one file, ``config/tema/<code>.toml``, with logo, colours, font and footer."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_FOLDER = Path(__file__).parent.parent / "config" / "tema"
_COLOUR = r"^#[0-9A-Fa-f]{6}$"


class ThemeError(ValueError):
    """A theme file that cannot be used; the message is Swedish and names file, field and remedy."""


class Theme(BaseModel):
    """Colours as #RRGGBB, fonts in the order they are tried, and the line that ends every page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "Kommunen"
    accent: str = Field("#9F3544", pattern=_COLOUR)
    ink: str = Field("#1F2430", pattern=_COLOUR)
    quiet: str = Field("#545B6B", pattern=_COLOUR)
    fonts: tuple[str, ...] = Field(("Arial", "Liberation Sans", "DejaVu Sans"), min_length=1)
    footer: str = ""
    #: A PNG or SVG file beside the theme file.
    logo: Path | None = None


@cache
def theme_of(municipality: str, folder: Path = _FOLDER) -> Theme:
    """The theme of a municipality (its four digits); the house's own where there is no file. Raises ThemeError."""
    path = folder / f"{municipality}.toml"
    if not path.exists():
        return Theme()
    try:
        theme = Theme.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(f"Temafilen {path.name} går inte att läsa som TOML: {error}. Rätta filen.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ThemeError(
            f"Temafilen {path.name} har ett fel vid «{where}» ({first['msg']}). Färger skrivs som #9F3544."
        ) from None
    if theme.logo is None:
        return theme
    logo = folder / theme.logo
    if not logo.is_file():
        raise ThemeError(f"Temafilen {path.name} nämner logotypen {theme.logo}, som inte finns i {folder.name}.")
    return theme.model_copy(update={"logo": logo})
