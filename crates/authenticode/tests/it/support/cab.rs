//! Small cabinets of every form that signing has to cope with, written by hand.

use super::random::Random;

/// What a cabinet looks like.
#[derive(Clone, Debug, Default)]
pub struct Cabinet {
    /// Lengths of the files, each in a folder of its own.
    pub files: Vec<usize>,
    /// The header's reserved area: how long, and what stands in its first structure.
    pub area: Option<(u16, Vec<u8>)>,
    /// Reserved bytes of each folder and of each block.
    pub folder_reserve: u8,
    pub block_reserve: u8,
    /// Whether it names a cabinet that comes after it.
    pub next: bool,
}

impl Cabinet {
    pub fn of(files: &[usize]) -> Self {
        Self { files: files.to_vec(), ..Self::default() }
    }

    pub fn build(&self, random: &mut Random) -> Vec<u8> {
        let sizes = self.area.is_some() || self.folder_reserve > 0 || self.block_reserve > 0;
        let flags = 4 * u16::from(sizes) + 2 * u16::from(self.next);
        let mut header = Vec::new();
        if sizes {
            let (length, foreign) = self.area.clone().unwrap_or_default();
            header.extend(length.to_le_bytes());
            header.extend([self.folder_reserve, self.block_reserve]);
            if length > 0 {
                let mut area = (foreign.len() as u32).to_le_bytes().to_vec();
                area.extend(foreign);
                area.resize(length.into(), 0);
                header.extend(area);
            }
        }
        if self.next {
            header.extend(b"next.cab\0disk 2\0");
        }
        let folder = 8 + usize::from(self.folder_reserve);
        let files_at = 36 + header.len() + self.files.len() * folder;
        let mut list = Vec::new();
        for (index, length) in self.files.iter().enumerate() {
            list.extend((*length as u32).to_le_bytes());
            list.extend(0u32.to_le_bytes());
            list.extend((index as u16).to_le_bytes());
            list.extend([0x21, 0x5A, 0x00, 0x60, 0x20, 0]);
            list.extend(format!("file{index}.bin\0").bytes());
        }
        let (mut folders, mut data) = (Vec::new(), Vec::new());
        for length in &self.files {
            let content = random.bytes(*length);
            let blocks = content.chunks(0x8000);
            folders.extend(((files_at + list.len() + data.len()) as u32).to_le_bytes());
            folders.extend((blocks.len() as u16).to_le_bytes());
            folders.extend(0u16.to_le_bytes());
            folders.extend(random.bytes(self.folder_reserve.into()));
            for block in blocks {
                let reserve = random.bytes(self.block_reserve.into());
                let length = (block.len() as u16).to_le_bytes();
                let covered = [&length[..], &length, &reserve, block].concat();
                data.extend(
                    checksum(block, checksum(&[&length[..], &length, &reserve].concat(), 0)).to_le_bytes(),
                );
                data.extend(covered);
            }
        }
        let total = files_at + list.len() + data.len();
        let mut cabinet = b"MSCF\0\0\0\0".to_vec();
        cabinet.extend((total as u32).to_le_bytes());
        cabinet.extend([0; 4]);
        cabinet.extend((files_at as u32).to_le_bytes());
        cabinet.extend([0, 0, 0, 0, 3, 1]);
        cabinet.extend((self.files.len() as u16).to_le_bytes());
        cabinet.extend((self.files.len() as u16).to_le_bytes());
        cabinet.extend(flags.to_le_bytes());
        cabinet.extend([0x39, 0x30, 0, 0]);
        [cabinet, header, folders, list, data].concat()
    }
}

/// The checksum of a block: 32-bit words combined by exclusive or; odd bytes at the end in reverse.
fn checksum(bytes: &[u8], seed: u32) -> u32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let sum = words.iter().fold(seed, |sum, word| sum ^ u32::from_le_bytes(*word));
    sum ^ rest.iter().fold(0, |word, byte| word << 8 | u32::from(*byte))
}
