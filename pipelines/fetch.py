"""Fetching: each source's responses become deliveries one by one; what fails leaves what was there."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.deliveries import active
from pipelines.engine import take_in
from pipelines.fetching import Client, FetchError
from pipelines.municipalities import Municipality
from pipelines.progress import Progress, quiet
from pipelines.source import DeliveryError, Fetched, Source, sources
from store.settings import Settings

_LOG = logging.getLogger("roda_traden")

#: What code meets when an answer has another shape than it was written for; none of it may stop the other sources.
_UNFORESEEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Outcome:
    """What became of one source: ids of new deliveries, how many files brought nothing new, and what failed."""

    source_id: str
    title: str
    deliveries: tuple[str, ...]
    unchanged: int
    error: str | None = None

    def __str__(self) -> str:
        """One Swedish line."""
        came = f"{len(self.deliveries)} nya leveranser" if len(self.deliveries) != 1 else "1 ny leverans"
        if self.error and not self.deliveries:
            return f"{self.title}: ej hämtat. {self.error}"
        if self.error:
            return f"{self.title}: {came}, sedan avbrutet. {self.error}"
        return f"{self.title}: {came}." if self.deliveries else f"{self.title}: inget nytt."


def fetch_sources(
    settings: Settings,
    ids: Sequence[str],
    municipality: Municipality,
    progress: Progress = quiet,
    new_client: Callable[[Settings], Client] | None = None,
) -> list[Outcome]:
    """Fetch the sources ``ids`` for ``municipality``; each response is stored as a delivery at once.

    A source that fails is reported in its outcome and the others go on. Nothing is published here.
    """
    outcomes = []
    with (new_client or _client)(settings) as client:
        for number, source_id in enumerate(ids):
            source = sources()[source_id]
            progress(number / len(ids), f"Hämtar {source.title}")
            outcomes.append(_fetch_source(client, settings, source, municipality))
    return outcomes


def _client(settings: Settings) -> Client:
    return Client(settings.data_dir, hosts=settings.hosts, contact=settings.contact)


def _deliveries(client: Client, settings: Settings, source: Source, municipality: Municipality) -> Iterator[str]:
    """Ids of the deliveries that the source's responses became, one at a time."""
    assert source.fetch is not None  # noqa: S101 — _fetch_source has tested it
    try:
        for fetched in source.fetch(client, municipality):
            yield _store(settings, source, fetched)
    except _UNFORESEEN as error:
        _LOG.exception("%s: unforeseen answer", source.id)
        raise DeliveryError(
            f"Svaret har inte den väntade formen ({type(error).__name__}). Det som redan fanns är kvar. Försök igen "
            "senare; blir det likadant då, meddela den som förvaltar Röda tråden vad som står i loggen."
        ) from error


def _fetch_source(client: Client, settings: Settings, source: Source, municipality: Municipality) -> Outcome:
    if source.fetch is None:
        raise ValueError(f"{source.id} cannot be fetched")
    before = {delivery.delivery_id for delivery in active(settings)}
    stored: list[str] = []
    error = None
    try:
        with client.run(f"{source.id}-{municipality.code}"):
            for delivery_id in _deliveries(client, settings, source, municipality):
                stored.append(delivery_id)
                client.keep()
    except (FetchError, DeliveryError) as failure:
        error = str(failure)
    new = [delivery_id for delivery_id in dict.fromkeys(stored) if delivery_id not in before]
    return Outcome(source.id, source.title, tuple(new), len(stored) - len(new), error)


def _store(settings: Settings, source: Source, fetched: Fetched) -> str:
    """Keep a response as a delivery; its id. Raises DeliveryError when it cannot be used."""
    with tempfile.TemporaryDirectory() as folder:
        # Under its own name, which some layouts read.
        path = Path(folder) / Path(fetched.filename).name
        path.write_bytes(fetched.content)
        by = f"hämtat från {source.producer}"
        return take_in(settings, path, source_id=source.id, by=by).delivery_id
