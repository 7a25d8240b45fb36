//! What every record has in common: named, typed fields that the store can lay out as columns without knowing the record.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Key, Object, Record, Sighting, Timestamp, When};

/// A field of a record: its name, also the name of its column in the store, and its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Snake-case name.
    pub name: &'static str,
    /// Type.
    pub kind: ColumnKind,
}

/// The type of a field. Every field may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Yes or no.
    Flag,
    /// A whole number.
    Int,
    /// An exact decimal.
    Decimal,
    /// A date, or an instant.
    When,
    /// A local date.
    Day,
    /// Another record.
    Link(Object),
    /// Several other records; missing means "not told", which leaves what is known.
    Links(Object),
}

/// Takes a record apart, field by field, in the order of its `COLUMNS`.
pub trait FieldWriter<L> {
    /// What can go wrong.
    type Error;
    /// Takes a field of [`ColumnKind::Text`].
    fn text(&mut self, value: Option<&str>) -> Result<(), Self::Error>;
    /// Takes a field of [`ColumnKind::Flag`].
    fn flag(&mut self, value: Option<bool>) -> Result<(), Self::Error>;
    /// Takes a field of [`ColumnKind::Int`].
    fn int(&mut self, value: Option<i64>) -> Result<(), Self::Error>;
    /// Takes a field of [`ColumnKind::Decimal`].
    fn decimal(&mut self, value: Option<Decimal>) -> Result<(), Self::Error>;
    /// Takes a field of [`ColumnKind::When`].
    fn when(&mut self, value: Option<When>) -> Result<(), Self::Error>;
    /// Takes a field of [`ColumnKind::Day`].
    fn day(&mut self, value: Option<NaiveDate>) -> Result<(), Self::Error>;
    /// Takes a field of [`ColumnKind::Link`].
    fn link(&mut self, object: Object, value: Option<&L>) -> Result<(), Self::Error>;
    /// Takes a field of [`ColumnKind::Links`].
    fn links(&mut self, object: Object, value: Option<&[L]>) -> Result<(), Self::Error>;
}

/// Puts a record together, field by field, in the order of its `COLUMNS`.
pub trait FieldReader<L> {
    /// What can go wrong.
    type Error;
    /// Gives a field of [`ColumnKind::Text`].
    fn text(&mut self) -> Result<Option<String>, Self::Error>;
    /// Gives a field of [`ColumnKind::Flag`].
    fn flag(&mut self) -> Result<Option<bool>, Self::Error>;
    /// Gives a field of [`ColumnKind::Int`].
    fn int(&mut self) -> Result<Option<i64>, Self::Error>;
    /// Gives a field of [`ColumnKind::Decimal`].
    fn decimal(&mut self) -> Result<Option<Decimal>, Self::Error>;
    /// Gives a field of [`ColumnKind::When`].
    fn when(&mut self) -> Result<Option<When>, Self::Error>;
    /// Gives a field of [`ColumnKind::Day`].
    fn day(&mut self) -> Result<Option<NaiveDate>, Self::Error>;
    /// Gives a field of [`ColumnKind::Link`].
    fn link(&mut self, object: Object) -> Result<Option<L>, Self::Error>;
    /// Gives a field of [`ColumnKind::Links`].
    fn links(&mut self, object: Object) -> Result<Option<Vec<L>>, Self::Error>;
}

/// A record as the store holds it: numbered, and with links as numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number among the records of its object.
    pub key: Key,
    /// The store's number of the source that it came from.
    pub source: u32,
    /// The CRM's id of it.
    pub id: String,
    /// The CRM's modification time; none for a record that has only been mentioned.
    pub version: Option<Timestamp>,
    /// False for what was deleted, merged away, or only mentioned so far.
    pub live: bool,
    /// The survivor, for a record that was merged away.
    pub merged_into: Option<Key>,
    /// Changes of its stage and status as they were seen, oldest first; only deals have any.
    pub sightings: Vec<Sighting>,
    /// What the CRM says; all fields missing for a record that has only been mentioned.
    pub record: Record<Key>,
}

/// What the fields of one [`ColumnKind`] hold. (A macro in a field's place would rule out `derive`.)
pub trait FieldKind {
    /// The field's type in a record whose links are `L`.
    type Of<L>;
}

/// The kinds of field, as types.
pub(super) mod kinds {
    use chrono::NaiveDate;

    use super::FieldKind;

    macro_rules! kinds {
        ($($name:ident $l:ident => $of:ty,)+) => {
            $(
                #[doc = concat!("[`ColumnKind::", stringify!($name), "`](super::ColumnKind::", stringify!($name), ")")]
                #[derive(Debug)]
                pub enum $name {}
                impl FieldKind for $name {
                    type Of<$l> = Option<$of>;
                }
            )+
        };
    }

