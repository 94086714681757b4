"""Pictures: views, layout, ASCII, SVG, words. Knows nothing of Markdown."""
