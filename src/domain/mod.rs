//! The words of the business: records, money, instants, and the pages in which they travel.
//!
//! Nothing here does I/O, reads a clock or knows a vendor. A record holds what its CRM says, in the CRM's own terms
//! (stage ids, statuses, types); what that means for a figure is decided in `facts`.

mod dictionary;
mod money;
mod object;
mod page;
mod record;
mod records;
mod sighting;
mod time;

pub use dictionary::{ActivityState, DealStatus, Dictionary, Direction, LeadLevel};
pub use money::{Currency, Minor, UnknownCurrency};
pub use object::{Key, Object};
pub use page::{Cursor, Gone, Merged, Next, Page, PendingId, Reason, Stamped, Sweep, Unreadable};
pub use record::{Column, ColumnKind, FieldReader, FieldWriter, Row};
pub use records::{
    Account, Activity, Contact, CurrencyRate, Deal, Goal, Lead, OwnerChange, Pipeline, Record, Stage, StageChange,
    StatusChange, Survey, Team, User,
};
pub use sighting::{Former, Sighting};
pub use time::{ParseTimestampError, Span, Timestamp, When};
