"""One technology each. An adapter knows the domain and its own SDK, and nothing of the others."""
