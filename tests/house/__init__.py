"""Tests, house level."""
