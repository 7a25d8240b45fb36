//! Rules of the house that no compiler keeps: who may use whom, who reads the clock, what comes along as a dependency.

mod clock;
mod dependencies;
mod directions;
mod source;
