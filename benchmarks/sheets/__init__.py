"""FormBridge into spreadsheets; read ``page`` first, then ``world``, in which time is simulated."""
