"""Finding descriptions: those that come with the package by name, others by path."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from formbridge.domain.errors import BadDescription
from formbridge.formats.format import Format

_SUFFIX = ".toml"


def _folder() -> Traversable:
    return resources.files("formbridge.formats")


def shipped_formats() -> tuple[str, ...]:
    """Return the names of the descriptions that come with the package, in order."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def description_text(name: str) -> str:
    """Return the TOML of a shipped description; raise ``BadDescription`` for any other name."""
    if name not in shipped_formats():
        raise BadDescription(_unknown(name))
    return (_folder() / (name + _SUFFIX)).read_text(encoding="utf-8")


def load_format(name_or_path: str | Path) -> Format:
    """Return the format of that name, or the one that a ``.toml`` file describes.

    Raises ``BadDescription`` with the file, the key and the remedy.
    """
    from formbridge.formats.compiler import compile_text  # noqa: PLC0415 - loads msgspec, late

    if name_or_path in shipped_formats():
        return compile_text(description_text(str(name_or_path)), file=f"{name_or_path}{_SUFFIX}")
    path = Path(name_or_path)
    if path.suffix != _SUFFIX:
        raise BadDescription(_unknown(str(name_or_path)))
    return compile_text(_text_of(path), file=str(path))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadDescription(f"{path}: is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise BadDescription(f"{path}: {error.strerror}; name a file that can be read") from error


def _unknown(name: str) -> str:
    known = ", ".join(shipped_formats())
    return f"no format {name!r}; name one of {known}, or a file that ends in {_SUFFIX}"
