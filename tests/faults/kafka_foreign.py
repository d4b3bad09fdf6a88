"""A producer in C, for what the Python client refuses to send: headers whose names are no text."""

import ctypes
from ctypes import c_char_p, c_int, c_size_t, c_ssize_t, c_void_p

from confluent_kafka import cimpl

PRODUCER = 0
TOPIC, VALUE, KEY, COPY, HEADER = 1, 4, 5, 7, 9
"""Kinds of arguments of ``rd_kafka_produceva``: ``rd_kafka_vtype_t`` in ``rdkafka.h``."""
SECONDS = 30


class _Bytes(ctypes.Structure):
    _fields_ = (("content", c_char_p), ("size", c_size_t))


class _Header(ctypes.Structure):
    _fields_ = (("name", c_char_p), ("content", c_char_p), ("size", c_ssize_t))


class _Content(ctypes.Union):
    _fields_ = (
        ("text", c_char_p),
        ("number", c_int),
        ("bytes", _Bytes),
        ("header", _Header),
        ("room", ctypes.c_char * 64),
    )


class _Argument(ctypes.Structure):
    _fields_ = (("kind", c_int), ("content", _Content))


def produce(
    bootstrap: str, topic: str, *, key: bytes, value: bytes, header: tuple[bytes, bytes]
) -> None:
    """Publish one record with one header; return when it is acknowledged."""
    c, client = _client(bootstrap)
    name, content = header
    told = (
        (TOPIC, _Content(text=topic.encode())),
        (KEY, _Content(bytes=_Bytes(key, len(key)))),
        (VALUE, _Content(bytes=_Bytes(value, len(value)))),
        (HEADER, _Content(header=_Header(name, content, len(content)))),
        (COPY, _Content(number=2)),
    )
    arguments = (_Argument * len(told))(*(_Argument(*it) for it in told))
    assert c.rd_kafka_produceva(client, arguments, c_size_t(len(told))) is None
    assert c.rd_kafka_flush(client, SECONDS * 1000) == 0
    c.rd_kafka_destroy(client)


def _client(bootstrap: str) -> tuple[ctypes.CDLL, c_void_p]:
    """Return the library that the Python client brings, and a producer of it."""
    c = ctypes.CDLL(cimpl.__file__)
    for name in ("conf_new", "new", "produceva"):
        getattr(c, f"rd_kafka_{name}").restype = c_void_p
    why = ctypes.create_string_buffer(512)
    told = c_void_p(c.rd_kafka_conf_new())
    c.rd_kafka_conf_set(told, b"bootstrap.servers", bootstrap.encode(), why, len(why))
    client = c_void_p(c.rd_kafka_new(PRODUCER, told, why, len(why)))
    assert client.value, why.value
    return c, client
