"""Spot checks of reported tables."""
