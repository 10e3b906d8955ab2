"""What workers keep in a database: which tickets wait, who is at work on which, and what was done."""
