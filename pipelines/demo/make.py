"""The example workspace: the generated spreadsheets, imported as a person would import them, in a folder of its own."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from pipelines import engine
from pipelines.deliveries import Delivery, active, withdraw
from pipelines.demo import MAPPINGS, TRUTH, generate
from pipelines.demo.truth import Truth
from pipelines.demo.work import write_work
from pipelines.intake import importer
from pipelines.intake.workspace import Workspace, read_mapping
from pipelines.municipalities import municipality_of
from pipelines.progress import Progress, part, quiet
from pipelines.source import DeliveryError
from store.publish import publishing
from store.settings import Settings
from store.warehouse import EXAMPLE_MARK, Build, fetch

#: Who the example's files are said to be brought by.
BY = "exempel"

_SEED = 2026


def make_example(settings: Settings, progress: Progress = quiet) -> Build:
    """Make the example workspace of an installation, or make it anew; its build. The real workspace is not touched.

    Made again by the same code it is the same build. Files that an earlier version made go out; what someone has
    imported there stays. Raises DeliveryError when the municipality has no configuration, or a generated file is not
    understood.
    """
    municipality = municipality_of(settings)
    example = settings.example
    example.data_dir.mkdir(parents=True, exist_ok=True)
    (example.data_dir / EXAMPLE_MARK).touch()
    official = engine.build(example, part(progress, 0.0, 0.2)).build
    with tempfile.TemporaryDirectory() as folder:
        progress(0.2, "Hittar på exempelfiler")
        areas, within = fetch(official, "SELECT * FROM area"), fetch(official, "SELECT * FROM area_within")
        boundaries = fetch(official, "SELECT * FROM boundary")
        try:
            truth = generate(Path(folder), municipality, areas, within, boundaries, seed=_SEED)
        except ValueError as error:
            raise DeliveryError(str(error)) from error
        workspace = Workspace.of(example)
        prepared = _prepared(workspace, Path(folder), truth, part(progress, 0.4, 0.85))
        made = {table.delivery.delivery_id for one in prepared for table in one.used}
        if made != {one.delivery.delivery_id for one in workspace.staged if _is_made(one.delivery)}:
            _take_out_made(example)
            beside = tuple(one for one in workspace.staged if not _is_made(one.delivery))
            importer.publish(replace(workspace, staged=beside), prepared, progress=part(progress, 0.85, 1.0))
    (example.data_dir / TRUTH).write_text(truth.model_dump_json(indent=1), "utf-8")
    build = engine.build(example).build
    write_work(example, build, truth)
    return build


def _prepared(workspace: Workspace, folder: Path, truth: Truth, progress: Progress) -> list[importer.Prepared]:
    """Every file but the one that is there to be stopped, read with the answers that its sender's mapping gives.

    As if nothing had been imported before, so that nothing is asked about what an earlier run made.
    """
    official = tuple(one for one in workspace.staged if not one.delivery.is_local)
    workspace = replace(workspace, staged=official, mappings=())
    prepared = []
    for number, made in enumerate(truth.files):
        progress(number / len(truth.files), f"Läser {made.file}")
        mapping = read_mapping(folder / MAPPINGS / made.mapping)
        one = importer.prepare(workspace, folder / made.file, offered=[mapping], by=BY)
        if one.questions:
            asked = " ".join(question.text for question in one.questions)
            raise DeliveryError(f"Exempelfilen {made.file} gick inte att läsa in: {asked}")
        prepared.append(one)
    return prepared


def _is_made(delivery: Delivery) -> bool:
    """Whether a delivery is of the generator's files, and not somebody's own."""
    return delivery.is_local and delivery.received_by == BY


def _take_out_made(example: Settings) -> None:
    """Withdraw what an earlier version of the generator made; what this one makes too comes back as it was."""
    with publishing(example.data_dir):
        for delivery in filter(_is_made, active(example)):
            withdraw(example, delivery.delivery_id, by=BY, why="Exemplet har gjorts om.")
