"""Tests of integration/authoring."""
