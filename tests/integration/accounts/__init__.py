"""Tests of integration/accounts."""
