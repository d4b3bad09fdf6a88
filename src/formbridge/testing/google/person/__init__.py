"""People who edit spreadsheets between any two calls, as a script or at random.

``person`` says what one can do, ``hand`` how it is done (through the kinds of ``batchUpdate``, so
that nobody can do what the grid does not allow), ``chance`` does something at random from a seed.
"""

from formbridge.testing.google.person.chance import RandomPerson
from formbridge.testing.google.person.person import Person

__all__ = ["Person", "RandomPerson"]
