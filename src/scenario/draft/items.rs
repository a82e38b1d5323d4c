//! A scenario's text as lists of items that can be added, changed and taken out.

use toml_edit::{ArrayOfTables, Datetime, DocumentMut, Item, Key, Table, TableLike, Value};

use crate::units::Amount;

/// The lists that a scenario may have.
const LISTS: [&str; 6] = ["change", "limit", "stage", "hold", "transfer", "remark"];

/// A file's text, taken apart.
pub(super) struct Document {
    root: DocumentMut,
}

impl Document {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let root = text.parse::<DocumentMut>();
        root.map(|root| Self { root }).map_err(|error| {
            let first = error.message().lines().next().unwrap_or_default().to_string();
            format!("the scenario is no TOML any more: {first}")
        })
    }

    pub(super) fn text(&self) -> String {
        self.root.to_string()
    }

    /// The list `name`, made where there is none; an inline list is written out.
    fn list(&mut self, name: &str) -> Result<&mut ArrayOfTables, String> {
        if self.root.get(name).is_some_and(|item| item.as_array().is_some())
            && let Some(inline) = self.root.remove(name)
        {
            let tables = inline.into_array_of_tables().map_err(|_item| wrong_list(name))?;
            self.root.insert(name, Item::ArrayOfTables(tables));
        }
        let item = self.root.entry(name).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        item.as_array_of_tables_mut().ok_or_else(|| wrong_list(name))
    }

    /// Adds an item at the end of the list, with an empty line above it.
    pub(super) fn push(&mut self, name: &str, mut table: Table) -> Result<(), String> {
        table.decor_mut().set_prefix("\n");
        let last = self.last_position();
        table.set_position(Some(last + 1));
        self.list(name)?.push(table);
        Ok(())
    }

    /// The place of the last table, so that a new one is written behind it.
    fn last_position(&self) -> isize {
        let lists = self.root.iter().filter_map(|(_, item)| item.as_array_of_tables());
        let tables = lists
            .flat_map(ArrayOfTables::iter)
            .chain(self.root.iter().filter_map(|(_, item)| item.as_table()));
        tables.filter_map(Table::position).max().unwrap_or(0)
    }

    /// Changes the first item that `same` accepts; whether there is one.
    pub(super) fn with(
        &mut self,
        name: &str,
        mut same: impl FnMut(&Table) -> bool,
        change: impl FnOnce(&mut Table),
    ) -> Result<bool, String> {
        if self.root.get(name).is_none() {
            return Ok(false);
        }
        let found = self.list(name)?.iter_mut().find(|table| same(table));
        let is_there = found.is_some();
        if let Some(table) = found {
            change(table);
        }
        Ok(is_there)
    }

    /// Takes out the items that `which` accepts, and counts them.
    pub(super) fn remove(
        &mut self,
        name: &str,
        which: impl Fn(&Table) -> bool,
    ) -> Result<usize, String> {
        if self.root.get(name).is_none() {
            return Ok(0);
        }
        let list = self.list(name)?;
        let before = list.len();
        list.retain(|table| !which(table));
        let gone = before - list.len();
        if list.is_empty() {
            self.root.remove(name);
        }
        Ok(gone)
    }

    /// Takes out the item of this file that a target such as `limit.languages` names.
    pub(super) fn remove_own(&mut self, target: &str) -> Result<usize, String> {
        let Some((section, id)) = target.split_once('.') else { return Ok(0) };
        let id = id.trim_matches(['"', '\'']);
        self.remove(section, |table| table.get("id").and_then(Item::as_str) == Some(id))
    }

    /// Gives a value that this file states itself, in an item of a list, another one; whether it
    /// states it: `limit.mine.max`, `hold."sector = ITU-D".at`.
    pub(super) fn set_own(&mut self, target: &str, to: &Value) -> Result<bool, String> {
        let Ok(keys) = Key::parse(target) else { return Ok(false) };
        let [section, id, rest @ ..] = keys.as_slice() else { return Ok(false) };
        if rest.is_empty() || !LISTS.contains(&section.get()) {
            return Ok(false);
        }
        let mut place = 0;
        let mine = |table: &Table| {
            place += 1;
            is_named((section.get(), id.get()), (place, table))
        };
        let mut set = false;
        self.with(section.get(), mine, |table| {
            if let Some(value) = value_at(table, rest) {
                let decor = value.decor().clone();
                *value = to.clone();
                *value.decor_mut() = decor;
                set = true;
            }
        })?;
        Ok(set)
    }

    /// What an item of a list of this file states itself, by the same names.
    pub(super) fn own(&self, target: &str) -> Option<&Item> {
        let keys = Key::parse(target).ok()?;
        let [section, id, first, rest @ ..] = keys.as_slice() else { return None };
        let mut items = (1..).zip(self.items(section.get()));
        let (_, table) = items.find(|item| is_named((section.get(), id.get()), *item))?;
        rest.iter().try_fold(table.get(first.get())?, |item, key| item.get(key.get()))
    }

    /// The items of a list.
    pub(super) fn items(&self, name: &str) -> impl Iterator<Item = &Table> {
        let list = self.root.get(name).and_then(Item::as_array_of_tables);
        list.into_iter().flat_map(ArrayOfTables::iter)
    }

    /// What it extends.
    pub(super) fn parent(&self) -> Option<String> {
        Some(self.root.get("extends")?.as_str()?.to_string())
    }

    /// The targets of the changes that take something out.
    pub(super) fn removed(&self) -> Vec<String> {
        let targets = self.items("change");
        targets.filter_map(|table| table.get("remove")?.as_str().map(String::from)).collect()
    }

    /// Adds all items of a text.
    pub(super) fn add(&mut self, text: &str) -> Result<(), String> {
        let other = Self::read(text)?;
        for (name, item) in other.root.iter() {
            if !LISTS.contains(&name) {
                return Err(format!("`{name}` is no list of a scenario"));
            }
            let tables = item.clone().into_array_of_tables().map_err(|_item| wrong_list(name))?;
            for table in &tables {
                self.push(name, table.clone())?;
            }
        }
        Ok(())
    }
}

