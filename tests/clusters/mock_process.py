"""The process of a mock cluster: librdkafka's, reached through the library that the client brings.

A command is a line of JSON, `[NAME, ARGUMENT...]`, and so is its answer: `null`, or the text of
what went wrong. The first line says where the cluster is. It ends with its standard input.
"""

import ctypes
import json
import sys

import attrs
from confluent_kafka import KafkaError, cimpl

PRODUCER = 0
REBALANCE_DELAY = 100  # ms before the first member of a group is given its partitions; else 3,000
HEARTBEAT, SESSION = 500, 3000  # ms, for members after KIP-848; else 5,000 and 45,000


@attrs.define(eq=False)
class Mock:
    """So many brokers. Each method is a command; a number of an error is librdkafka's."""

    brokers: int
    _c: ctypes.CDLL = attrs.field(factory=lambda: ctypes.CDLL(cimpl.__file__))
    _cluster: ctypes.c_void_p = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        for name in ("conf_new", "new", "mock_cluster_new"):
            getattr(self._c, f"rd_kafka_{name}").restype = ctypes.c_void_p
        why = ctypes.create_string_buffer(512)
        told = ctypes.c_void_p(self._c.rd_kafka_conf_new())
        self._c.rd_kafka_conf_set(told, b"log_level", b"0", why, len(why))
        client = ctypes.c_void_p(self._c.rd_kafka_new(PRODUCER, told, why, len(why)))
        assert client.value, why.value
        cluster = self._c.rd_kafka_mock_cluster_new(client, self.brokers)
        self._cluster = ctypes.c_void_p(cluster)
        self._call("group_initial_rebalance_delay_ms", REBALANCE_DELAY)
        self._call("set_group_consumer_heartbeat_interval_ms", HEARTBEAT)
        self._call("set_group_consumer_session_timeout_ms", SESSION)

    def bootstrap(self) -> str:
        """Return where it is."""
        self._c.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
        told: bytes = self._c.rd_kafka_mock_cluster_bootstraps(self._cluster)
        return told.decode()

    def create_topic(self, name: str, partitions: int) -> str | None:
        """Make a topic of which each broker has a copy."""
        return self._tried("topic_create", name.encode(), partitions, self.brokers)

    def fail(self, api_key: int, errors: list[int]) -> None:
        """Answer the next requests of a kind with these errors, one each."""
        array = (ctypes.c_int * len(errors))(*errors)
        self._call("push_request_errors_array", api_key, ctypes.c_size_t(len(errors)), array)

    def heal(self, api_key: int) -> None:
        """Forget the errors that no request has met yet."""
        self._call("clear_request_errors", api_key)

    def fail_topic(self, name: str, error: int) -> None:
        """Answer who asks what a topic is with this error; 0 ends it."""
        self._call("topic_set_error", name.encode(), error)

    def broker_down(self, number: int) -> str | None:
        """Close the connections of a broker, and take no others."""
        return self._tried("broker_set_down", number)

    def broker_up(self, number: int) -> str | None:
        """Take connections again."""
        return self._tried("broker_set_up", number)

    def delay(self, number: int, milliseconds: int) -> str | None:
        """Let each answer of a broker take so long."""
        return self._tried("broker_set_rtt", number, milliseconds)

    def lead(self, topic: str, partition: int, number: int) -> str | None:
        """Make a broker the leader of a partition."""
        return self._tried("partition_set_leader", topic.encode(), partition, number)

    def _tried(self, name: str, *arguments: object) -> str | None:
        error = self._call(name, *arguments)
        return KafkaError(error).str() if error else None

    def _call(self, name: str, *arguments: object) -> int:
        called: int = getattr(self._c, f"rd_kafka_mock_{name}")(self._cluster, *arguments)
        return called


def main() -> None:
    """Serve until the standard input ends."""
    mock = Mock(int(sys.argv[1]))
    print(mock.bootstrap(), flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(getattr(mock, name)(*arguments)), flush=True)


if __name__ == "__main__":
    main()
