"""Pandu's tests: unit, integration, journeys, browser, house."""