    kinds! {
        Text L => String,
        Flag L => bool,
        Int L => i64,
        Decimal L => rust_decimal::Decimal,
        When L => super::super::When,
        Day L => NaiveDate,
        Link L => L,
        Links L => Vec<L>,
    }
}

/// Declares record types: a struct of optional fields, generic in what a link is (the CRM's id on the way in, the store's
/// [`Key`] inside), and how to take it apart and put it together.
macro_rules! records {
    ($(
        $(#[$meta:meta])*
        $name:ident { $( $(#[$field_meta:meta])* $field:ident: $kind:ident $(($target:ident))?, )+ }
    )+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq)]
            pub struct $name<L> {
                $( $(#[$field_meta])* pub $field: <kinds::$kind as FieldKind>::Of<L>, )+
                /// Lets records without links be generic too; complete a literal with `..Default::default()`.
                #[doc(hidden)]
                pub links: PhantomData<L>,
            }

            // By hand, since deriving would ask for `L: Default`.
            impl<L> Default for $name<L> {
                fn default() -> Self {
                    $name { $( $field: None, )+ links: PhantomData }
                }
            }

            impl<L> $name<L> {
                /// Names and types of the fields, in order.
                pub const COLUMNS: &'static [Column] =
                    &[ $( Column { name: stringify!($field), kind: records!(@kind $kind $($target)?) }, )+ ];

                /// Hands every field to `writer`, in order.
                pub fn write<W: FieldWriter<L>>(&self, writer: &mut W) -> Result<(), W::Error> {
                    $( records!(@write writer self.$field, $kind $($target)?)?; )+
                    Ok(())
                }

                /// Builds the record from what `reader` gives, in order.
                pub fn read<R: FieldReader<L>>(reader: &mut R) -> Result<Self, R::Error> {
                    Ok($name { $( $field: records!(@read reader, $kind $($target)?)?, )+ links: PhantomData })
                }
            }
        )+

        /// Any record.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "each variant holds the type of its name")]
        pub enum Record<L> { $( $name($name<L>), )+ }

        $(
            impl<L> From<$name<L>> for Record<L> {
                fn from(record: $name<L>) -> Self {
                    Record::$name(record)
                }
            }
        )+

        impl<L> Record<L> {
            /// Its kind.
            pub fn object(&self) -> Object {
                match self { $( Record::$name(_) => Object::$name, )+ }
            }

            /// Names and types of the fields of records of `object`, in order.
            pub fn columns(object: Object) -> &'static [Column] {
                match object { $( Object::$name => $name::<L>::COLUMNS, )+ }
            }

            /// Hands every field to `writer`, in order.
            pub fn write<W: FieldWriter<L>>(&self, writer: &mut W) -> Result<(), W::Error> {
                match self { $( Record::$name(record) => record.write(writer), )+ }
            }

            /// Builds a record of `object` from what `reader` gives, in order.
            pub fn read<R: FieldReader<L>>(object: Object, reader: &mut R) -> Result<Self, R::Error> {
                Ok(match object { $( Object::$name => Record::$name($name::read(reader)?), )+ })
            }
        }
    };

    (@kind Link $target:ident) => { ColumnKind::Link(Object::$target) };
    (@kind Links $target:ident) => { ColumnKind::Links(Object::$target) };
    (@kind $kind:ident) => { ColumnKind::$kind };

    (@write $w:ident $self:ident.$field:ident, Text) => { $w.text($self.$field.as_deref()) };
    (@write $w:ident $self:ident.$field:ident, Flag) => { $w.flag($self.$field) };
    (@write $w:ident $self:ident.$field:ident, Int) => { $w.int($self.$field) };
    (@write $w:ident $self:ident.$field:ident, Decimal) => { $w.decimal($self.$field) };
    (@write $w:ident $self:ident.$field:ident, When) => { $w.when($self.$field) };
    (@write $w:ident $self:ident.$field:ident, Day) => { $w.day($self.$field) };
    (@write $w:ident $self:ident.$field:ident, Link $t:ident) => { $w.link(Object::$t, $self.$field.as_ref()) };
    (@write $w:ident $self:ident.$field:ident, Links $t:ident) => { $w.links(Object::$t, $self.$field.as_deref()) };

    (@read $r:ident, Text) => { $r.text() };
    (@read $r:ident, Flag) => { $r.flag() };
    (@read $r:ident, Int) => { $r.int() };
    (@read $r:ident, Decimal) => { $r.decimal() };
    (@read $r:ident, When) => { $r.when() };
    (@read $r:ident, Day) => { $r.day() };
    (@read $r:ident, Link $t:ident) => { $r.link(Object::$t) };
    (@read $r:ident, Links $t:ident) => { $r.links(Object::$t) };
}

pub(super) use records;
