"""Tests of integration/reporting."""
