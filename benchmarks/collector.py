"""The garbage collector, as a program that lives on records sets it for its process."""

import gc

COLLECTOR = (200_000, 20, 100)
"""As ``formbridge run`` has it."""


def calm() -> None:
    """Let the collector look less often at what lives for one batch; every side is given that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR)
