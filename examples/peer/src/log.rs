//! A file of segments: appended to, and written anew where segments were joined.
//!
//! ```text
//!   length (4 bytes, little endian) │ 8 bytes of BLAKE3 of length and segment │ segment   … again
//! ```
//! What a crash left half written is cut off when the file is opened, and put aside.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use covey_rooms::disk::{Packed, SegmentKey};

use crate::files;

const LENGTH: usize = 4;
const SUM: usize = 8;
const HEAD: usize = LENGTH + SUM;

/// A log, open for writing; nobody else can have it open.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    /// Held as long as this is open: the log itself is another file once it was written anew.
    _lock: File,
    /// Up to here it is whole.
    end: u64,
}

/// What was found in a log.
#[derive(Debug)]
pub struct Opened {
    /// To write on.
    pub log: Log,
    /// The segments, in the order in which they were written.
    pub segments: Vec<Vec<u8>>,
    /// What had to be cut off.
    pub cut: Option<Cut>,
}

/// What was no whole segment, nor anything behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// How many bytes; they are in a file beside the log, named `.cut`.
    pub bytes: usize,
}

impl Log {
    /// Opens a log, and makes it at the first time.
    pub fn open(path: &Path) -> io::Result<Opened> {
        let lock = path.with_extension("lock");
        let lock = files::private().write(true).create(true).truncate(true).open(lock)?;
        lock.try_lock().map_err(|_| io::Error::other("another process has this room open"))?;
        let mut file = open(path)?;
        files::sync_names(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let (whole, rest) = split(&bytes);
        let segments = whole.into_iter().map(<[u8]>::to_vec).collect();
        let end = (bytes.len() - rest.len()) as u64;
        let mut log = Self { path: path.to_owned(), file, _lock: lock, end };
        let cut = (!rest.is_empty()).then_some(Cut { bytes: rest.len() });
        if cut.is_some() {
            files::replace(&path.with_extension("cut"), rest)?;
            log.cut()?;
        }
        Ok(Opened { log, segments, cut })
    }

    /// Appends segments; they are on the disk when this returns. After an error none of them is.
    pub fn append(&mut self, segments: &[impl AsRef<[u8]>]) -> io::Result<()> {
        let mut bytes = Vec::new();
        for segment in segments {
            frame(segment.as_ref(), &mut bytes)?;
        }
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if written.is_err() {
            self.cut()?;
        } else {
            self.end += bytes.len() as u64;
        }
        written
    }

    /// All segments, in the order in which they stand.
    pub fn segments(&self) -> io::Result<Vec<Vec<u8>>> {
        let bytes = fs::read(&self.path)?;
        Ok(split(&bytes).0.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// Puts segments in place of what they were joined from: each where the last of it stood, or at
    /// the end where that is missing. Where there is no room for a second log, and after a crash, there
    /// is the one or the other.
    pub fn pack(&mut self, packs: &[Packed]) -> io::Result<()> {
        let mut joined: HashMap<&SegmentKey, Option<&Packed>> = HashMap::new();
        for pack in packs {
            joined.extend(pack.parts.iter().map(|part| (part, None)));
            joined.extend(pack.parts.last().map(|last| (last, Some(pack))));
        }
        let old = fs::read(&self.path)?;
        let (mut bytes, mut placed) = (Vec::new(), HashSet::new());
        for segment in split(&old).0 {
            match joined.get(&SegmentKey::of(segment)) {
                None => frame(segment, &mut bytes)?,
                Some(Some(pack)) if placed.insert(&pack.key) => frame(&pack.bytes, &mut bytes)?,
                Some(_) => {}
            }
        }
        for pack in packs.iter().filter(|pack| !placed.contains(&pack.key)) {
            frame(&pack.bytes, &mut bytes)?;
        }
        // Both have everything; it is tried again at the next start.
        let _ = files::replace(&self.path, &bytes);
        self.file = open(&self.path)?;
        self.end = self.file.metadata()?.len();
        Ok(())
    }

    /// Cuts off whatever is behind the last whole segment.
    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.end)?;
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.sync_all()
    }
}

fn frame(segment: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    let length = u32::try_from(segment.len()).map_err(io::Error::other)?.to_le_bytes();
    out.extend_from_slice(&length);
    out.extend_from_slice(&sum(&length, segment));
    out.extend_from_slice(segment);
    Ok(())
}

fn open(path: &Path) -> io::Result<File> {
    files::private().read(true).append(true).create(true).open(path)
}

/// All whole segments, and what is behind them.
fn split(mut bytes: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let mut segments = Vec::new();
    while let Some((segment, behind)) = first(bytes) {
        segments.push(segment);
        bytes = behind;
    }
    (segments, bytes)
}

/// The first segment, if it is whole, and what is behind it.
fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
    let (length, expected) = head.split_first_chunk::<LENGTH>()?;
    let (segment, behind) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    (sum(length, segment) == expected).then_some((segment, behind))
}

