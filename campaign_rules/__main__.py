"""``python -m campaign_rules`` is the command line."""

from campaign_rules.cli import main

main()
