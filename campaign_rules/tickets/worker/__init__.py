"""The worker: it asks what changed, or is told, and brings ticket after ticket up to date."""
