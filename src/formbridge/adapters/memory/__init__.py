"""Every port in memory: real behaviour, lost with the process."""
