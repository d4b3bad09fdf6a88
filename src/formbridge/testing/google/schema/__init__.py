"""What requests may look like, from Google's discovery documents: methods, parameters, bodies."""
