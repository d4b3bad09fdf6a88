"""Every error of confluent-kafka, as one of ours, with the remedy.

librdkafka's own ``retriable`` is set by transactional calls only, so errors are sorted here by
their names (confluent-kafka-python issue 1804; the names are those of ``rd_kafka_resp_err_t`` in
``rdkafka.h``). What is not named below is unforeseen: a test walks all of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from confluent_kafka import KafkaError, KafkaException

from formbridge.domain.errors import (
    BadInput,
    BadSetting,
    BrokerBroken,
    BrokerDenied,
    BrokerUnavailable,
    FormBridgeError,
)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SETTING = _names("""
    _INVALID_ARG _UNKNOWN_PROTOCOL _NOT_IMPLEMENTED _UNSUPPORTED_FEATURE _SSL _RESOLVE
    _CRIT_SYS_RESOURCE _NOT_CONFIGURED UNSUPPORTED_SASL_MECHANISM ILLEGAL_SASL_STATE
    INVALID_SESSION_TIMEOUT INVALID_GROUP_ID INCONSISTENT_GROUP_PROTOCOL UNSUPPORTED_VERSION
    UNSUPPORTED_ASSIGNOR UNSUPPORTED_COMPRESSION_TYPE UNSUPPORTED_FOR_MESSAGE_FORMAT
    INVALID_PARTITIONS INVALID_REPLICATION_FACTOR INVALID_REPLICA_ASSIGNMENT INVALID_CONFIG
    INVALID_REQUIRED_ACKS POLICY_VIOLATION SECURITY_DISABLED TOPIC_EXCEPTION FENCED_INSTANCE_ID
    INVALID_REGULAR_EXPRESSION UNSUPPORTED_ENDPOINT_TYPE MISMATCHED_ENDPOINT_TYPE
    INVALID_TRANSACTION_TIMEOUT TELEMETRY_TOO_LARGE _CONFLICT
""")
DENIED = _names("""
    _AUTHENTICATION SASL_AUTHENTICATION_FAILED TOPIC_AUTHORIZATION_FAILED
    GROUP_AUTHORIZATION_FAILED CLUSTER_AUTHORIZATION_FAILED TRANSACTIONAL_ID_AUTHORIZATION_FAILED
    DELEGATION_TOKEN_AUTH_DISABLED DELEGATION_TOKEN_NOT_FOUND DELEGATION_TOKEN_OWNER_MISMATCH
    DELEGATION_TOKEN_REQUEST_NOT_ALLOWED DELEGATION_TOKEN_AUTHORIZATION_FAILED
    DELEGATION_TOKEN_EXPIRED INVALID_PRINCIPAL_TYPE PRINCIPAL_DESERIALIZATION_FAILURE
    UNACCEPTABLE_CREDENTIAL
""")
TOO_LARGE = _names("MSG_SIZE_TOO_LARGE RECORD_LIST_TOO_LARGE INVALID_MSG_SIZE")
REFUSED = _names("""
    INVALID_RECORD INVALID_TIMESTAMP INVALID_MSG OFFSET_METADATA_TOO_LARGE
    INVALID_COMMIT_OFFSET_SIZE _KEY_SERIALIZATION _VALUE_SERIALIZATION
""")
GONE = _names("OFFSET_OUT_OF_RANGE _AUTO_OFFSET_RESET _LOG_TRUNCATION")
BROKEN = _names("""
    UNKNOWN _BAD_MSG _BAD_COMPRESSION _KEY_DESERIALIZATION _VALUE_DESERIALIZATION _FS _UNDERFLOW
    _INCONSISTENT _INVALID_TYPE _INVALID_DIFFERENT_RECORD _READ_ONLY _APPLICATION _UNKNOWN_GROUP
    _NOENT INVALID_REQUEST INVALID_TXN_STATE INVALID_RECORD_STATE INVALID_REGISTRATION
    INVALID_UPDATE_VERSION INVALID_VOTER_KEY INCONSISTENT_VOTER_SET DUPLICATE_VOTER VOTER_NOT_FOUND
    DUPLICATE_RESOURCE RESOURCE_NOT_FOUND FEATURE_UPDATE_FAILED LOG_DIR_NOT_FOUND
    TOPIC_DELETION_DISABLED TOPIC_ALREADY_EXISTS NO_REASSIGNMENT_IN_PROGRESS
    GROUP_SUBSCRIBED_TO_TOPIC NON_EMPTY_GROUP GROUP_ID_NOT_FOUND STREAMS_INVALID_TOPOLOGY
    STREAMS_INVALID_TOPOLOGY_EPOCH STREAMS_TOPOLOGY_FENCED UNKNOWN_SUBSCRIPTION_ID
    _EXISTING_SUBSCRIPTION
