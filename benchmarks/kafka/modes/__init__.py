"""What is measured, one loop a module: each is run in a process of its own by ``child``."""