/// The value that the parts of a dotted name lead to; an item of a list is named by its place.
fn value_at<'a>(table: &'a mut Table, parts: &[Key]) -> Option<&'a mut Value> {
    let (first, rest) = parts.split_first()?;
    let mut value = table.get_mut(first.get())?.as_value_mut()?;
    for part in rest {
        value = match value {
            Value::InlineTable(inner) => inner.get_mut(part.get())?,
            Value::Array(items) => {
                items.get_mut(part.get().parse::<usize>().ok()?.checked_sub(1)?)?
            }
            _ => return None,
        };
    }
    Some(value)
}

/// Whether an item, the one at a place of its list, goes by a name there.
fn is_named((section, id): (&str, &str), (place, table): (usize, &Table)) -> bool {
    // Transfers have no ids: they are named by their places.
    if section == "transfer" {
        return id == place.to_string();
    }
    let stated = table.get("id").and_then(Item::as_str);
    stated == Some(id) || stated.is_none() && is_of(table, id)
}

/// Whether an item without an id of its own is on the slice that `id` is the canonical text of.
fn is_of(table: &Table, id: &str) -> bool {
    table.get("on").is_some_and(|on| super::names_slice(id, &super::edit::picks_of(on)))
}

fn wrong_list(name: &str) -> String {
    format!("`{name}` is no list of tables in this file; write it as [[{name}]]")
}

/// An exact number as TOML writes it: a fraction that no decimal ends is a text.
pub(super) fn number(amount: &Amount) -> Value {
    use num_traits::ToPrimitive;
    if amount.is_whole()
        && let Some(whole) = amount.numerator().to_i64()
    {
        return whole.into();
    }
    let decimals = (1..=6).map(|places| amount.to_decimal(places));
    let exact = decimals.into_iter().find(|text| Amount::parse(text).as_ref() == Ok(amount));
    let value = exact.and_then(|text| text.parse::<Value>().ok());
    value.unwrap_or_else(|| format!("{}/{}", amount.numerator(), amount.denominator()).into())
}

/// A day.
pub(super) fn date(text: &str) -> Result<Datetime, String> {
    let day = text.trim().parse::<Datetime>().ok().filter(|day| day.time.is_none());
    day.ok_or_else(|| format!("`{text}` is no day; write it like 2027-12-31"))
}

/// The item as a table, inline or not.
pub(super) fn table_of(item: &Item) -> Option<&dyn TableLike> {
    item.as_table_like()
}
