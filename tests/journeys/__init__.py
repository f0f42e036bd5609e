"""Tests, journeys level."""
