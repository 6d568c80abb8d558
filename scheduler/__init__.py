"""Resident rotation schedule optimizer: from a program's YAML to a year's schedule."""

__version__ = "0.1.0"
