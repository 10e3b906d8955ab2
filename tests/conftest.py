"""Settings for the whole suite: what hypothesis may do, and that nothing is kept in the user's cache."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
os.environ["CAMPAIGN_RULES_CACHE"] = "off"
