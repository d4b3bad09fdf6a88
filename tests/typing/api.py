"""Public names, used as a user uses them: type-checked by `make types`, never run.

A change of a signature that breaks somebody's code breaks this file first. It also says, with
`assert_type`, which types a caller may count on.
"""

from typing import assert_type

import formbridge

assert_type(formbridge.__version__, str)
