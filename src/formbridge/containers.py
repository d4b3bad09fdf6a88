"""The same functions for dependency-injector: the only module that imports it.

``ServiceContainer`` holds no decision: each provider points at a typed function of ``compose``, and
the settings are checked by ``settings``. ``init_resources()`` opens the intake and starts the host;
``shutdown_resources()`` stops both. A service that only takes in, or only carries, resolves what it
needs instead.
"""

from collections.abc import Callable, Iterator

from dependency_injector import containers, providers

from formbridge.bridge import ignore
from formbridge.compose import (
    open_bridge,
    open_catalog,
    open_format,
    open_intake,
    open_log,
    system_clock,
)
from formbridge.domain.ports import Hook
from formbridge.function_sink import Handle
from formbridge.host import Host
from formbridge.intake import Intake
from formbridge.settings import settings_of


def serve_intake(intake: Intake) -> Iterator[Intake]:
    """Yield the intake, and close its publisher in the end."""
    try:
        yield intake
    finally:
        intake.publisher.close()


def serve_host(host: Host) -> Iterator[Host]:
    """Start the host's bridges, yield it, and stop them in the end."""
    host.start()
    try:
        yield host
    finally:
        host.stop()


class ServiceContainer(containers.DeclarativeContainer):
    """One service: an intake, and a host with one bridge. Make a fresh one per process and test.

    Give it ``config`` (the fields of ``ServiceSettings``); for a sink that is a function
    ``function``; if you like a ``hook``, which is told what happens, and a ``clock``.
    """

    config = providers.Configuration(strict=True)
    function: providers.Dependency[Handle] = providers.Dependency(
        instance_of=Callable  # type: ignore[arg-type]  # an ABC checks as well as a class
    )
    hook: providers.Dependency[Hook] = providers.Dependency(
        instance_of=Callable,  # type: ignore[arg-type]  # as above: anything that can be called
        default=providers.Object(ignore),
    )
    clock = providers.ThreadSafeSingleton(system_clock)

    settings = providers.ThreadSafeSingleton(settings_of, config)
    log = providers.ThreadSafeSingleton(
        open_log, settings.provided.broker, options=settings.provided.broker_options, clock=clock
    )
    catalog = providers.ThreadSafeSingleton(
        open_catalog,
        settings.provided.questions,
        options=settings.provided.broker_options,
        clock=clock,
    )
    payload_format = providers.ThreadSafeSingleton(open_format, settings.provided.format)

    intake = providers.Resource(
        serve_intake,
        providers.Factory(
            open_intake, log, format=payload_format, source=settings.provided.source, clock=clock
        ),
    )

    tables_bridge = providers.Factory(
        open_bridge,
        broker=log,
        sink=settings.provided.tables,
        group=settings.provided.group,
        questions=catalog,
        format=payload_format,
        hook=hook,
        clock=clock,
    )
    function_bridge = providers.Factory(
        open_bridge,
        broker=log,
        sink=function,
        group=settings.provided.group,
        format=payload_format,
        ledger=settings.provided.ledger,
        hook=hook,
        clock=clock,
    )
    bridge = providers.Selector(
        settings.provided.kind, tables=tables_bridge, function=function_bridge
    )

    host = providers.Resource(
        serve_host, providers.Factory(Host, bridges=providers.Dict(bridge=bridge.provider))
    )
