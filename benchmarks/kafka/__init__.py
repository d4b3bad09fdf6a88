"""Kafka to CSV files on disk, and publishing to Kafka: FormBridge and what one would take instead.

Each run is a fresh process and a fresh group on one real broker; ``page`` is where to begin.
"""
