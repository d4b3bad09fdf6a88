"""Where a command keeps what can be rebuilt, unless ``--state`` says it."""

import os
import sys
from pathlib import Path

from formbridge.addresses import SqliteAddress, parse_broker


def state_folder(said: str | None, broker: str) -> Path | None:
    """Return the folder that was named, that of a log in a file, or the user's own.

    The user's is ``$XDG_STATE_HOME/formbridge``, else ``~/.local/state/formbridge``, on macOS
    ``~/Library/Application Support/formbridge``. None where that cannot be made: then nothing is
    remembered, and found again at the next start.
    """
    if said:
        return Path(said)
    address = parse_broker(broker)
    if isinstance(address, SqliteAddress):
        return Path(address.path).parent
    folder = _of_the_user()
    return folder if folder and _can_be_made(folder) else None


def _of_the_user() -> Path | None:
    told = os.environ.get("XDG_STATE_HOME", "")
    if Path(told).is_absolute():
        return Path(told) / "formbridge"
    try:
        home = Path.home()
    except RuntimeError:  # a process whose user has no entry and no HOME, as in a container
        return None
    own = "Library/Application Support" if sys.platform == "darwin" else ".local/state"
    return home / own / "formbridge"


def _can_be_made(folder: Path) -> bool:
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
