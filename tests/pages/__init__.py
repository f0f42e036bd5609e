"""Checks of whole pages with outside checkers."""
