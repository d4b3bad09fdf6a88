"""Trouble on command: what a network, a service and a year of bad luck do to a client.

* ``troubles``: what happens around a call, in order. Begin there.
* ``faults``: one fault, and which calls it strikes.
* ``refusing``: what a service in trouble answers.
* ``quotas``, ``latency``, ``lag``, ``late``, ``clocks``: limits, time, and what comes too late.
* ``calls``: the log of calls. ``naming``: which call a request is.
* ``control``: all of it over HTTP, under ``/_emulator/``.

Everything is off at the start, draws its chance from seeds, and takes its time from a ``Clock``.
"""
