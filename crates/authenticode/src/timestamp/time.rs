//! The times of timestamps: GeneralizedTime with fractions of a second, which the usual decoders refuse.

use der::DateTime;

/// Seconds since 1970 of the content of a GeneralizedTime in UTC; a fraction is cut off.
pub(crate) fn generalized(text: &[u8]) -> Result<u64, String> {
    let refuse = || "the time of the timestamp cannot be read".to_owned();
    let text = std::str::from_utf8(text).ok().filter(|text| text.is_ascii()).ok_or_else(refuse)?;
    let text = text.strip_suffix('Z').ok_or_else(refuse)?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) {
        return Err(refuse());
    }
    let part = |from: usize, to: usize| whole[from..to].parse::<u16>().map_err(|_| refuse());
    let small = |from: usize| part(from, from + 2).map(|number| number as u8);
    // A leap second counts as the one before it.
    let second = small(12)?.min(59);
    let date = DateTime::new(part(0, 4)?, small(4)?, small(6)?, small(8)?, small(10)?, second);
    Ok(date.map_err(|_| refuse())?.unix_duration().as_secs())
}

#[cfg(test)]
mod tests {
    use super::generalized;

    #[test]
    fn fractions_are_cut_off_and_other_forms_refused() {
        assert_eq!(generalized(b"20300101000000Z"), Ok(1_893_456_000));
        assert_eq!(generalized(b"20300101000000.987Z"), Ok(1_893_456_000));
        assert_eq!(generalized(b"20161231235960Z"), Ok(1_483_228_799));
        let bad: [&[u8]; 8] = [
            b"20300101000000",
            b"20300101000000+0100",
            b"203001010000Z",
            b"20300101000000.Z",
            b"20301301000000Z",
            b"20300101000000.1.2Z",
            b"",
            "2030010100000\u{661}Z".as_bytes(),
        ];
        for text in bad {
            assert!(generalized(text).is_err(), "{text:?}");
        }
    }
}
