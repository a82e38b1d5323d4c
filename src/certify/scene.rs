//! Judges multipliers at a point: every one must push the right way, and only from what is met.

use std::collections::{BTreeMap, HashMap};

use super::figure::{Figure, Near, flattest};
use super::force::Force;
use super::index::{self, Index, Place};
use super::point::Point;
use super::statement::{Form, Goal, Statement, Term};
use super::{Lean, Multipliers, Refusal};
use crate::plan::{Plan, Sense};
use crate::units::Amount;

/// A point, and where the aims of the plan stand there.
pub(crate) struct Scene<'a> {
    pub(crate) statement: &'a Statement,
    pub(crate) point: Point<'a>,
    /// For each aim, where the terms of its sum stand.
    pub(crate) figures: Vec<Vec<Figure>>,
    /// For each aim, what it is worth as a sum.
    sums: Vec<Amount>,
    /// For each aim, what its forms are worth.
    pub(crate) levels: Vec<Vec<Amount>>,
}

/// What the stages that are proven so far leave to the later ones.
#[derive(Clone, Default)]
pub(crate) struct Kept {
    /// For each sum, by the place of its aim: the most it may be.
    pub(crate) sums: HashMap<usize, Amount>,
    /// For each form of a largest-of stage, by aim and form: the most it may be.
    pub(crate) forms: HashMap<(usize, usize), Amount>,
}

impl<'a> Scene<'a> {
    /// Places amounts, one a column.
    ///
    /// # Errors
    ///
    /// The first condition that is broken.
    pub(crate) fn new(
        plan: &Plan,
        statement: &'a Statement,
        amounts: &'a [Amount],
    ) -> Result<Self, Refusal> {
        let point = Point::new(plan, statement, amounts)?;
        let (mut figures, mut levels) = (Vec::new(), Vec::new());
        for aim in &statement.aims {
            let (terms, forms) = match &aim.goal {
                Goal::Sum(terms) => (&**terms, &[][..]),
                Goal::Largest(forms) => (&[][..], &**forms),
            };
            figures.push(terms.iter().map(|term| term.figure(&point.near)).collect::<Vec<_>>());
            levels.push(forms.iter().map(|form: &Form| form.value(amounts)).collect());
        }
        let sum = |own: &Vec<Figure>| own.iter().map(|figure| &figure.value).sum();
        let sums = figures.iter().map(sum).collect();
        Ok(Self { statement, point, figures, sums, levels })
    }

    /// The value of the sum of aim `aim`.
    pub(crate) fn sum(&self, aim: usize) -> &Amount {
        &self.sums[aim]
    }

    /// Whether the point keeps what the stages left.
    pub(crate) fn keeps(&self, kept: &Kept) -> Result<(), Refusal> {
        for (aim, most) in &kept.sums {
            let value = self.sum(*aim);
            if value > most {
                let what = format!("what stage `{}` keeps", self.statement.aims[*aim].name);
                return Err(super::point::broken(what, value, most));
            }
        }
        for ((aim, form), most) in &kept.forms {
            let value = &self.levels[*aim][*form];
            if value > most {
                let what = format!("what stage `{}` keeps", self.statement.aims[*aim].name);
                return Err(super::point::broken(what, value, most));
            }
        }
        Ok(())
    }

