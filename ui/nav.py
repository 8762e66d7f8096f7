"""The pages: one line each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

_PAGES = Path(__file__).parent.parent / "pages"


@dataclass(frozen=True)
class PageSpec:
    """One page: its folder is also its address (ASCII). ``place`` and ``period`` say which shared choices it uses."""

    folder: str
    title: str
    icon: str
    help: str
    place: bool = False
    period: bool = False
    #: For those who may write only: all of the page is about bringing something in.
    writes: bool = False


PAGES: dict[str, tuple[PageSpec, ...]] = {
    "Översikt": (
        PageSpec("start", "Start", "home", "Vad behöver göras nu?"),
        PageSpec("roda_traden", "Röda tråden", "route", "Från källa till utfall, och var tråden brister.", place=True),
    ),
    "Lägesbild": (
        PageSpec("lagesbild", "Lägesbild", "monitoring", "Hur mycket, och mer än väntat?", place=True, period=True),
        PageSpec("platser", "Platser", "home_pin", "En kommundel i siffror, eller flera bredvid varandra.", place=True),
        PageSpec(
            "tid_och_plats", "Tid och plats", "calendar_clock", "När och var det sker, och kommer det igen?", place=True
        ),
        PageSpec("orsaker_i_data", "Orsaker i data", "account_tree", "Var ligger förändringen?", place=True),
        PageSpec("karta", "Karta", "map", "Ett mått på karta, per DeSO, RegSO eller kommundel."),
        PageSpec("jamforelse", "Jämförelse", "compare_arrows", "Kommunen bland andra kommuner.", period=True),
        PageSpec("sarbarhet", "Sårbarhet", "balance", "Livsvillkor, och vad som håller hur man än väger.", place=True),
        PageSpec("undersokningar", "Undersökningar", "forum", "Vad svarar de som frågats?", place=True),
        PageSpec("skola", "Skola", "school", "Skolornas resultat, trygghet och studiero.", place=True),
    ),
    "Arbetet": (
        PageSpec("problem", "Problem", "flag", "Vad vill vi förebygga, och vad kommer först?"),
        PageSpec("orsaksanalys", "Orsaksanalys", "account_tree", "Varför finns problemet? Sex korta steg."),
        PageSpec("atgardsplan", "Åtgärdsplan", "checklist", "Vem gör vad och när, åt vilken orsak, mot vilket mål?"),
        PageSpec("uppfoljning", "Uppföljning", "fact_check", "Når vi målen, gör vi det vi sa, och vad gör vi nu?"),
        PageSpec("moten", "Möten", "groups", "Dagordning, minnesanteckningar, avvikelser och beslut."),
        PageSpec("lagesbilder", "Lägesbilder enligt lagen", "gavel", "Skriv, besluta och se vad som ändrats sedan."),
        PageSpec("efterlevnad", "Efterlevnad", "verified", "Vad lagen kräver, vad som finns och vad som saknas."),
    ),
    "Underlag": (
        PageSpec(
            "importera", "Importera", "upload_file", "Från ett kalkylblad till uppgifter på sidorna.", writes=True
        ),
        PageSpec("kallor", "Källor", "database", "Vad siffrorna bygger på, och vad de får användas till."),
    ),
}


def pages(*, writes: bool) -> dict[str, list[st.Page]]:
    """What ``st.navigation`` takes, in order; the first page is the start page. ``writes``: the reader may write."""
    sections = {
        section: [_page(spec) for spec in specs if writes or not spec.writes] for section, specs in PAGES.items()
    }
    first = next(iter(PAGES.values()))[0]
    # Streamlit answers for the start page at / alone; the address with its own name must open it too.
    root = _page(first, address="oversikt", default=True)
    named = _page(first, visibility="hidden")
    first_section = next(iter(sections))
    return {**sections, first_section: [root, named, *sections[first_section][1:]]}


def _page(
    spec: PageSpec,
    *,
    address: str | None = None,
    default: bool = False,
    visibility: Literal["visible", "hidden"] = "visible",
) -> st.Page:
    return st.Page(
        _PAGES / spec.folder / "page.py",
        title=spec.title,
        icon=f":material/{spec.icon}:",
        url_path=address or spec.folder,
        default=default,
        visibility=visibility,
        help=spec.help,
    )


def spec_of(page: st.Page) -> PageSpec:
    """The declaration behind the page that is about to run."""
    by_title = {spec.title: spec for specs in PAGES.values() for spec in specs}
    return by_title[page.title]
