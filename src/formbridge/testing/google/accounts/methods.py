"""Methods of the APIs that tell about accounts: none so far, ``drive.about`` is in ``drive``."""
