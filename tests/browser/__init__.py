"""Tests, browser level."""
