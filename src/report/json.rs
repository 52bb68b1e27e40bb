//! `run.json`: the run as it is stored.

use std::io::{self, Write};

use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::record::{Evidence, Run};

/// Nesting up to which every member and element has a line of its own: a requirement or a result is one line.
const LINES_TO: usize = 2;

/// The run as JSON, a line for each requirement and each result, with a final newline.
pub(super) fn render(run: &Run) -> String {
    in_lines(run)
}

/// `proof.json`: in the same layout.
pub fn evidence(evidence: &Evidence) -> String {
    in_lines(evidence)
}

fn in_lines(value: &impl serde::Serialize) -> String {
    let mut bytes = Vec::new();
    let lines = Lines { pretty: PrettyFormatter::new(), depth: 0 };
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, lines));
    written.expect("a run is strings, numbers and lists of them");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Indented at the top, compact below.
struct Lines {
    pretty: PrettyFormatter<'static>,
    depth: usize,
}

impl Lines {
    fn begin(&mut self) -> bool {
        self.depth += 1;
        self.depth <= LINES_TO
    }

    fn end(&mut self) -> bool {
        self.depth -= 1;
        self.depth < LINES_TO
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.begin() { self.pretty.begin_array(writer) } else { CompactFormatter.begin_array(writer) }
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.end() { self.pretty.end_array(writer) } else { CompactFormatter.end_array(writer) }
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if self.depth <= LINES_TO {
            self.pretty.begin_array_value(writer, first)
        } else {
            CompactFormatter.begin_array_value(writer, first)
        }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.depth <= LINES_TO { self.pretty.end_array_value(writer) } else { Ok(()) }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.begin() { self.pretty.begin_object(writer) } else { CompactFormatter.begin_object(writer) }
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.end() { self.pretty.end_object(writer) } else { CompactFormatter.end_object(writer) }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if self.depth <= LINES_TO {
            self.pretty.begin_object_key(writer, first)
        } else {
            CompactFormatter.begin_object_key(writer, first)
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.depth <= LINES_TO {
            self.pretty.begin_object_value(writer)
        } else {
            CompactFormatter.begin_object_value(writer)
        }
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.depth <= LINES_TO { self.pretty.end_object_value(writer) } else { Ok(()) }
    }
}
