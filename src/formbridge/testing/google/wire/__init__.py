"""How requests come in and answers go out: sockets, TLS and the proxy.

``listener`` (who waits for connections, a thread for each), ``connection`` (one connection, request
by request), ``reading`` and ``writing`` (bytes to a request, an answer to bytes), ``batches`` (many
calls in one request), ``tunnels`` (a proxy with certificates of its own).

Nothing here knows what the service is: it is a function from a request to an answer.
"""
