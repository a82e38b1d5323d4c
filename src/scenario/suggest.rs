/// "did you mean `ITU-D`?" where one of `known` is close to `word`, else the known ones where they
/// are few.
pub(crate) fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    let lower = word.to_lowercase();
    let close = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), *name))
        .filter(|(distance, name)| *distance * 3 <= name.chars().count().max(word.chars().count()))
        .min();
    if let Some((_, name)) = close {
        return Some(format!("did you mean `{name}`?"));
    }
    let listed: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    (1..=20).contains(&listed.len()).then(|| format!("known here: {}", listed.join(", ")))
}
