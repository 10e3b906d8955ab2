"""The file of a worker: what may be written there, and how it is read."""
