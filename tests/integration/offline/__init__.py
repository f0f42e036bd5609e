"""Tests of integration/offline."""
