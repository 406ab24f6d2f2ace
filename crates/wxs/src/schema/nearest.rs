//! Which known name somebody may have meant.

/// The candidate with the fewest edits to `name`, if few enough that it could be a slip. Case does not count.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let name: Vec<char> = name.chars().take(MAX_LENGTH).flat_map(char::to_lowercase).collect();
    let limit = (name.len() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= limit + 2)
        .map(|candidate| (distance(&name, candidate), candidate))
        .filter(|&(edits, _)| edits <= limit)
        .min_by_key(|&(edits, candidate)| (edits, candidate))
        .map(|(_, candidate)| candidate)
}

/// Longer names are no slips of known ones, which are all shorter.
const MAX_LENGTH: usize = 64;

/// Insertions, deletions, replacements and swaps of neighbours between two names.
fn distance(left: &[char], right: &str) -> usize {
    let right: Vec<char> = right.chars().take(MAX_LENGTH).flat_map(char::to_lowercase).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for (i, &l) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &r) in right.iter().enumerate() {
            let mut best = (rows[i][j] + usize::from(l != r)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && l == right[j - 1] && left[i - 1] == r {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}
