//! Minimal PE images of any size.

/// What an image looks like.
#[derive(Clone, Copy, Debug)]
pub struct Image {
    /// PE32+ instead of PE32.
    pub wide: bool,
    /// The file's whole size; what is past the section is overlay.
    pub size: usize,
    /// Where the PE header stands.
    pub header: u32,
    /// What stands in the CheckSum field.
    pub checksum: u32,
}

impl Default for Image {
    fn default() -> Self {
        Self { wide: true, size: 4096, header: 0x80, checksum: 0 }
    }
}

const SECTION_START: usize = 0x400;
const SECTION_SIZE: usize = 0x200;

impl Image {
    /// The smallest image that can be built.
    pub const SMALLEST: usize = SECTION_START + SECTION_SIZE;

    pub fn build(self) -> Vec<u8> {
        assert!(self.size >= Self::SMALLEST);
        let mut file: Vec<u8> = (0..self.size).map(|n| (n * 131 % 255) as u8).collect();
        file[..SECTION_START].fill(0);
        file[..2].copy_from_slice(b"MZ");
        put(&mut file, 0x3C, &self.header.to_le_bytes());
        let coff = self.header as usize + 4;
        put(&mut file, self.header as usize, b"PE\0\0");
        let optional_size: u16 = if self.wide { 240 } else { 224 };
        put(&mut file, coff, &if self.wide { 0x8664u16 } else { 0x14C }.to_le_bytes());
        put(&mut file, coff + 2, &1u16.to_le_bytes());
        put(&mut file, coff + 16, &optional_size.to_le_bytes());
        put(&mut file, coff + 18, &0x2022u16.to_le_bytes());
        let optional = coff + 20;
        put(&mut file, optional, &if self.wide { 0x20Bu16 } else { 0x10B }.to_le_bytes());
        put(&mut file, optional + 32, &0x1000u32.to_le_bytes());
        put(&mut file, optional + 36, &0x200u32.to_le_bytes());
        put(&mut file, optional + 56, &0x2000u32.to_le_bytes());
        put(&mut file, optional + 60, &(SECTION_START as u32).to_le_bytes());
        put(&mut file, optional + 64, &self.checksum.to_le_bytes());
        let directories = optional + if self.wide { 112 } else { 96 };
        put(&mut file, directories - 4, &16u32.to_le_bytes());
        let section = optional + optional_size as usize;
        put(&mut file, section, b".text\0\0\0");
        put(&mut file, section + 8, &(SECTION_SIZE as u32).to_le_bytes());
        put(&mut file, section + 12, &0x1000u32.to_le_bytes());
        put(&mut file, section + 16, &(SECTION_SIZE as u32).to_le_bytes());
        put(&mut file, section + 20, &(SECTION_START as u32).to_le_bytes());
        file
    }

    /// An image with sections of these lengths, one after the other, and so many bytes behind them.
    pub fn build_with_sections(self, sections: &[usize], overlay: usize) -> Vec<u8> {
        let size = SECTION_START + sections.iter().sum::<usize>() + overlay;
        let mut file = Self { size, ..self }.build();
        let coff = self.header as usize + 4;
        put(&mut file, coff + 2, &(sections.len() as u16).to_le_bytes());
        let table = coff + 20 + if self.wide { 240 } else { 224 };
        let mut start = SECTION_START;
        for (index, length) in sections.iter().enumerate() {
            put(&mut file, table + 40 * index + 16, &(*length as u32).to_le_bytes());
            put(&mut file, table + 40 * index + 20, &(start as u32).to_le_bytes());
            start += length;
        }
        file
    }

    /// Where the CheckSum field stands.
    pub fn checksum_offset(self) -> usize {
        self.header as usize + 24 + 64
    }

    /// Where the certificate directory entry stands.
    pub fn directory_offset(self) -> usize {
        self.header as usize + 24 + if self.wide { 112 } else { 96 } + 32
    }
}

fn put(file: &mut [u8], offset: usize, bytes: &[u8]) {
    file[offset..offset + bytes.len()].copy_from_slice(bytes);
}