fn sum(length: &[u8], segment: &[u8]) -> [u8; SUM] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(length).update(segment);
    let mut sum = [0; SUM];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    const SEGMENTS: [&[u8]; 3] = [b"one", b"", b"three, which is longer"];

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        (folder, path)
    }

    fn written() -> (tempfile::TempDir, PathBuf, Vec<u8>) {
        let (folder, path) = folder();
        Log::open(&path).unwrap().log.append(&SEGMENTS).unwrap();
        let bytes = fs::read(&path).unwrap();
        (folder, path, bytes)
    }

    #[test]
    fn appended_segments_are_there_again_in_order() {
        let (_folder, path, _) = written();
        let mut opened = Log::open(&path).unwrap();
        assert_eq!((opened.segments.len(), opened.cut), (3, None));
        opened.log.append(&[b"four"]).unwrap();
        drop(opened);
        assert_eq!(Log::open(&path).unwrap().segments[3], b"four");
    }

    #[test]
    fn wherever_a_crash_tears_the_log_the_whole_segments_stay() {
        let (_folder, path, bytes) = written();
        for torn in 0..bytes.len() {
            fs::write(&path, &bytes[..torn]).unwrap();
            let mut opened = Log::open(&path).unwrap();
            let whole = opened.segments.len();
            assert_eq!(opened.segments, SEGMENTS[..whole], "torn at {torn}");
            assert_eq!(fs::metadata(&path).unwrap().len(), opened.log.end);
            if let Some(cut) = opened.cut {
                assert_eq!(opened.log.end as usize + cut.bytes, torn);
                let aside = fs::read(path.with_extension("cut")).unwrap();
                assert_eq!(aside, bytes[torn - cut.bytes..torn]);
            }
            // What is written next stands behind what is whole.
            opened.log.append(&[b"next"]).unwrap();
            drop(opened);
            let again = Log::open(&path).unwrap();
            assert_eq!((again.segments.len(), again.cut), (whole + 1, None));
        }
    }

    #[test]
    fn a_changed_bit_ends_what_counts() {
        let (_folder, path, bytes) = written();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            fs::write(&path, changed).unwrap();
            let opened = Log::open(&path).unwrap();
            let whole = opened.segments.len();
            assert!(whole < SEGMENTS.len(), "bit at {at} was not noticed");
            assert_eq!(opened.segments, SEGMENTS[..whole]);
            assert!(opened.cut.is_some());
        }
    }

    #[test]
    fn blocks_of_zeros_that_a_crash_left_are_cut_off() {
        let (_folder, path, mut bytes) = written();
        bytes.extend([0; 4096]);
        fs::write(&path, bytes).unwrap();
        let opened = Log::open(&path).unwrap();
        assert_eq!((opened.segments.len(), opened.cut), (3, Some(Cut { bytes: 4096 })));
    }

    #[test]
    fn a_joined_segment_stands_where_its_last_part_stood() {
        let (_folder, path, _) = written();
        let mut log = Log::open(&path).unwrap().log;
        log.append(&[b"five", b"nine"]).unwrap();
        let bytes = b"five and one"[..].into();
        let (key, parts) =
            (SegmentKey::of(b"five and one"), [&b"one"[..], b"five"].map(SegmentKey::of));
        log.pack(&[Packed { key, bytes, parts: parts.to_vec() }]).unwrap();
        assert!(Log::open(&path).is_err(), "it has one writer still");
        log.append(&[b"ten"]).unwrap();
        drop(log);
        let opened = Log::open(&path).unwrap();
        let expected = [SEGMENTS[1], SEGMENTS[2], b"five and one", b"nine", b"ten"];
        assert_eq!(
            (opened.segments.as_slice(), opened.cut),
            (expected.map(<[u8]>::to_vec).as_slice(), None)
        );
    }

    #[test]
    fn a_log_has_one_writer() {
        let (_folder, path) = folder();
        let first = Log::open(&path).unwrap();
        assert!(Log::open(&path).is_err());
        drop(first);
        assert!(Log::open(&path).is_ok());
    }
}
