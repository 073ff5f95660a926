//! Maps and sets in the order of their keys, for code that people download.
//!
//! Entries lie in short sorted lists, one after the other. A tree of the standard library is as fast, and its
//! code, which is compiled for each pair of types, several times as long: trees were an eighth of the page's module.
//!
//! ```text
//! parts  [ a b d f ][ g h ][ k m n ]     no part is empty, none longer than PART
//! ```

mod set;

#[cfg(test)]
mod tests;

use core::borrow::Borrow;

pub use set::SortedSet;

/// Entries of a part: few enough that they are moved aside at once, and enough that parts are few.
const PART: usize = 64;

/// A map in the order of its keys.
#[derive(Debug, Clone)]
pub struct SortedMap<K, V> {
    parts: Vec<Vec<(K, V)>>,
    len: usize,
}

/// Where a key is, or would be put.
struct Place {
    part: usize,
    at: usize,
    found: bool,
}

impl<K, V> SortedMap<K, V> {
    /// A map without entries, which needs no memory.
    pub const fn new() -> Self {
        Self { parts: Vec::new(), len: 0 }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes every entry out.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// The entries, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.parts.iter().flatten().map(|(key, value)| (key, value))
    }

    /// The entries, their values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.parts.iter_mut().flatten().map(|(key, value)| (&*key, value))
    }

    /// The keys, in their order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.parts.iter().flatten().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.parts.iter().flatten().map(|(_, value)| value)
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.parts.iter_mut().flatten().map(|(_, value)| value)
    }

    /// Keeps the entries of which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.parts.retain_mut(|part| {
            part.retain_mut(|(key, value)| keep(key, value));
            !part.is_empty()
        });
        self.len = self.parts.iter().map(Vec::len).sum();
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key);
        place.found.then(|| &self.parts[place.part][place.at].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key);
        place.found.then(|| &mut self.parts[place.part][place.at].1)
    }

    /// Whether a key has a value.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).found
    }

    /// Gives a key a value; tells the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let place = self.place(&key);
        if place.found {
            return Some(core::mem::replace(&mut self.parts[place.part][place.at].1, value));
        }
        self.put(place, key, value);
        None
    }

    /// The value of a key, which gets one if it has none.
    pub fn or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let place = self.place(&key);
        if place.found {
            &mut self.parts[place.part][place.at].1
        } else {
            self.put(place, key, value())
        }
    }

    /// The value of a key, which gets the default one if it has none.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.or_insert_with(key, V::default)
    }

    /// Takes an entry out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let Place { part, at, found } = self.place(key);
        if !found {
            return None;
        }
        let (_, value) = self.parts[part].remove(at);
        if self.parts[part].is_empty() {
            self.parts.remove(part);
        }
        self.len -= 1;
        Some(value)
    }

    /// The entries from a key on, in the order of their keys.
    pub fn iter_from<'a>(
        &'a self,
        key: &K,
    ) -> impl Iterator<Item = (&'a K, &'a V)> + use<'a, K, V> {
        let Place { part, at, .. } = self.place(key);
        let rest = self.parts.get(part..).unwrap_or_default();
        rest.iter().flatten().skip(at).map(|(key, value)| (key, value))
    }

    /// The last entry before a key.
    pub fn last_before(&self, key: &K) -> Option<(&K, &V)> {
        let Place { part, at, .. } = self.place(key);
        let (key, value) = match at.checked_sub(1) {
            Some(before) => self.parts.get(part)?.get(before)?,
            None => self.parts.get(part.checked_sub(1)?)?.last()?,
        };
        Some((key, value))
    }

    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Place
    where
        K: Borrow<Q>,
    {
        // The last part that begins with this key or an earlier one.
        let after = self.parts.partition_point(|part| part[0].0.borrow() <= key);
        let part = after.saturating_sub(1);
        let entries = self.parts.get(part).map_or(&[][..], Vec::as_slice);
        match entries.binary_search_by(|(other, _)| other.borrow().cmp(key)) {
            Ok(at) => Place { part, at, found: true },
            Err(at) => Place { part, at, found: false },
        }
    }

    fn put(&mut self, Place { mut part, mut at, .. }: Place, key: K, value: V) -> &mut V {
        self.len += 1;
        if self.parts.is_empty() {
            self.parts.push(Vec::new());
        }
        if self.parts[part].len() == PART {
            // Keys that come in order fill each part before the next.
            let half = if at == PART { PART } else { PART / 2 };
            let rest = self.parts[part].split_off(half);
            self.parts.insert(part + 1, rest);
            if at >= half {
                (part, at) = (part + 1, at - half);
            }
        }
        self.parts[part].insert(at, (key, value));
        &mut self.parts[part][at].1
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SortedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for SortedMap<K, V> {}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = core::iter::Flatten<std::vec::IntoIter<Vec<(K, V)>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.parts.into_iter().flatten()
    }
}

impl<K: Ord, V> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}
