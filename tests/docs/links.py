"""Follows every link inside the book: the page must be there, and the place in it. The argument is the folder of the book."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links of a page and the places that links can lead to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.places = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.places.update(attrs[name] for name in ("id", "name") if attrs.get(name))
        self.links.update(attrs[name] for name in ("href", "src") if attrs.get(name))


def main():
    book = Path(sys.argv[1]).resolve()
    pages = {path: Page(path.read_text()) for path in sorted(book.rglob("*.html"))}
    dead, followed = [], 0
    for path, page in pages.items():
        # The page for a wrong address is shown at any address; reports are not pages of the book.
        if path.name == "404.html" or "example" in path.relative_to(book).parts:
            continue
        for link in sorted(page.links):
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue
            followed += 1
            to = (path.parent / unquote(url.path)).resolve() if url.path else path
            to = to / "index.html" if to.is_dir() else to
            known = pages[to].places if to in pages else set()
            if not to.exists() or (url.fragment and unquote(url.fragment) not in known):
                dead.append(f"{path.relative_to(book)}: {link}")
    print(f"{followed} links of {len(pages)} pages lead somewhere" if not dead else "\n".join(dead))
    sys.exit(bool(dead) or followed < 500)


main()
