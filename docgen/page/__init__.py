"""Scenario pages: reading, matching promised output, splicing. Knows nothing of HTML."""
