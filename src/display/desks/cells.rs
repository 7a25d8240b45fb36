//! How columns of tables look that several boards have.

use crate::display::dashboard::{Colour, Look, Steps, Unit, words};

/// The words of pace, in a column of its own.
pub(super) fn pace_words() -> [Look; 1] {
    [Look::Words(words::pace())]
}

/// Cells with a bar from 0 to the highest of them.
pub(super) fn bar(unit: Unit, colour: Colour) -> [Look; 6] {
    // Without it bars end at the highest figure of all columns.
    let own_end = Look::Other("fieldMinMax", true.into());
    [Look::Unit(unit), Look::Decimals(0), Look::Min(0.0), own_end, Look::Steps(Steps::only(colour)), Look::Bar]
}

/// Cells with a share of 1 as a bar.
pub(super) fn share(colour: Colour) -> [Look; 6] {
    [
        Look::Unit(Unit::Ratio),
        Look::Decimals(0),
        Look::Min(0.0),
        Look::Max(1.0),
        Look::Steps(Steps::only(colour)),
        Look::Bar,
    ]
}

/// Cells on the colour of their value.
pub(super) fn painted(steps: Steps) -> [Look; 2] {
    [Look::Steps(steps), Look::Background]
}
