//! The few lines around a problem, made safe to draw.

use std::ops::Range;

use miette::{MietteError, SourceCode, SourceSpan, SpanContents};

use super::source::{FileId, Place, Source, Sources};
use crate::units::display_safe;

/// The most characters of a line that are drawn.
const WIDEST: usize = 200;
/// How many of them stand before the place that is pointed at.
const BEFORE: usize = 60;

/// Lines of one or more files, as they are drawn: without control characters, and not too long.
///
/// Each block is a run of lines that follow one another in a file. Blocks stand in the order in
/// which they are drawn, and none is read across its end.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    text: String,
    blocks: Vec<Block>,
}

#[derive(Debug)]
struct Block {
    name: String,
    /// The number of its first line in the file, from zero.
    first: usize,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Where it stands in the text of the excerpt, its end included.
    at: Range<usize>,
    /// How many bytes of the file's line stand before it.
    cut: usize,
}

impl Excerpt {
    /// Excerpts the line of each place with its neighbours, and gives each place in the excerpt.
    ///
    /// The files come in the order in which the places first name them.
    pub(super) fn new(places: &[Place], sources: &Sources) -> (Self, Vec<Range<usize>>) {
        let mut files: Vec<FileId> = Vec::new();
        for place in places {
            if !files.contains(&place.file) {
                files.push(place.file);
            }
        }
        let mut excerpt = Self::default();
        let mut spans = vec![0..0; places.len()];
        for file in files {
            let source = sources.get(file);
            let own: Vec<(usize, &Place)> =
                places.iter().enumerate().filter(|(_, place)| place.file == file).collect();
            let mut wanted: Vec<usize> = own
                .iter()
                .flat_map(|(_, place)| {
                    let line = source.line_of(place.start as usize);
                    line.saturating_sub(1)..=(line + 1).min(source.last_line())
                })
                .collect();
            wanted.sort_unstable();
            wanted.dedup();
            for run in wanted.chunk_by(|a, b| a + 1 == *b) {
                excerpt.add(source, run, &own, &mut spans);
            }
        }
        (excerpt, spans)
    }

    /// Adds one run of lines as a block.
    fn add(
        &mut self,
        source: &Source,
        run: &[usize],
        places: &[(usize, &Place)],
        spans: &mut [Range<usize>],
    ) {
        let first = run.first().copied().unwrap_or(0);
        let mut block = Block { name: display_safe(&source.name), first, lines: Vec::new() };
        for line in run {
            let whole = source.line_range(*line);
            let here: Vec<(usize, Range<usize>)> = places
                .iter()
                .filter(|(_, place)| source.line_of(place.start as usize) == *line)
                .map(|(index, place)| {
                    let inside =
                        |at: u32| (at as usize).clamp(whole.start, whole.end) - whole.start;
                    (*index, inside(place.start)..inside(place.end))
                })
                .collect();
            let from = here.iter().map(|(_, span)| span.start).min().unwrap_or(0);
            let text = source.text.get(whole).unwrap_or_default();
            block.lines.push(self.line(text, from, &here, spans));
        }
        self.blocks.push(block);
    }

    /// Adds one line, shortened around byte `from`.
    fn line(
        &mut self,
        text: &str,
        from: usize,
        places: &[(usize, Range<usize>)],
        spans: &mut [Range<usize>],
    ) -> Line {
        let start = self.text.len();
        let count = text.chars().count();
        let before = text.char_indices().take_while(|(at, _)| *at < from).count();
        let skip =
            if count > WIDEST { before.saturating_sub(BEFORE).min(count - WIDEST) } else { 0 };
        let mut cut = text.len();
        let mut kept: Vec<(usize, usize)> = Vec::new();
        if skip > 0 {
            self.text.push('…');
        }
        let mut rest = text.len();
        for (place, (at, c)) in text.char_indices().skip(skip).enumerate() {
            if place == 0 {
                cut = at;
            }
            if place == WIDEST {
                rest = at;
                break;
            }
            kept.push((at, self.text.len()));
            self.text.push(shown(c));
        }
        let end = self.text.len();
        if rest < text.len() {
            self.text.push('…');
        }
        let moved = |at: usize| match kept.binary_search_by_key(&at, |(old, _)| *old) {
            Ok(found) => kept[found].1,
            Err(0) => kept.first().map_or(end, |(_, new)| *new),
            Err(after) => kept.get(after).map_or(end, |(_, new)| *new),
        };
        for (index, span) in places {
            spans[*index] = moved(span.start)..moved(span.end);
        }
        self.text.push('\n');
        Line { at: start..self.text.len(), cut: if skip > 0 { cut } else { 0 } }
    }
}

