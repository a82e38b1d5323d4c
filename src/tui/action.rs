//! What a planner can ask of the screen.

/// Where a key has a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// On the screen of the same name.
    Allocation,
    /// On the screen of the same name.
    Limits,
    /// On the screen of the same name.
    Revenue,
    /// On the screen of the same name.
    Linkage,
    /// On the screen of the same name.
    Transfers,
    /// On the screen of the same name.
    Compare,
    /// On the screen of the same name.
    Explore,
    /// While the scenario cannot be done.
    Trouble,
    /// While it is being found which limits forbid a figure that is out of reach.
    OutOfReach,
    /// On every screen.
    Anywhere,
}

macro_rules! actions {
    ($($name:ident: $words:literal),* $(,)?) => {
        /// What a planner can ask of the screen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the words beside each say what it does")]
        pub enum Action { $($name),* }

        impl Action {
            /// The row that a walk from `row` comes to, among rows up to `last`.
            pub(super) fn walks(self, row: usize, last: usize) -> usize {
                match self {
                    Self::Up => row.saturating_sub(1),
                    Self::Down => (row + 1).min(last),
                    Self::PageUp => row.saturating_sub(10),
                    Self::PageDown => (row + 10).min(last),
                    Self::First => 0,
                    Self::Last => last,
                    _ => row,
                }
            }

            /// What it does, in words for help and palette.
            pub fn words(self) -> &'static str {
                match self { $(Self::$name => $words),* }
            }
        }
    };
}

actions! {
    Type: "type a figure",
    NudgeUp: "raise by a step of 1 %, again for more",
    NudgeDown: "lower by a step of 1 %, again for more",
    HoldHere: "hold the figure where it stands",
    HoldFloor: "hold it from below: at least what it is now",
    HoldCeiling: "hold it from above: at most what it is now",
    Release: "release the hold, or put the figure back",
    Note: "note something about the figure",
    Move: "mark who gives, then who receives, and move money between them",
    Holds: "list all holds, transfers and notes",
    Movers: "list who gained and who lost by the last edit",
    Fold: "fold or unfold a line",
    Pivot: "choose what makes rows, columns and filters",
    Swap: "swap rows and columns",
    FilterNext: "filter to the next member",
    FilterBack: "filter to the member before",
    Show: "show other figures: allocation, change, percent, baseline, need",
    Against: "count changes from the baseline, the last edit, the last save, another scenario",
    Sort: "sort lines: as declared, by amount, by change, by the chosen column",
    Filter: "show only lines that moved, or are held, or rest on assumed figures",
    Panel: "show or hide the explanation of the figure",
    TakePoint: "make the chosen point the scenario",
    Wider: "walk wider: 10, 20, 50 or 5 %",
    Beside: "compare with it beside the others, or no longer",
    NextBend: "go to the next bend",
    OpenBatch: "open the rows of a batch: the spread of each figure",
    Bridge: "turn between lines side by side and the bridge, change by change",
    Attributed: "turn between figures before and after attribution",
    Switch: "switch the limit off or on",
    NewLimit: "add a ceiling or a floor",
    Accept: "take the nearest that can be had, or the first repair",
    FirstRepair: "apply the first repair",
    SecondRepair: "apply the second repair",
    ThirdRepair: "apply the third repair",
    FourthRepair: "apply the fourth repair",
    Why: "explain at length: what one more costs, what the limits are worth",
    Up: "up",
    Down: "down",
    Left: "left",
    Right: "right",
    PageUp: "a page up",
    PageDown: "a page down",
    First: "to the first line",
    Last: "to the last line",
    Find: "find a line by its name",
    Undo: "undo the last edit",
    Redo: "redo what was undone",
    Save: "save the scenario",
    SaveAs: "save the scenario under another name",
    Revert: "go back to what is saved",
    Copy: "copy the figure",
    CopyLine: "copy the line",
    CopyView: "copy the whole view",
    Export: "write the view to a file",
    Open: "open another plan or scenario, or start a plan of your own",
    Editor: "open the scenario file in $EDITOR",
    Theme: "change colours: dark, light, none",
    NextScreen: "next screen",
    LastScreen: "screen before",
    Allocation: "screen: allocation",
    Limits: "screen: limits",
    Revenue: "screen: revenue",
    Transfers: "screen: transfers",
    Compare: "screen: compare",
    Explore: "screen: explore",
    Linkage: "screen: linkage",
    Help: "show all keys; ⏎ does the chosen one",
    Palette: "find an action by its name",
    Redraw: "draw the screen anew",
    Suspend: "suspend the program; `fg` brings it back",
    Cancel: "go back, leave no trace",
    Quit: "quit",
}
