//! Panels side by side, rows one below the other: nothing can overlap.

use super::panel::Panel;

/// Columns of a board.
const COLUMNS: u32 = 24;

/// Panels of one height, each with its width in columns.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) height: u32,
    pub(super) panels: Vec<(u32, Panel)>,
}

impl Row {
    /// A row of that height, in grid rows of 38 pixels.
    pub fn high(height: u32) -> Row {
        Row { height, panels: Vec::new() }
    }

    /// One more panel to the right.
    #[must_use]
    pub fn with(mut self, width: u32, panel: Panel) -> Row {
        self.panels.push((width, panel));
        let taken: u32 = self.panels.iter().map(|(width, _)| width).sum();
        assert!(taken <= COLUMNS, "the row with `{}` is {taken} columns wide", self.panels[0].1.title);
        self
    }
}
