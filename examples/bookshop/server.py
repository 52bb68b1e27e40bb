#!/usr/bin/env python3
"""A bookshop: a small REST API with conventions of its own, on Python's standard library.

Errors are problem documents (RFC 9457), pages are linked by Link headers (RFC 8288). `--fault NAME` lets the server make a
mistake that the suite must find.
"""

import argparse
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FAULTS = {
    "plain-errors": "errors are not sent as application/problem+json",
    "status-lost": "the problem document lacks the status",
    "no-links": "pages have no Link header",
    "next-on-last": "the last page links to a next one",
    "not-created": "a POST answers 201 and creates nothing",
    "no-allow": "a 405 lacks the Allow header",
}

PAGE = re.compile(r"^[1-9][0-9]{0,5}$")
BOOK = re.compile(r"^/books/([0-9]+)$")


class Problem(Exception):
    """An error as the API shows it."""

    def __init__(self, status, title, detail, headers=()):
        super().__init__(detail)
        self.status, self.title, self.detail, self.headers = status, title, detail, list(headers)

    def document(self):
        """The members that RFC 9457 names."""
        slug = self.title.lower().replace(" ", "-")
        return {
            "type": f"https://bookshop.example/problems/{slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }


class Shop:
    """The books, by their numbers."""

    def __init__(self):
        self.books = {}
        for number in range(1, 12):
            self.books[number] = {"id": number, "title": f"Volume {number}", "year": 1900 + number}
        self.last = len(self.books)

    def add(self, book):
        """Adds a book; returns it with its number."""
        self.last += 1
        self.books[self.last] = {"id": self.last, **book}
        return self.books[self.last]


def valid(book):
    """The book of a request body, or the problem with it."""
    if not isinstance(book, dict) or not isinstance(book.get("title"), str) or not book["title"]:
        raise Problem(422, "Invalid book", "`title` must be a text that is not empty")
    if not isinstance(book.get("year"), int) or isinstance(book.get("year"), bool):
        raise Problem(422, "Invalid book", "`year` must be a whole number")
    unknown = sorted(set(book) - {"title", "year"})
    if unknown:
        raise Problem(422, "Invalid book", f"`{unknown[0]}` is not a member of a book")
    return {"title": book["title"], "year": book["year"]}


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "Bookshop"

    def log_message(self, *_):
        """Logs nothing."""

    def answer(self):
        """Answers one request."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        try:
            status, document, headers = self.route(urlsplit(self.path), body)
            kind = "application/json"
        except Problem as problem:
            status, document, headers = problem.status, problem.document(), problem.headers
            kind = "application/problem+json"
            if self.fault("plain-errors"):
                kind = "application/json"
            if self.fault("status-lost"):
                del document["status"]
        content = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if document is not None:
            self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def fault(self, name):
        """Whether the server makes this mistake."""
        return self.server.fault == name

    def route(self, url, body):
        """Status, document and headers of the answer."""
        shop, path = self.server.shop, url.path.rstrip("/")
        if path == "":
            self.allow("GET", "HEAD")
            return 200, {"books": "/books"}, []
        if path == "/books":
            self.allow("GET", "HEAD", "POST")
            return self.create(body) if self.command == "POST" else self.page(parse_qs(url.query))
        number = BOOK.match(path)
        if number:
            self.allow("GET", "HEAD", "DELETE")
            book = shop.books.get(int(number[1]))
            if book is None:
                raise Problem(404, "Not found", f"there is no book {number[1]}")
            if self.command == "DELETE":
                del shop.books[book["id"]]
                return 204, None, []
            return 200, book, []
        raise Problem(404, "Not found", "there is no such resource")

    def allow(self, *methods):
        """Refuses other methods."""
        if self.command not in methods:
            headers = [] if self.fault("no-allow") else [("Allow", ", ".join(methods))]
            raise Problem(405, "Method not allowed", f"{self.command} is not possible here", headers)

    def page(self, query):
        """One page of the books, with links to others."""
        numbers = {}
        for name, default in (("page", "1"), ("size", "4")):
            text = query.get(name, [default])[-1]
            if not PAGE.match(text):
                raise Problem(400, "Invalid page", f"`{name}` must be a whole number above zero")
            numbers[name] = int(text)
        page, size = numbers["page"], min(numbers["size"], 50)
        books = sorted(self.server.shop.books.values(), key=lambda book: book["id"])
        pages = max(1, -(-len(books) // size))
        link = lambda number, rel: f'</books?page={number}&size={size}>; rel="{rel}"'
        links = [link(1, "first"), link(pages, "last")]
        if page > 1:
            links.append(link(page - 1, "prev"))
        if page < pages or self.fault("next-on-last"):
            links.append(link(page + 1, "next"))
        headers = [] if self.fault("no-links") else [("Link", ", ".join(links))]
        return 200, books[(page - 1) * size : page * size], headers

    def create(self, body):
        """Adds a book."""
        try:
            book = valid(json.loads(body))
        except ValueError as error:
            raise Problem(400, "Invalid JSON", "the body must be JSON") from error
        if self.fault("not-created"):
            return 201, {"id": 0, **book}, [("Location", "/books/0")]
        book = self.server.shop.add(book)
        return 201, book, [("Location", f"/books/{book['id']}")]


def main():
    """Serves until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", choices=FAULTS)
    arguments = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    server.daemon_threads = True
    server.shop, server.fault = Shop(), arguments.fault
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
