"""Pure tools that would be true in any other project."""
