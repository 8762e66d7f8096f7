"""The importer in a process of its own: one request as JSON on standard input, progress and an answer as JSON lines.

Files come from outside. Whatever one of them does to the process that reads it, the server that asked goes on.
"""

from __future__ import annotations

import inspect
import json
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from pipelines import engine
from pipelines.intake import importer, opening, templates
from pipelines.intake.workspace import Workspace, checked, problems
from pipelines.municipalities import municipality_of
from pipelines.source import DeliveryError
from store.intake import Mapping
from store.publish import BuildError
from store.settings import Settings

_MAPPINGS = TypeAdapter(tuple[Mapping | None, ...])

#: Who brought or took back something on the page without saying who they are: not the user that the server runs as.
NAMELESS = "inte angivet"

TOO_LARGE = "Filen är för stor för att läsas. Dela den, t.ex. per år, och lägg in delarna var för sig."

#: Memory that the process may use for data, bytes. A million rows take about half of it.
MEMORY = 3 * 2**30


def serve(settings: Settings) -> None:
    """Answer one request. Everything that a person can do something about becomes an error line in Swedish."""
    limit_memory()
    _say({"ready": True})
    line = sys.stdin.buffer.readline()
    if not line.strip():
        return  # the server ended without a request
    try:
        answer = _requested(line, settings)()
    except DeliveryError as error:
        _say({"error": str(error)})
    except BuildError as error:
        _say({"error": f"Ingenting har ändrats. Uppgifterna motsäger varandra: {error}"})
    except ValidationError as error:
        _say({"error": f"Tolkningen går inte att använda: {problems(error)}."})
    except OSError as error:
        _say({"error": f"{error.filename or 'Datamappen'} kan inte läsas eller skrivas ({error.strerror or error})."})
    except MemoryError:
        _say({"error": TOO_LARGE})
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        print(f"{type(error).__name__} in {frame.name}, {frame.filename}:{frame.lineno}", file=sys.stderr)
        _say({"error": "Programmet kunde inte läsa filen, och felet är programmets. Ingenting har lagts in."})
    else:
        _say({"answer": answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer})
    finally:
        tempfile.tempdir = None


def _requested(line: bytes, settings: Settings) -> Callable[[], Any]:
    """What a line of JSON asks for. Raises DeliveryError for one that asks for nothing that there is."""
    try:
        request = json.loads(line)
        command = _COMMANDS[request.pop("command")]
        if "path" in request:  # what is unpacked lies beside the file, and goes with it if this process is ended
            tempfile.tempdir = str(Path(request["path"]).resolve().parent)
        arguments = inspect.signature(command).bind(settings, **request)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DeliveryError("Importen förstod inte begäran. Ladda om sidan och försök igen.") from None
    return partial(command, *arguments.args, **arguments.kwargs)


def limit_memory() -> None:
    """Keep a file that unpacks without end from taking the machine with it, where the system can."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


@contextmanager
def limited_memory() -> Iterator[None]:
    """The same for a part of what a process does: the command line reads files in its own."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    taken = int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()
    limits = [limit for limit in (before, most, taken + MEMORY) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(limits), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line, default=str), flush=True)  # ASCII, whatever the system takes text to be


def _progress(share: float, text: str) -> None:
    _say({"share": round(share, 3), "text": text})


def _mappings(given: Any) -> list[Mapping | None]:
    mappings = _MAPPINGS.validate_python(given)
    # One that says only where a table stands has no kind yet.
    return [one if one is None or not (one.kind or one.columns) else checked(one) for one in mappings]


def _examine(settings: Settings, path: str, name: str = "", kind: str = "", mappings: Any = ()) -> BaseModel:
    workspace = Workspace.of(settings)
    return importer.examine(workspace, Path(path), name=name, kind=kind, given=_mappings(mappings), progress=_progress)


def _members(settings: Settings, path: str, workdir: str) -> list[dict[str, str | None]]:
    found = opening.members(Path(path), Path(workdir))
    return [{"name": m.name, "path": str(m.path) if m.path else None, "problem": m.problem} for m in found]


def _take(
    settings: Settings,
    path: str,
    name: str = "",
    mappings: Any = (),
    by: str = "",
    workdir: str = "",
    save: bool = True,
) -> BaseModel:
    return importer.take(
        Workspace.of(settings), Path(path), name=name, given=_mappings(mappings), by=by or NAMELESS,
        workdir=Path(workdir) if workdir else None, save=save, progress=_progress,
    )  # fmt: skip


def _undo(settings: Settings, delivery: str, by: str = "") -> dict[str, str]:
    return {"build": engine.undo(settings, delivery, by=by or NAMELESS, progress=_progress).build.id}


def _template(settings: Settings, kind: str, form: str, path: str) -> dict[str, str]:
    templates.write(Path(path), kind, form, municipality_of(settings))
    return {"path": path}


def _demo(settings: Settings) -> dict[str, str]:
    from pipelines.demo.make import make_example  # only this request needs the generator

    return {"build": make_example(settings, _progress).id}


_COMMANDS: dict[str, Callable[..., Any]] = {
    "examine": _examine,
    "members": _members,
    "take": _take,
    "undo": _undo,
    "template": _template,
    "demo": _demo,
}
