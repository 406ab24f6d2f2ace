//! The CheckSum of a PE header: a 16-bit sum with end-around carry over the file, plus its length.

/// Adds up the bytes of a file piece by piece; the CheckSum field itself counts as zero.
#[derive(Default)]
pub(super) struct Checksum {
    sum: u64,
    length: u64,
}

impl Checksum {
    /// Takes the next bytes of the file.
    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        if self.length % 2 == 1
            && let Some((first, rest)) = bytes.split_first()
        {
            self.sum += u64::from(*first) << 8;
            self.length += 1;
            bytes = rest;
        }
        let (pairs, last) = bytes.as_chunks::<2>();
        // Pairs are summed without folding: 2^48 of them would be needed to overflow.
        self.sum += pairs.iter().map(|pair| u64::from(u16::from_le_bytes(*pair))).sum::<u64>();
        if let [byte] = last {
            self.sum += u64::from(*byte);
        }
        self.length += bytes.len() as u64;
    }

    /// Counts bytes that stand where zeros were taken before.
    pub(super) fn replace_zeros(&mut self, offset: u64, bytes: &[u8]) {
        for (index, byte) in (offset..).zip(bytes) {
            self.sum += u64::from(*byte) << (8 * (index % 2));
        }
    }

    /// The value for the field; files past 4 GiB do not come here.
    pub(super) fn finish(&self) -> u32 {
        let mut sum = self.sum;
        while sum > 0xFFFF {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        (sum as u32).wrapping_add(self.length as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_length_give_the_same_sum() {
        let bytes: Vec<u8> = (0..1001u32).map(|n| (n * 31 % 251) as u8).collect();
        let whole = {
            let mut sum = Checksum::default();
            sum.update(&bytes);
            sum.finish()
        };
        for size in [1, 2, 3, 7, 500] {
            let mut sum = Checksum::default();
            bytes.chunks(size).for_each(|piece| sum.update(piece));
            assert_eq!(sum.finish(), whole, "pieces of {size}");
        }
        for offset in [100, 101] {
            let mut zeroed = bytes.clone();
            zeroed[offset..offset + 7].fill(0);
            let mut sum = Checksum::default();
            sum.update(&zeroed);
            sum.replace_zeros(offset as u64, &bytes[offset..offset + 7]);
            assert_eq!(sum.finish(), whole, "zeros at {offset}");
        }
    }
}
