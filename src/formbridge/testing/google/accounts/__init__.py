"""Who calls: identities, keys, tokens and what a token allows."""
