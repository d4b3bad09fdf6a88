"""Every error that the client can say is sorted, and says what a person can do."""

import pytest
from confluent_kafka import KafkaError, KafkaException

from formbridge.adapters.kafka.errors import (
    IN_DOUBT,
    NO_ERROR,
    NOT_A_MEMBER,
    PASSING,
    REMEDIES,
    fatal,
    kafka_error,
    mapped,
    translated,
)
from formbridge.domain.errors import (
    BadInput,
    BadSetting,
    BrokerBroken,
    BrokerDenied,
    BrokerUnavailable,
)

NAMES = sorted(
    name
    for name, code in vars(KafkaError).items()
    if isinstance(code, int) and name.strip("_").isupper() and not name.startswith("__")
)


def test_the_client_has_errors_to_walk() -> None:
    """A change of the client's names would leave nothing to test."""
    assert len(NAMES) > 150
    assert "_TRANSPORT" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_error_of_the_client_is_sorted_once(name: str) -> None:
    """A new version's new error is a decision, not an accident."""
    places = [*(names for names, _, _ in REMEDIES), NO_ERROR]
    assert sum(name in names for names in places) == 1


def test_nothing_is_sorted_that_the_client_does_not_know() -> None:
    """A mistyped name would sort nothing."""
    sorted_names = NO_ERROR.union(*(names for names, _, _ in REMEDIES))
    assert sorted_names - set(NAMES) == set()


def test_the_groups_of_passing_errors_are_apart() -> None:
    """What a consumer does differs by group."""
    assert not PASSING & NOT_A_MEMBER
    assert not IN_DOUBT & (PASSING | NOT_A_MEMBER)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("TOPIC_AUTHORIZATION_FAILED", BrokerDenied),
        ("_AUTHENTICATION", BrokerDenied),
        ("MSG_SIZE_TOO_LARGE", BadInput),
        ("_INVALID_ARG", BadSetting),
        ("_AUTO_OFFSET_RESET", BrokerBroken),
        ("NOT_ENOUGH_REPLICAS", BrokerUnavailable),
        ("UNKNOWN_MEMBER_ID", BrokerUnavailable),
    ],
)
def test_an_error_says_where_and_what_to_do(name: str, kind: type[Exception]) -> None:
    """The topic, the cluster's words, the name to search for, and the remedy."""
    with (
        pytest.raises(kind, match=r"topic 'responses': .+ \(\w+\); \w+"),
        mapped("topic 'responses'"),
    ):
        raise KafkaException(KafkaError(getattr(KafkaError, name)))


def test_an_unforeseen_error_is_not_taken_for_a_passing_one() -> None:
    """Trying for ever what can never work would hide it."""
    error = translated(KafkaError(4711), "topic 'responses'")
    assert isinstance(error, BrokerBroken)
    assert "unforeseen" in str(error)


def test_an_exception_without_an_error_is_an_error_too() -> None:
    """The client raises a few with a text alone."""
    assert kafka_error(KafkaException("no text")).name() == "_FAIL"


def test_a_client_whose_name_another_took_does_not_take_it_back() -> None:
    """Two members with one name would throw each other out for ever."""
    assert isinstance(fatal(KafkaError(KafkaError.FENCED_INSTANCE_ID), "group"), BadSetting)
    assert isinstance(fatal(KafkaError(KafkaError.UNRELEASED_INSTANCE_ID), "g"), BrokerUnavailable)
