"""Tests of integration/learning."""
