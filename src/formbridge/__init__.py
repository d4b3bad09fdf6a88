"""FormBridge: responses to forms, published once to a log, turned into tables by independent sinks.

Importing this package loads attrs and the standard library only; every SDK is imported by its adapter.
"""

__version__ = "0.1.0"