    /// Adds what the multipliers push with to `force`, as a pull towards lower amounts.
    ///
    /// # Errors
    ///
    /// A multiplier that has the wrong sign, pushes from what is not met, or is of nothing known.
    pub(crate) fn lean(
        &self,
        index: &Index<'a>,
        multipliers: &'a Multipliers,
        (kept, within): (&Kept, Within),
        force: &mut Force<'a>,
    ) -> Result<(), Refusal> {
        let mut seen = std::collections::HashSet::new();
        for (name, side, multiplier) in &multipliers.rows {
            let row = index.row(name, *side)?;
            let text = || format!("{name} {}", side.sign());
            if !seen.insert((row, *side)) {
                return Err(Refusal::Twice(text()));
            }
            if *side != Sense::Equal && !multiplier.is_positive() {
                return Err(Refusal::Sign(text()));
            }
            if !self.point.meets(row, *side) {
                return Err(Refusal::Slack(text()));
            }
            let factor = if *side == Sense::Ceiling { multiplier.clone() } else { -multiplier };
            force.parts(&factor, &self.statement.rows[row].parts);
        }
        let mut seen = std::collections::HashSet::new();
        for (name, lean) in &multipliers.sums {
            let sum = index.sum(name)?;
            if !seen.insert(sum) {
                return Err(Refusal::Twice(name.to_string()));
            }
            within.allows(&lean.multiplier, &name.to_string())?;
            if !self.point.meets_sum(sum) {
                return Err(Refusal::Slack(name.to_string()));
            }
            let terms = &self.statement.sums[sum].terms;
            let at = (&*self.point.sums[sum], &self.point.near);
            slopes((&name.to_string(), within), terms, at, lean, force)?;
        }
        self.lean_on_stages(index, multipliers, (kept, within), force)?;
        self.lean_on_forms(index, multipliers, (kept, within), force)
    }

    fn lean_on_stages(
        &self,
        index: &Index<'a>,
        multipliers: &'a Multipliers,
        (kept, within): (&Kept, Within),
        force: &mut Force<'a>,
    ) -> Result<(), Refusal> {
        let mut seen = std::collections::HashSet::new();
        for (stage, lean) in &multipliers.stages {
            let aim = index.aim(stage)?;
            let text = format!("stage `{stage}`");
            if !seen.insert(aim) {
                return Err(Refusal::Twice(text));
            }
            within.allows(&lean.multiplier, &text)?;
            let Goal::Sum(terms) = &self.statement.aims[aim].goal else {
                return Err(Refusal::Unknown(format!("{text} that is a sum")));
            };
            if kept.sums.get(&aim) != Some(self.sum(aim)) {
                return Err(Refusal::Slack(text));
            }
            let at = (&*self.figures[aim], &self.point.near);
            slopes((&text, within), terms, at, lean, force)?;
        }
        Ok(())
    }

    fn lean_on_forms(
        &self,
        index: &Index<'a>,
        multipliers: &'a Multipliers,
        (kept, within): (&Kept, Within),
        force: &mut Force<'a>,
    ) -> Result<(), Refusal> {
        let mut bends = self.bends(index, multipliers)?;
        let mut seen = std::collections::HashSet::new();
        for (stage, name, multiplier) in &multipliers.forms {
            let aim = index.aim(stage)?;
            let text = format!("`{name}` of stage `{stage}`");
            let goal = &self.statement.aims[aim].goal;
            let unknown = || Refusal::Unknown(text.clone());
            let form = index::forms(goal).get(&**name).copied().ok_or_else(unknown)?;
            if !seen.insert((aim, form)) {
                return Err(Refusal::Twice(text));
            }
            positive(multiplier, &text)?;
            if kept.forms.get(&(aim, form)) != Some(&self.levels[aim][form]) {
                return Err(Refusal::Slack(text));
            }
            if let Goal::Largest(forms) = goal {
                let own = bends.remove(&(aim, form)).unwrap_or_default();
                self.form((&text, within), (&forms[form], multiplier), &own, force)?;
            }
        }
        // Terms inside forms that do not push bend nothing in a proof.
        for ((aim, form), own) in bends {
            let Goal::Largest(forms) = &self.statement.aims[aim].goal else { continue };
            let text = format!("`{}`", forms[form].name);
            if within == Within::Curves {
                return Err(Refusal::Slope(text));
            }
            self.form((&text, within), (&forms[form], &Amount::ZERO), &own, force)?;
        }
        Ok(())
    }

