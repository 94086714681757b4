"""The commands: one generator each, grouped by what they touch. `registry.py` names them all."""
