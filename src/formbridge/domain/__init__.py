"""The pure core: values, laws and ports. No I/O, no clock, no logger, no SDK.

Read it in this order, which is also the order in which the modules may import each other:
``errors``; what is said (``answers``, ``digests``, ``responses``); where it stands in the log
(``records``, ``envelope``, ``cloudevents``, ``revision``, ``merging``, ``offsets``,
``assignment``); what the questions are called (``questions``); what a table is (``identity``,
``cells``, ``tables``, ``index``, ``labels``, ``layouts``, ``arrivals``); what happens to it
(``drafting``, ``plan_upsert``, ``plan_batch``, ``sinks``); what cannot be delivered
(``dead_letters``, ``flood``); what is told (``events``); and the ``ports``.
"""
