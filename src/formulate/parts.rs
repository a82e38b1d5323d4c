//! Linear forms that their copies share.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::Part;
use crate::units::Amount;

/// Columns, ascending, each with its coefficient.
pub type Terms = Arc<[(usize, Amount)]>;

/// A linear form over the columns: parts, each with a coefficient. Copies share it.
#[derive(Clone, Default)]
pub struct Parts(Arc<Shared>);

#[derive(Default)]
struct Shared {
    parts: Vec<Part>,
    terms: OnceLock<Terms>,
}

impl Parts {
    /// The columns of the form, ascending, each with the sum of its coefficients; zero sums are left
    /// out. They are added up once.
    pub fn terms(&self) -> &Terms {
        self.0.terms.get_or_init(|| super::terms(self).into())
    }
}

impl Deref for Parts {
    type Target = [Part];
    fn deref(&self) -> &[Part] {
        &self.0.parts
    }
}

impl PartialEq for Parts {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.parts == other.0.parts
    }
}

impl Eq for Parts {}

impl fmt::Debug for Parts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.parts.fmt(out)
    }
}

impl From<Vec<Part>> for Parts {
    fn from(parts: Vec<Part>) -> Self {
        Self(Arc::new(Shared { parts, terms: OnceLock::new() }))
    }
}

impl FromIterator<Part> for Parts {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        parts.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'a> IntoIterator for &'a Parts {
    type Item = &'a Part;
    type IntoIter = std::slice::Iter<'a, Part>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
