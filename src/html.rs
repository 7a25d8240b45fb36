//! Text as it is written in HTML. Pages themselves belong to whoever writes them.

use std::fmt::{self, Display, Write as _};

/// Text as it is written in HTML and SVG, in elements and in quoted attributes.
pub struct Escaped<T>(pub T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '&' => self.0.write_str("&amp;")?,
                '<' => self.0.write_str("&lt;")?,
                '>' => self.0.write_str("&gt;")?,
                '"' => self.0.write_str("&quot;")?,
                '\'' => self.0.write_str("&#39;")?,
                // Not allowed in HTML, nor of use to a reader.
                control if control.is_control() => self.0.write_char(' ')?,
                plain => self.0.write_char(plain)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let written = Escaped("<a href=\"x\" title='y'>\u{0}&amp;é\n</a>").to_string();
        assert_eq!(written, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt; &amp;amp;é &lt;/a&gt;");
    }
}
