"""Folders for dropped files: nobody's are removed, and never those of a server that is alive."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

from store.settings import PROJECT
from ui.incoming import own_folder, remove_abandoned


class Owner:
    """Somebody who has a folder."""


#: Another server: makes a folder, says its name, and waits to be ended.
OTHER = """
import sys
from pathlib import Path
from ui.incoming import own_folder
class Owner: pass
owner = Owner()
folder = own_folder(owner, Path(sys.argv[1]))
(folder / "a.csv").touch()
print(folder.name, flush=True)
sys.stdin.read()
"""


def test_a_folder_is_its_owners_for_as_long_as_there_is_one(tmp_path: Path) -> None:
    owner = Owner()
    folder = own_folder(owner, tmp_path)
    (folder / "a.csv").touch()
    remove_abandoned(tmp_path)
    assert (folder / "a.csv").exists()
    del owner
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_another_servers_folder_stays_until_that_server_is_gone(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(tmp_path)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        folder = tmp_path / other.stdout.readline().strip()
        remove_abandoned(tmp_path)
        assert (folder / "a.csv").exists()
        other.kill()  # without a chance to tidy up
        other.wait()
    assert folder.exists()
    remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folders_of_before_there_were_locks_are_nobodys(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.csv").touch()
    remove_abandoned(tmp_path)
    remove_abandoned(tmp_path / "not there")
    assert list(tmp_path.iterdir()) == []
