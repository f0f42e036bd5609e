"""Tests, unit level."""
