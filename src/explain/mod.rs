//! Explains: what each limit adds to the change of a line, what stops it, what a change of a limit
//! would do, the virements that lead to an allocation, why limits clash, and what would repair that.

mod asked;
mod bridge;
mod circles;
mod clash;
mod clash_lumps;
mod clash_weighed;
mod closeness;
mod contributions;
mod effect;
mod fewest;
mod figures;
mod flex;
mod footing;
mod line;
mod names;
mod price;
mod promise;
mod repair;
mod statement;
mod tied;
mod transfers;
mod transport;
mod why_not;
mod words;

pub use asked::{Asked, asked};
pub use bridge::{Bridge, Label, MOST_SHAPLEY, Method, Step, in_order, shapley};
pub use clash::{Told, own_bounds_told, tell};
pub use clash_lumps::lumps_told;
pub use closeness::{Closeness, Crossing};
pub use contributions::{Contribution, Source, contributions, origin_text, pressure, stopped_by};
pub use effect::{Effect, Gain, Mover, average_change};
pub use figures::{Difference, Figures};
pub use flex::{End as FlexEnd, Flex, Freedom, flex_slices};
pub use footing::{Footing, Parted};
pub use line::{Parts, Room, Stop, Why, stop, why};
pub use names::{Named, is_planners, member_titles, named, named_as, title_of};
pub use price::{NoStep, Price, PriceStep, Reach, StepSize, price, rank_prices, step_of};
pub use promise::{Promise, promise, promises, rank};
pub use repair::{Change, Figure, Repair, Repairs, Search, Stays, other_times};
pub use statement::{Statement, hold_level};
pub use tied::tied;
pub use transfers::{End, Line, Schedule, Transfer, transfers};
pub use why_not::{Verdict, WISH, WhyNot, Wished, extremes, one_more, why_not};
pub use words::{amount as amount_text, listed, percent as percent_text, slice as slice_text};
