"""Who calls: identities, keys, tokens and what a token allows.

``grants`` (an account, a grant), ``tokens`` (all that are known), ``refusals`` (what others are
told), ``keys`` (key files), ``exchange`` (OAuth's own endpoints), ``scopes``.
"""
