"""The log for those who outgrow one machine: Apache Kafka, by confluent-kafka (librdkafka).

Read in this order: ``settings`` (what may be said, and what may not), ``clients`` (settings → the
SDK's clients), ``errors`` (every error of the SDK → ours), ``topics`` (made and checked),
``broker`` (opens the rest); then ``outbox`` and ``publisher``; ``deliveries``, ``membership``,
``places``, ``feed`` and ``consumer``; ``reader`` and ``groups``;
``mapping_records``, ``mappings`` and ``catalog``.
"""
