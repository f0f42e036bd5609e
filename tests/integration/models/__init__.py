"""Tests of integration/models."""
