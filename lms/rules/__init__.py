"""Pure rules of learning: true with paper and pencil."""
