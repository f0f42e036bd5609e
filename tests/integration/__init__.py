"""Tests, integration level."""
