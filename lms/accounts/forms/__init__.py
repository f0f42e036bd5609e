"""What people may type in accounts, and what is wrong with it."""
