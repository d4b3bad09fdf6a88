"""Formats: what the payload of any backend looks like, as data, and the engine that reads it.

A format is a description in TOML: ``native.toml`` and the others beside this file, or a file of
your own. ``load_format`` checks it and compiles it once; the result reads payloads into responses.
No module here knows a backend by name.

Read it in this order. What a description says: ``description`` (its values), ``toml`` and
``parse_*`` (from the file, with every mistake named). How it becomes functions: ``scope`` and
``paths`` (where a value stands), ``sources`` (what else a value may come from), ``conditions``,
``steps`` (the shapes of values), ``times``, ``joins``, ``answers``, ``scalars``. What carries them:
``json_bodies`` and ``form_bodies`` (bytes to values), ``bodies``, ``shapes``, ``reader`` (the whole
way), ``fast`` (the same way through generated types, where a description is simple enough), and
``compiler``, which is loaded with the first format: nothing else here imports msgspec.
"""

from formbridge.formats.format import Format
from formbridge.formats.shipped import description_text, load_format, shipped_formats

__all__ = ["Format", "description_text", "load_format", "shipped_formats"]
