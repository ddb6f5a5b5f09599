"""Renders the pages of docs/ as HTML. Called by script/docs with the repository's root; the tests compare."""

import re
import sys
from pathlib import Path

import markdown

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Account Reconciliation</title>
<link rel="stylesheet" href="docs.css">
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def render(source):
    """Render one page.

    :param source: the page in Markdown (str)
    :return: the page in HTML (str); links to other pages and pictures lead to where they are served
    """
    body = markdown.markdown(source, extensions=["tables", "fenced_code", "toc", "sane_lists"], output_format="html")
    body = re.sub(r'(href="[\w-]+)\.md', r"\1.html", body)
    body = body.replace('src="../static/', 'src="../')
    return PAGE.format(title=source.split("\n", 1)[0].lstrip("# "), body=body)


def render_all(root):
    """Yield ``(path of the HTML page, its text)`` of every page below the repository's root."""
    for page in sorted(Path(root, "docs").glob("*.md")):
        yield Path(root, "static", "docs", f"{page.stem}.html"), render(page.read_text())


if __name__ == "__main__":
    for path, text in render_all(sys.argv[1]):
        path.write_text(text)