/// The character as it is drawn; tabs stay, for they are spread out when they are drawn.
fn shown(c: char) -> char {
    match c {
        '\t' => c,
        '\r' | '\n' => '\u{fffd}',
        c => display_safe(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c),
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let holds = |line: &Line, at: usize| line.at.start <= at && at < line.at.end;
        for block in &self.blocks {
            let first = block.lines.iter().position(|line| holds(line, span.offset()));
            let last = block.lines.iter().position(|line| holds(line, end));
            let (Some(first), Some(last)) = (first, last) else { continue };
            let from = first.saturating_sub(before);
            let to = (last + after).min(block.lines.len() - 1);
            let start = if before == 0 { span.offset() } else { block.lines[from].at.start };
            let line = &block.lines[from];
            let column = if before == 0 { line.cut + span.offset() - line.at.start } else { 0 };
            let end = if after == 0 { end } else { block.lines[to].at.end };
            return Ok(Box::new(Lines {
                data: self.text.as_bytes().get(start..end).unwrap_or_default(),
                span: (start, end - start).into(),
                name: &block.name,
                line: block.first + from,
                column,
                count: to - from + 1,
            }));
        }
        Err(MietteError::OutOfBounds)
    }
}

/// Some lines of an excerpt.
struct Lines<'a> {
    data: &'a [u8],
    span: SourceSpan,
    name: &'a str,
    line: usize,
    column: usize,
    count: usize,
}

impl<'a> SpanContents<'a> for Lines<'a> {
    fn data(&self) -> &'a [u8] {
        self.data
    }

    fn span(&self) -> &SourceSpan {
        &self.span
    }

    fn name(&self) -> Option<&str> {
        Some(self.name)
    }

    fn line(&self) -> usize {
        self.line
    }

    fn column(&self) -> usize {
        self.column
    }

    fn line_count(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, at: Range<usize>) -> (String, String) {
        let mut sources = Sources::default();
        let file = sources.add("a.csv".into(), text.into());
        let (excerpt, spans) = Excerpt::new(&[Place::new(file, at)], &sources);
        let under = excerpt.text.get(spans[0].clone()).expect("inside").to_string();
        (excerpt.text, under)
    }

    #[test]
    fn only_the_neighbouring_lines_are_kept() {
        let (text, under) = excerpt("a\r\nb\r\ncde\r\nf\r\ng\r\n", 7..8);
        assert_eq!((text.as_str(), under.as_str()), ("b\ncde\nf\n", "d"));
    }

    #[test]
    fn nothing_of_a_file_commands_the_terminal() {
        let (text, under) = excerpt("a\u{1b}[2J\u{202e}\0b\rc", 9..11);
        assert_eq!(text, "a\u{fffd}[2J\u{fffd}\u{fffd}b\u{fffd}c\n");
        assert_eq!(under, "b\u{fffd}");
    }

    #[test]
    fn a_long_line_is_shortened_around_the_place() {
        let long = format!("{}HERE{}", "é".repeat(5000), "y".repeat(5000));
        let (text, under) = excerpt(&long, 10000..10004);
        assert_eq!(under, "HERE");
        assert_eq!(text.chars().count(), WIDEST + 3);
        let (_, under) = excerpt(&long, 0..long.len());
        assert_eq!(under.chars().count(), WIDEST);
    }
}
