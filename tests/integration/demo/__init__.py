"""Tests of integration/demo."""
