//! Text that is HTML already: everything of a target has been escaped on the way in.

use std::fmt;

/// A piece of HTML. Only [`Markup::tag`] adds markup, and only from the program's own text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Markup(String);

impl Markup {
    /// The text, escaped for the content of an element.
    pub(super) fn of(text: &str) -> Self {
        let mut markup = Self::default();
        markup.text(text);
        markup
    }

    /// Adds text, escaped for the content of an element; quotes need no escape there.
    pub(super) fn text(&mut self, text: &str) {
        self.0.reserve(text.len());
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                c => self.0.push(c),
            }
        }
    }

    /// Adds a tag of the program's own.
    pub(super) fn tag(&mut self, tag: &'static str) {
        self.0.push_str(tag);
    }

    /// Adds text within a tag of the program's own.
    pub(super) fn within(&mut self, open: &'static str, text: &str, close: &'static str) {
        self.tag(open);
        self.text(text);
        self.tag(close);
    }

    /// Its length in bytes.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_are_markup() {
        let mut markup = Markup::of("<b>&\"");
        markup.within("<mark>", "</mark>", "</mark>");
        assert_eq!(markup.to_string(), "&lt;b&gt;&amp;\"<mark>&lt;/mark&gt;</mark>");
    }
}
