//! Working hours of a day, by the clock on the wall.

use super::zone::DAY;

const MINUTE: i64 = 60_000;

/// The ranges of clock time in which a floor works: at least one, in order, none overlapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hours {
    /// Start and end in milliseconds since midnight, start before end, end up to 24:00.
    ranges: Vec<(i64, i64)>,
}

impl Hours {
    /// Reads `09:00-17:00` or several such ranges with commas between. The error says what is wrong and what to write.
    pub(super) fn parse(text: &str) -> Result<Hours, String> {
        let mut ranges = text.split(',').map(range).collect::<Result<Vec<_>, _>>()?;
        ranges.sort_unstable();
        match ranges.windows(2).find(|pair| pair[1].0 < pair[0].1) {
            Some(_) => Err(format!("the ranges of `{}` overlap; write each hour once", text.trim())),
            None => Ok(Hours { ranges }),
        }
    }

    /// Start and end of each range in milliseconds since midnight, in order.
    pub(super) fn ranges(&self) -> &[(i64, i64)] {
        &self.ranges
    }

    /// Working milliseconds of a day whose clocks do not change.
    pub(super) fn of_a_day(&self) -> i64 {
        self.until(DAY)
    }

    /// Working milliseconds of such a day until so many milliseconds after its midnight.
    pub(super) fn until(&self, since_midnight: i64) -> i64 {
        self.ranges.iter().map(|&(start, end)| since_midnight.clamp(start, end) - start).sum()
    }
}

fn range(text: &str) -> Result<(i64, i64), String> {
    let text = text.trim();
    let bounds = text.split_once('-').and_then(|(start, end)| Some((clock(start)?, clock(end)?)));
    let (start, end) = bounds.ok_or_else(|| {
        format!("`{text}` is no range of hours; write 09:00-17:00, or 09:00-12:00, 13:00-17:00 with a break")
    })?;
    if start < end {
        return Ok((start, end));
    }
    Err(format!("`{text}` ends before it starts; write hours past midnight as two ranges: 00:00-06:00, 22:00-24:00"))
}

/// Milliseconds since midnight of a time such as `09:00`; the end of the day is `24:00`.
fn clock(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |digits: &str| match digits.bytes().all(|b| b.is_ascii_digit()) && digits.len() <= 2 {
        true => digits.parse::<i64>().ok(),
        false => None,
    };
    let (hours, minutes) = (number(hours)?, number(minutes).filter(|m| *m < 60)?);
    let millis = (hours * 60 + minutes) * MINUTE;
    (millis <= DAY).then_some(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_put_in_order() {
        let minutes = |text| -> Vec<(i64, i64)> {
            let hours = Hours::parse(text).unwrap();
            hours.ranges().iter().map(|(start, end)| (start / MINUTE, end / MINUTE)).collect()
        };
        assert_eq!(minutes("09:00-17:00"), [(540, 1020)]);
        assert_eq!(minutes(" 13:00 - 17:30 ,9:00-12:00"), [(540, 720), (780, 1050)]);
        assert_eq!(minutes("00:00-24:00"), [(0, 1440)]);
        assert_eq!(minutes("09:00-12:00,12:00-17:00"), [(540, 720), (720, 1020)], "ranges may touch");
    }

    #[test]
    fn time_counts_only_inside_the_ranges() {
        let hours = Hours::parse("09:00-12:00, 13:00-17:00").unwrap();
        let until = |minute| hours.until(minute * MINUTE) / MINUTE;
        assert_eq!([0, 540, 541, 720, 750, 780, 800, 1020, 1440].map(until), [0, 0, 1, 180, 180, 180, 200, 420, 420]);
        assert_eq!(hours.of_a_day(), 420 * MINUTE);
    }

    #[test]
    fn wrong_hours_say_what_to_write() {
        for text in ["", "9-17", "09:00", "09:60-17:00", "09:00-24:01", "09:00-17:00,", "a:00-17:00", "+9:00-17:00"] {
            let error = Hours::parse(text).unwrap_err();
            assert!(error.contains("is no range of hours; write 09:00-17:00"), "{text}: {error}");
        }
        assert_eq!(
            Hours::parse("22:00-06:00").unwrap_err(),
            "`22:00-06:00` ends before it starts; write hours past midnight as two ranges: 00:00-06:00, 22:00-24:00"
        );
        assert!(Hours::parse("09:00-09:00").unwrap_err().contains("ends before it starts"));
        assert_eq!(
            Hours::parse("09:00-12:00, 11:59-17:00").unwrap_err(),
            "the ranges of `09:00-12:00, 11:59-17:00` overlap; write each hour once"
        );
    }
}
