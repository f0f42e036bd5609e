"""The living demo: sample people and believable progress, made once on an empty database from a fixed seed."""
