"""FormBridge: responses to forms, published once to a log, turned into tables by independent sinks.

Importing this package loads attrs and the standard library; each SDK is imported by its adapter.
The names here are what most services need; everything else is imported from its own module.
"""

from formbridge.bridge import Bridge, BridgeSettings
from formbridge.compose import open_bridge, open_dead_letters, open_intake, open_log
from formbridge.domain.answers import Answer, Kind
from formbridge.domain.errors import (
    BadInput,
    BrokerUnavailable,
    FormBridgeError,
    Reject,
    TryLater,
    Undecodable,
)
from formbridge.domain.responses import Operation, Response, Status
from formbridge.host import Host, Report
from formbridge.intake import Intake, Receipt
from formbridge.logs import Log

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "BadInput",
    "Bridge",
    "BridgeSettings",
    "BrokerUnavailable",
    "FormBridgeError",
    "Host",
    "Intake",
    "Kind",
    "Log",
    "Operation",
    "Receipt",
    "Reject",
    "Report",
    "Response",
    "Status",
    "TryLater",
    "Undecodable",
    "__version__",
    "open_bridge",
    "open_dead_letters",
    "open_intake",
    "open_log",
]