    /// What is added to the slopes of terms inside forms, by aim and form.
    fn bends<'m>(
        &self,
        index: &Index<'a>,
        multipliers: &'m Multipliers,
    ) -> Result<BTreeMap<(usize, usize), Bends<'m>>, Refusal> {
        let mut found: BTreeMap<(usize, usize), Bends<'m>> = BTreeMap::new();
        for (stage, name, by) in &multipliers.bends {
            let aim = index.aim(stage)?;
            let text = || format!("term `{name}` of stage `{stage}`");
            let Goal::Largest(forms) = &self.statement.aims[aim].goal else {
                return Err(Refusal::Unknown(text()));
            };
            let known = index::inner(forms).get(name).copied();
            let (form, at) = known.ok_or_else(|| Refusal::Unknown(text()))?;
            if found.entry((aim, form)).or_default().insert(at, by).is_some() {
                return Err(Refusal::Twice(text()));
            }
        }
        Ok(found)
    }

    /// Adds a form, counted so many times, with what is added to the slopes of the terms inside it.
    pub(crate) fn form(
        &self,
        (text, within): (&str, Within),
        (form, times): (&'a Form, &Amount),
        bends: &Bends<'_>,
        force: &mut Force<'a>,
    ) -> Result<(), Refusal> {
        force.parts(times, &form.parts);
        for (at, inner) in form.inner.iter().enumerate() {
            let sides = inner.slopes(&self.point.near);
            let slope = slope((text, within, times), inner, &sides, bends.get(&at).copied())?;
            force.parts(&slope, &inner.parts);
        }
        Ok(())
    }
}

/// What is added to the slopes of the terms inside a form, by their places.
pub(crate) type Bends<'m> = BTreeMap<usize, &'m Amount>;

/// How far slopes may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// No further than those of the curves: what a proof needs.
    Curves,
    /// Any way: what explains a change.
    Anything,
}

impl Within {
    fn allows(self, multiplier: &Amount, text: &str) -> Result<(), Refusal> {
        if self == Self::Anything && multiplier.is_zero() {
            return Ok(());
        }
        positive(multiplier, text)
    }
}

fn positive(multiplier: &Amount, text: &str) -> Result<(), Refusal> {
    if multiplier.is_positive() { Ok(()) } else { Err(Refusal::Sign(text.into())) }
}

/// Adds `multiplier` times a subgradient of a sum of curves, which `lean` names.
pub(crate) fn slopes<'a>(
    (text, within): (&str, Within),
    terms: &'a [Term],
    (figures, near): (&[Figure], &Near<'_>),
    lean: &Lean,
    force: &mut Force<'a>,
) -> Result<(), Refusal> {
    let places = if lean.slopes.is_empty() { HashMap::new() } else { index::places(terms) };
    let mut added: HashMap<Place, &Amount> = HashMap::new();
    for (name, slope) in &lean.slopes {
        let what = || format!("term `{name}` of {text}");
        let place = places.get(&**name).ok_or_else(|| Refusal::Unknown(what()))?;
        if added.insert(*place, slope).is_some() {
            return Err(Refusal::Twice(what()));
        }
    }
    for (place, (term, figure)) in terms.iter().zip(figures).enumerate() {
        let of = (text, within, &lean.multiplier);
        let slope = slope(of, term, &figure.slopes, added.get(&Place::Of(place)).copied())?;
        force.parts(&slope, &term.parts);
        for (at, inner) in term.inner.iter().enumerate() {
            let sides = inner.slopes(near);
            let more = added.get(&Place::Inside(place, at)).copied();
            let slope = self::slope((text, within, &slope), inner, &sides, more)?;
            force.parts(&slope, &inner.parts);
        }
    }
    Ok(())
}

/// The slope of a term, counted so many times, where it stands: the flattest, and what is added to it
/// at a bend.
fn slope(
    (text, within, times): (&str, Within, &Amount),
    term: &Term,
    (left, right): &(Amount, Amount),
    more: Option<&Amount>,
) -> Result<Amount, Refusal> {
    let mut slope = times * &flattest((left, right));
    let Some(more) = more else { return Ok(slope) };
    slope += more;
    let steep = slope < times * left || slope > times * right;
    if left == right || (steep && within == Within::Curves) {
        return Err(Refusal::Slope(format!("term `{}` of {text}", term.name)));
    }
    Ok(slope)
}
