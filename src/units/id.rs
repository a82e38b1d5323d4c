use std::fmt;
use std::sync::Arc;

/// The name of a thing in a plan file: a dimension, a member, a limit, a driver. Cheap to copy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Arc<str>);

impl Id {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

/// The place of a member in its dimension, counted from zero in declared order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(u32);

/// The place of a cell in its plan, counted from zero in declared member order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(u32);

macro_rules! index {
    ($($name:ident),*) => {$(
        impl $name {
            /// Gives the id of place `index`.
            ///
            /// # Panics
            ///
            /// If `index` passes four thousand million: loading refuses such plans.
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("a loaded plan is within its bounds"))
            }

            /// The place, counted from zero.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
index!(MemberId, CellId);
