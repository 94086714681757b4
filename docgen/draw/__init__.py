"""Pictures: views, layout, ASCII, SVG, words. Knows nothing of Markdown.

Its doors: `picture.picture` and `picture.sequence` turn a recording into scenes; `ascii.ascii`,
`svg.svg`, `svg.figures` (one figure a step, for pages) and `words.describe` write scenes down;
`svg.stylesheet` is the style of inline figures; `views.VIEWS` names the views.
"""
