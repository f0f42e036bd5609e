"""Tests of unit/rules."""
