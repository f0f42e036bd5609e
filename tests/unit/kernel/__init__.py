"""Tests of unit/kernel."""
