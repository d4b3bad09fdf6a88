"""What talks to Google, and what may become of a call.

Read in this order: ``failures``, ``reasons`` and ``errors`` (with ``answers``, ``reaching`` and
``signing_in``: what each of the SDKs raises), ``credentials`` (who calls), ``budget`` (how many
calls there are), ``wire`` (one account's connection), ``client`` (the calls, one method each).
"""
