"""Tests of integration/web."""
