//! HTML that is put together: what comes from a log, a file or a server is text, and cannot become anything else.

use crate::visible;

/// A piece of HTML.
#[derive(Default)]
pub struct Html(String);

impl Html {
    /// Adds markup of ours. Nothing that is made while the program runs can be given here.
    pub fn raw(&mut self, markup: &'static str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// Adds text, in an element or in a quoted attribute: what would be markup is escaped, and what drives or turns
    /// text around is shown as what it is.
    pub fn text(&mut self, text: impl AsRef<str>) -> &mut Html {
        for c in visible::one_line(text.as_ref()).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// The whole.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_markup() {
        let mut html = Html::default();
        html.raw("<p title=\"").text("\" onload='x'").raw("\">").text("</p><script>&\u{202e}");
        assert_eq!(
            html.finish(),
            "<p title=\"&quot; onload=&#39;x&#39;\">&lt;/p&gt;&lt;script&gt;&amp;\\u{202e}"
        );
    }
}
