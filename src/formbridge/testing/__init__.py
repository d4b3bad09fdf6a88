"""The public test kit: fakes, builders and a contract suite for each port. Ships in the wheel.

A suite is a plain class: subclass it in your tests as ``TestSomething``, override the fixture that
its docstring names, and pytest runs every law of the port on your adapter.
"""
