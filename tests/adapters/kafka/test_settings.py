"""What may be said about a cluster, what not, and that secrets stay where they are."""

import pytest

from formbridge.adapters.kafka.clients import Troubles, admin, member, outsider, producer
from formbridge.adapters.kafka.settings import OURS, KafkaSettings, TopicSettings
from formbridge.domain.errors import BadSetting

NOWHERE = ("127.0.0.1:1",)


def test_options_of_a_topic_are_told_from_those_of_a_client() -> None:
    """One flat table serves a file, a container and a call."""
    settings = KafkaSettings.of(
        NOWHERE,
        {
            "client.id": "forms",
            "formbridge.topic.partitions": "12",
            "formbridge.topic.replication.factor": 3,
            "formbridge.topic.retention.ms": 1000,
        },
    )
    assert settings.options == {"client.id": "forms"}
    assert settings.topics == TopicSettings(
        partitions=12, replication_factor=3, config={"retention.ms": "1000"}
    )


@pytest.mark.parametrize("name", OURS)
def test_an_option_that_would_break_a_promise_is_refused_with_its_reason(name: str) -> None:
    """Whoever sets it should learn why FormBridge does."""
    with pytest.raises(BadSetting, match=name.replace(".", r"\.")):
        KafkaSettings.of(NOWHERE, {name: "x"})


@pytest.mark.parametrize("value", ["many", 0, "-1", "1.5"])
def test_a_number_of_partitions_that_cannot_be_is_refused_by_its_name(value: object) -> None:
    """Not by what the cluster says much later."""
    with pytest.raises(BadSetting, match=r"formbridge\.topic\.partitions"):
        KafkaSettings.of(NOWHERE, {"formbridge.topic.partitions": value})


@pytest.mark.parametrize(
    "name",
    ["sasl.password", "ssl.key.password", "ssl.key.pem", "sasl.oauthbearer.client.secret"],
)
def test_no_repr_shows_a_secret(name: str) -> None:
    """A repr ends in logs and in trackers of errors."""
    settings = KafkaSettings.of(NOWHERE, {name: "hidden-words", "client.id": "forms"})
    assert "hidden-words" not in repr(settings)
    assert "forms" in repr(settings)


def test_no_error_shows_a_secret() -> None:
    """A key that cannot be read is told, and not shown."""
    options = {"security.protocol": "ssl", "ssl.key.pem": "hidden-words"}
    settings = KafkaSettings.of(NOWHERE, options)
    with pytest.raises(BadSetting) as caught:
        producer(settings)
    assert "hidden-words" not in str(caught.value)


def test_an_option_that_no_client_knows_is_refused_by_its_name() -> None:
    """A mistyped option must not be silently without effect."""
    settings = KafkaSettings.of(NOWHERE, {"sasl.pasword": "x"})
    with pytest.raises(BadSetting, match=r"sasl\.pasword"):
        member(settings, "group")


def test_options_for_one_kind_of_client_do_not_disturb_the_others() -> None:
    """One table of options serves the producer, the members and the rest."""
    settings = KafkaSettings.of(
        NOWHERE,
        {
            "linger.ms": 5,
            "max.poll.interval.ms": 7_000,
            "session.timeout.ms": 6_500,
            "group.instance.id": "one",
        },
    )
    producer(settings)
    admin(settings, Troubles("here"))
    member(settings, "group").close()
    outsider(settings, "group").close()


def test_the_new_group_protocol_takes_no_option_of_the_classic_one() -> None:
    """Librdkafka refuses to begin with both: brokers say the time-outs there."""
    member(KafkaSettings.of(NOWHERE, {"group.protocol": "consumer"}), "group").close()
