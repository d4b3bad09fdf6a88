"""Settings of this sink from a mapping, as a configuration file or the command line says them.

Values may be text: ``{"credentials": "robot.json", "reads_per_minute": "300"}``.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from formbridge.adapters.sheets.settings import Fence, SheetsSettings
from formbridge.domain.errors import BadSetting

WORDS: Mapping[str, bool] = {"true": True, "yes": True, "false": False, "no": False}


def settings_of(options: Mapping[str, object], *, folder: str) -> SheetsSettings:
    """Return the settings of a folder; raise ``BadSetting`` that names what is wrong.

    ``folder`` comes from the sink's address and is refused among the options.
    """
    if "folder" in options:
        raise BadSetting("sheets: folder stands in the address of the sink; leave it out")
    known = [name for name in FIELDS if name != "folder"]
    unknown = sorted(set(options) - set(known))
    if unknown:
        names = ", ".join(known)
        raise BadSetting(f"sheets: unknown setting {unknown[0]!r}; the settings are {names}")
    values: dict[str, Any] = {name: FIELDS[name](name, it) for name, it in options.items()}
    return SheetsSettings(folder=folder, **values)


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    raise _wrong(name, "text", value)


def _path(name: str, value: object) -> Path:
    if isinstance(value, str | Path) and str(value).strip():
        return Path(value)
    raise _wrong(name, "a path", value)


def _maybe_path(name: str, value: object) -> Path | None:
    return None if value in {None, ""} else _path(name, value)


def _switch(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in WORDS:
        return WORDS[value.strip().lower()]
    raise _wrong(name, "true or false", value)


def _whole(name: str, value: object) -> int:
    number = float(_number(name, value))
    if number.is_integer():
        return int(number)
    raise _wrong(name, "a whole number", value)


def _number(name: str, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise _wrong(name, "a number", value)
    try:
        return float(value)
    except ValueError as error:
        raise _wrong(name, "a number", value) from error


def _items(name: str, value: object) -> tuple[object, ...]:
    """Return the members of a list; one value alone is a list of one."""
    if isinstance(value, str | Path):
        return (value,)
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return tuple(value)
    raise _wrong(name, "a list", value)


def _paths(name: str, value: object) -> tuple[Path, ...]:
    return tuple(_path(f"each of {name}", each) for each in _items(name, value))


def _texts(name: str, value: object) -> tuple[str, ...]:
    return tuple(_text(f"each of {name}", each) for each in _items(name, value))


def _table(name: str, value: object) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {_text(f"each name of {name}", k): _text(name, v) for k, v in value.items()}
    raise _wrong(name, "a table of FORM = ID", value)


def _fence(name: str, value: object) -> Fence:
    try:
        return Fence(value)
    except ValueError as error:
        raise _wrong(name, "one of " + ", ".join(it.value for it in Fence), value) from error


def _wrong(name: str, what: str, value: object) -> BadSetting:
    shown = repr(value) if isinstance(value, str) else type(value).__name__
    return BadSetting(f"sheets: {name} must be {what}, not {shown}")


FIELDS: Mapping[str, Callable[[str, object], object]] = {
    "folder": _text,
    "endpoint": _text,
    "credentials": _paths,
    "subject": _text,
    "share_with": _texts,
    "spreadsheets": _table,
    "create": _switch,
    "time_zone": _text,
    "locale": _text,
    "reads_per_minute": _whole,
    "writes_per_minute": _whole,
    "processes": _whole,
    "connect_timeout": _number,
    "timeout": _number,
    "largest_payload": _whole,
    "most_cells": _whole,
    "registry": _maybe_path,
    "fence": _fence,
    "questions_tab": _switch,
}
"""How each setting is read; a test holds it to the fields of ``SheetsSettings``."""
