//! Finding the mapped columns in the first row of a file.

use csv::ByteRecord;
use encoding_rs::Encoding;

use super::encoding;
use super::mapping::{Field, Mapping};
use crate::setting::did_you_mean;

/// Where the fields of a mapping stand in one file.
#[derive(Debug)]
pub(super) struct Header {
    /// The id's column.
    pub(super) id: Option<usize>,
    /// The columns of the fields, in the order of the mapping's.
    pub(super) fields: Vec<Option<usize>>,
    /// The pipeline's column.
    pub(super) pipeline: Option<usize>,
    /// How many cells a row has.
    pub(super) width: usize,
    /// What the bytes of cells mean.
    pub(super) encoding: &'static Encoding,
}

impl Header {
    /// Finds the columns; an error says which one is not there, and which are.
    pub(super) fn new(mapping: &Mapping, cells: &ByteRecord, encoding: &'static Encoding) -> Result<Header, String> {
        let names: Vec<String> = cells
            .iter()
            .map(|cell| {
                let text = encoding::decode(encoding, cell).unwrap_or_else(|| String::from_utf8_lossy(cell));
                text.trim().to_owned()
            })
            .collect();
        let optional = |field: &Option<Field>| field.as_ref().map_or(Ok(None), |field| find(field, &names));
        Ok(Header {
            id: optional(&mapping.id)?,
            fields: mapping.fields.iter().map(optional).collect::<Result<_, _>>()?,
            pipeline: optional(&mapping.pipeline_field)?,
            width: names.len(),
            encoding,
        })
    }
}

fn find(field: &Field, names: &[String]) -> Result<Option<usize>, String> {
    let Some(wanted) = field.column.as_deref() else { return Ok(None) };
    let mut places = names.iter().enumerate().filter(|(_, name)| *name == wanted.trim()).map(|(place, _)| place);
    match (places.next(), places.next()) {
        (Some(_), Some(_)) => Err(format!(
            "the header has column `{wanted}` more than once: rename one, so that it is clear which counts"
        )),
        (Some(place), None) => Ok(Some(place)),
        (None, _) if field.default.is_some() => Ok(None),
        (None, _) => {
            let hint = did_you_mean(wanted, names.iter().map(String::as_str));
            let remark = delimiter_remark(names);
            Err(format!("the header has no column `{wanted}`{hint}; it has {}{remark}", names.join(", ")))
        }
    }
}

/// Where the whole header is one cell, the columns are parted by something else than expected.
fn delimiter_remark(names: &[String]) -> String {
    let [name] = names else { return String::new() };
    let found = [(';', "\";\""), (',', "\",\""), ('\t', "tab"), ('|', "\"|\"")]
        .into_iter()
        .find(|(sign, _)| name.contains(*sign));
    found.map_or_else(String::new, |(_, written)| format!(" as one column: is it `delimiter: {written}`?"))
}
