"""A file of options, as Kafka's own tools take it: ``name=value``, a line each."""

from collections.abc import Mapping
from pathlib import Path

from formbridge.domain.errors import BadSetting


def read_properties(file: str | None) -> Mapping[str, object]:
    """Return the options of the file; none without a file.

    Lines that are empty or begin with ``#`` are passed over. A value is taken as it is, without
    the blanks around it. Raises ``BadSetting`` that names the line, never its content.
    """
    if file is None:
        return {}
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{file} cannot be read as text ({type(error).__name__})") from error
    options: dict[str, object] = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise BadSetting(f"{file}, line {number}: is not NAME=VALUE; write client.id=forms")
        if name.strip() in options:
            raise BadSetting(f"{file}, line {number}: {name.strip()} stands there twice")
        options[name.strip()] = value.strip()
    return options
