"""What talks to another process or machine, each with a fake twin."""
