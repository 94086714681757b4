"""Pages woven into a site: one function, a thin MkDocs plugin, a step player."""
