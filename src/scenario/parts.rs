//! Checks on the parts of a workbook whose numbers are trusted by what reads them.

/// The most that the tags of a part of formats may come to, were each as long as the longest.
const MOST_STYLES: usize = 256 << 20;

/// Refuses a part of shared texts that states more texts than it has room for: space is set aside
/// for as many as it states.
pub(crate) fn check_texts(part: &[u8]) -> Result<(), &'static str> {
    check_encoding(part)?;
    let key = b"uniqueCount";
    for at in part.windows(key.len()).enumerate().filter(|(_, word)| word == key) {
        let rest = part.get(at.0 + key.len()..).unwrap_or_default();
        let digits = rest
            .iter()
            .skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\''))
            .take_while(|byte| byte.is_ascii_digit() || **byte == b'+');
        let stated = digits.fold(0_usize, |count, digit| {
            count.saturating_mul(10).saturating_add(usize::from(digit.saturating_sub(b'0')))
        });
        // The shortest text is `<si/>`.
        if stated > part.len() / 5 {
            return Err("it states more texts than it holds");
        }
    }
    Ok(())
}

/// Refuses a part of formats in which a few long names could be copied into many formats.
pub(crate) fn check_styles(part: &[u8]) -> Result<(), &'static str> {
    check_encoding(part)?;
    let mut rest = part;
    let (mut count, mut longest) = (0_usize, 0_usize);
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        rest = rest.get(at..).unwrap_or_default();
        let length = markup(rest);
        count += 1;
        longest = longest.max(length);
        rest = rest.get(length..).unwrap_or_default();
    }
    if count.saturating_mul(longest) > MOST_STYLES {
        return Err("its formats have names that are too long");
    }
    Ok(())
}

/// The length of the tag, comment or section that `text` begins with.
fn markup(text: &[u8]) -> usize {
    for (open, close) in
        [(&b"<!--"[..], &b"-->"[..]), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"</", b">")]
    {
        if text.starts_with(open) {
            let end = text.windows(close.len()).position(|word| word == close);
            return end.map_or(text.len(), |end| end + close.len());
        }
    }
    let mut quote = None;
    for (at, byte) in text.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// The checks read ASCII: a part in UTF-16 would slip past them, and no program writes one.
fn check_encoding(part: &[u8]) -> Result<(), &'static str> {
    if part.contains(&0) || part.starts_with(&[0xff, 0xfe]) || part.starts_with(&[0xfe, 0xff]) {
        return Err("a part of it is not UTF-8 text");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{check_styles, check_texts, markup};

    #[test]
    fn a_tag_ends_outside_its_quotes() {
        assert_eq!(markup(b"<a b='>' c=\"'>\">text"), 16);
        assert_eq!(markup(b"<!-- ' > -->'"), 12);
        assert_eq!(markup(b"</a'><b/>"), 5);
        assert_eq!(markup(b"<a b='"), 6);
    }

    #[test]
    fn a_count_of_texts_must_have_room() {
        assert!(check_texts(b"<sst uniqueCount=\"2\"><si/><si/></sst>").is_ok());
        assert!(check_texts(b"<sst uniqueCount = '99999999999999999999'></sst>").is_err());
        assert!(check_texts(b"\xff\xfe<\0s\0s\0t\0>\0").is_err());
    }

    #[test]
    fn long_names_may_not_be_copied_into_many_formats() {
        let name = "<".repeat(1 << 20);
        let part = format!("<font><name val='{name}'/></font>{}", "<xf/>".repeat(1000));
        assert!(check_styles(part.as_bytes()).is_err());
        assert!(check_styles(part.replace(&name, "Calibri").as_bytes()).is_ok());
    }
}