""")
PASSING = _names("""
    _DESTROY _FAIL _TRANSPORT _MSG_TIMED_OUT _UNKNOWN_PARTITION _UNKNOWN_TOPIC _ALL_BROKERS_DOWN
    _TIMED_OUT _QUEUE_FULL _ISR_INSUFF _NODE_UPDATE _WAIT_COORD _IN_PROGRESS _PREV_IN_PROGRESS
    _ASSIGN_PARTITIONS _REVOKE_PARTITIONS _STATE _OUTDATED _TIMED_OUT_QUEUE _WAIT_CACHE _INTR
    _PARTIAL _RETRY _PURGE_QUEUE _PURGE_INFLIGHT _FATAL _GAPLESS_GUARANTEE _UNKNOWN_BROKER
    _DESTROY_BROKER _FENCED UNKNOWN_TOPIC_OR_PART LEADER_NOT_AVAILABLE NOT_LEADER_FOR_PARTITION
    REQUEST_TIMED_OUT BROKER_NOT_AVAILABLE REPLICA_NOT_AVAILABLE STALE_CTRL_EPOCH
    NETWORK_EXCEPTION COORDINATOR_LOAD_IN_PROGRESS COORDINATOR_NOT_AVAILABLE NOT_COORDINATOR
    NOT_ENOUGH_REPLICAS NOT_ENOUGH_REPLICAS_AFTER_APPEND NOT_CONTROLLER
    OUT_OF_ORDER_SEQUENCE_NUMBER DUPLICATE_SEQUENCE_NUMBER INVALID_PRODUCER_EPOCH
    INVALID_PRODUCER_ID_MAPPING CONCURRENT_TRANSACTIONS TRANSACTION_COORDINATOR_FENCED
    OPERATION_NOT_ATTEMPTED KAFKA_STORAGE_ERROR UNKNOWN_PRODUCER_ID REASSIGNMENT_IN_PROGRESS
    FETCH_SESSION_ID_NOT_FOUND INVALID_FETCH_SESSION_EPOCH LISTENER_NOT_FOUND FENCED_LEADER_EPOCH
    UNKNOWN_LEADER_EPOCH STALE_BROKER_EPOCH OFFSET_NOT_AVAILABLE MEMBER_ID_REQUIRED
    PREFERRED_LEADER_NOT_AVAILABLE GROUP_MAX_SIZE_REACHED ELIGIBLE_LEADERS_NOT_AVAILABLE
    ELECTION_NOT_NEEDED UNSTABLE_OFFSET_COMMIT THROTTLING_QUOTA_EXCEEDED PRODUCER_FENCED
    UNKNOWN_TOPIC_ID INCONSISTENT_TOPIC_ID UNKNOWN_CONTROLLER_ID TRANSACTION_ABORTABLE
    SHARE_SESSION_NOT_FOUND INVALID_SHARE_SESSION_EPOCH FENCED_STATE_EPOCH REBOOTSTRAP_REQUIRED
    SHARE_SESSION_LIMIT_REACHED UNRELEASED_INSTANCE_ID
""")
NOT_A_MEMBER = _names("UNKNOWN_MEMBER_ID FENCED_MEMBER_EPOCH _ASSIGNMENT_LOST _MAX_POLL_EXCEEDED")
"""The group goes on without this member: what it read and did not commit comes again elsewhere."""

IN_DOUBT = _names("ILLEGAL_GENERATION REBALANCE_IN_PROGRESS STALE_MEMBER_EPOCH")
"""Partitions are changing hands just now: whose they are is told by the next polls."""

FENCED = KafkaError(KafkaError.FENCED_INSTANCE_ID).str()

NO_ERROR = _names("NO_ERROR _PARTITION_EOF _NO_OFFSET _NOOP")

REMEDIES: tuple[tuple[frozenset[str], type[FormBridgeError], str], ...] = (
    (SETTING, BadSetting, "check the options of the broker and its version"),
    (DENIED, BrokerDenied, "check the credentials and the access rights (ACLs)"),
    (TOO_LARGE, BadInput, "the record is larger than the topic's max.message.bytes; raise that"),
    (REFUSED, BadInput, "the cluster takes no such record; look at its settings and logs"),
    (
        GONE,
        BrokerBroken,
        "the log does not hold what comes next; restore it, or go on by formbridge reset",
    ),
    (BROKEN, BrokerBroken, "look at the logs of the cluster"),
    (
        PASSING | NOT_A_MEMBER | IN_DOUBT,
        BrokerUnavailable,
        "it may pass by itself; else see whether the brokers run",
    ),
)


def translated(error: KafkaError, what: str) -> FormBridgeError:
    """Return our error for one of librdkafka; ``what`` names the topic or the servers."""
    name = error.name()
    for names, kind, remedy in REMEDIES:
        if name in names:
            return kind(f"{what}: {error.str()} ({name}); {remedy}")
    return BrokerBroken(f"{what}: {error.str()} ({name}), which is unforeseen; report it")


def kafka_error(error: KafkaException) -> KafkaError:
    """Return the error that the exception carries."""
    carried = error.args[0] if error.args else None
    return carried if isinstance(carried, KafkaError) else KafkaError(KafkaError._FAIL, str(error))  # noqa: SLF001 - its public name begins so


def is_fatal(error: KafkaError) -> bool:
    """Whether the client that said so is of no more use."""
    return error.fatal() or error.name() == "_FATAL"


def fatal(error: KafkaError, what: str) -> FormBridgeError:
    """Return our error for the end of a client; a new one will do, unless another took its name."""
    if FENCED in error.str():
        remedy = "give each member a group.instance.id of its own"
        return BadSetting(f"{what}: another member has the same group.instance.id; {remedy}")
    return BrokerUnavailable(f"{what}: {error.str()} ({error.name()}); it begins anew")


@contextmanager
def mapped(what: str) -> Iterator[None]:
    """Let no error of confluent-kafka out."""
    try:
        yield
    except KafkaException as error:
        raise translated(kafka_error(error), what) from error
