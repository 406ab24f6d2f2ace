//! Dates and times as cabinets store them.

/// A date and a time of day, in the two 16-bit fields of MS-DOS: two-second steps from 1980 to 2107, no time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DosDateTime {
    pub date: u16,
    pub time: u16,
}

const FIRST: i64 = 315_532_800; // 1980-01-01 00:00:00
const LAST: i64 = 4_354_819_198; // 2107-12-31 23:59:58

impl DosDateTime {
    /// The moment given in seconds since 1970, in UTC: odd seconds are rounded down, moments out of range go to the nearest
    /// one in it.
    pub fn from_unix_seconds(seconds: i64) -> DosDateTime {
        let seconds = seconds.clamp(FIRST, LAST);
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = civil(days);
        DosDateTime {
            date: ((year - 1980) << 9 | month << 5 | day) as u16,
            time: ((second / 3600) << 11 | (second / 60 % 60) << 5 | (second % 60 / 2)) as u16,
        }
    }
}

/// Year, month and day of a day counted from 1970-01-01. Years begin in March here, so that the leap day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(seconds: i64) -> (u16, u16, u16, u16, u16, u16) {
        let DosDateTime { date, time } = DosDateTime::from_unix_seconds(seconds);
        (1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2)
    }

    #[test]
    fn moments_become_fields() {
        assert_eq!(fields(315_532_800), (1980, 1, 1, 0, 0, 0));
        assert_eq!(fields(951_827_696), (2000, 2, 29, 12, 34, 56));
        assert_eq!(fields(1_700_000_001), (2023, 11, 14, 22, 13, 20), "odd seconds are rounded down");
        assert_eq!(fields(4_354_819_199), (2107, 12, 31, 23, 59, 58));
    }

    #[test]
    fn moments_out_of_range_are_clamped() {
        assert_eq!(fields(0), (1980, 1, 1, 0, 0, 0));
        assert_eq!(fields(i64::MIN), (1980, 1, 1, 0, 0, 0));
        assert_eq!(fields(i64::MAX), (2107, 12, 31, 23, 59, 58));
    }
}
