"""Files, folders and Shared Drives as they stand, and who may do what. Pure."""
