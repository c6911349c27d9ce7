"""Notes are Markdown as everywhere in the product."""

from evenfall.platform.markdown import TAGS, to_html

__all__ = ["TAGS", "to_html"]
