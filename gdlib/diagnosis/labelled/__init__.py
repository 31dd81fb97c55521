"""Runs whose trouble is known by how they were made: the judge of `gdlib.diagnosis`."""
