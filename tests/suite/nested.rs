//! Misses of turnovers, which are curves of sums of curves, in certificates.

use virement::certify::{self, Certificate, Refusal};
use virement::plan::Plan;
use virement::session;
use virement::solve::{ActiveSet, Outcome, solve};
use virement::units::Amount;

use crate::memory::Folder;
use crate::random_plans;

/// Lines of 100, 100 and 200 with 400 to spend; a has at least 120, and 10 may change places.
fn plan(stages: &str) -> Plan {
    plan_of(stages, "min = 120", 3)
}

/// The same with another floor of a, and the turnover weighing so much.
fn plan_of(stages: &str, floor: &str, weight: i64) -> Plan {
    let text = format!(
        "format = \"virement/plan@1\"\ntitle = \"By hand\"\ncurrency = \"EUR\"\nscale = 1\nquantum = 1\n\n\
         [[dimension]]\nid = \"line\"\nmembers = [ {{ id = \"a\" }}, {{ id = \"b\" }}, {{ id = \"c\" }} ]\n\n\
         [cells]\ntable = \"cells.csv\"\n\n[[revenue]]\nid = \"grants\"\namount = 400\n\n[balance]\n\n\
         [[limit]]\nid = \"floor\"\non = {{ line = \"a\" }}\n{floor}\n\n\
         [[limit]]\nid = \"turn\"\nwithin = \"line\"\nmax-turnover = 10\nstrength = \"soft\"\nweight = {weight}\n\n{stages}"
    );
    let cells = "line,baseline\na,100\nb,100\nc,200\n";
    let folder = Folder::of(&[("plan.toml", &text), ("cells.csv", cells)]);
    match session::open(&folder.ask("plan.toml")) {
        Ok((resolved, _)) => resolved.plan,
        Err(refused) => panic!("{:?}", refused.problems.first().map(|p| &p.message)),
    }
}

/// The proof of a plan, and its exact answer.
fn proof(plan: &Plan) -> (certify::Optimal, Vec<String>) {
    let Outcome::Optimal(found) = solve(plan, &ActiveSet::default()) else { panic!("an answer") };
    let exact = found.exact.iter().map(ToString::to_string).collect();
    match found.proof.map(|own| *own) {
        Ok(Certificate::Optimal(proof)) => (*proof, exact),
        other => panic!("{other:?}"),
    }
}

/// 20 for a come from b and c: 20 move, and 10 are missed, three times. Each unit that a gets costs
/// 3: 3/2 of its own distance, and 3/2 of those of b and c. So the floor pushes with 3, and the balance with
/// -3/2: nothing is at a bend, and nothing has to be added to the flattest slopes.
#[test]
fn the_miss_of_a_turnover_is_proven() {
    let (proof, exact) = proof(&plan("[[stage]]\nminimise = \"shortfall\"\n"));
    assert_eq!(exact, ["120", "280/3", "560/3"]);
    let stage = &proof.stages[0];
    assert_eq!((stage.value.to_string(), stage.own.len()), ("30".into(), 0));
    let rows = stage.multipliers.rows.iter();
    let rows: Vec<(String, String)> =
        rows.map(|(name, _, by)| (name.id.to_string(), by.to_string())).collect();
    assert_eq!(rows, [("balance".into(), "-1.5".into()), ("floor".into(), "3".into())]);
}

/// With a stage that keeps b at 100 all of the 20 come from c, and b stands at the bend of its distance: its
/// slope there is what the proof has to state, between -3/2 and 3/2.
#[test]
fn a_distance_at_a_bend_inside_a_miss_is_stated_and_judged() {
    let stages = "[[stage]]\nid = \"b\"\nmaximise = \"amount\"\non = { line = \"b\" }\nloss = \"0%\"\n\n\
                  [[limit]]\nid = \"most\"\non = { line = \"b\" }\nmax = 100\n\n\
                  [[stage]]\nminimise = \"shortfall\"\n";
    let plan = plan(stages);
    let (proof, exact) = proof(&plan);
    assert_eq!(exact, ["120", "100", "180"]);
    let stage = proof.stages.iter().position(|own| own.stage == "shortfall").expect("the stage");
    let (name, slope) = proof.stages[stage].own.first().expect("a slope").clone();
    assert_eq!(name, "turn > b");
    let judged = |own: &certify::Optimal| {
        certify::judge(&plan, &Certificate::Optimal(Box::new(own.clone())))
    };
    assert_eq!(judged(&proof), Ok(()));
    for other in [&slope + &Amount::ONE, &slope - &Amount::ONE, Amount::whole(2), Amount::whole(-2)]
    {
        let mut altered = proof.clone();
        altered.stages[stage].own[0].1 = other;
        assert!(judged(&altered).is_err());
    }
    let mut twice = proof.clone();
    twice.stages[stage].own.push((name, slope.clone()));
    assert!(matches!(judged(&twice), Err(Refusal::Twice(_))));
    let mut unknown = proof.clone();
    unknown.stages[stage].own[0].0 = "turn > z".into();
    assert!(matches!(judged(&unknown), Err(Refusal::Unknown(_))));
    let mut straight = proof.clone();
    straight.stages[stage].own.push(("turn > a".into(), Amount::ratio(1, 2)));
    assert!(matches!(judged(&straight), Err(Refusal::Slope(_))));
}

/// a misses m of 120 and the turnover exceeds 10 by 10 - m: the largest of m/120 and (10 - m)/10 is least
/// where both are 1/13. The wish counts 12/13 of it and the turnover 1/13; b and c give what a gets.
#[test]
fn the_relative_miss_of_a_turnover_is_proven() {
    let stages = "[[stage]]\nminimise = \"shortfall\"\nspread = \"even\"\n";
    let text =
        "[[limit]]\nid = \"wish\"\non = { line = \"a\" }\nmin = 120\nstrength = \"soft\"\n\n"
            .to_string();
    let plan = plan_of(&(text + stages), "min = 0", 1);
    let (proof, exact) = proof(&plan);
    assert_eq!(exact[0], "1440/13");
    let own: Vec<(&str, String)> =
        proof.stages[0].own.iter().map(|(name, by)| (&**name, by.to_string())).collect();
    assert_eq!(own, [("turn <=", "1/13".into()), ("wish >=", "12/13".into())]);
    let judged = |own: &certify::Optimal| {
        certify::judge(&plan, &Certificate::Optimal(Box::new(own.clone())))
    };
    let mut bent = proof.clone();
    bent.stages[0].own.push(("turn <= > a".into(), Amount::ratio(1, 100)));
    assert!(matches!(judged(&bent), Err(Refusal::Slope(_))));
    let mut unknown = proof;
    unknown.stages[0].own.push(("turn <= > z".into(), Amount::ratio(1, 100)));
    assert!(matches!(judged(&unknown), Err(Refusal::Unknown(_))));
}

/// Every random plan with a soft turnover is proven.
#[test]
fn random_plans_with_soft_turnovers_are_proven() {
    let (mut proven, mut clashes) = (0, 0);
    for case in 0..4000 {
        let folder = random_plans::plan(case);
        let text = String::from_utf8_lossy(&folder.0["plan.toml"]).into_owned();
        let soft = |block: &str| block.contains("max-turnover") && block.contains("\"soft\"");
        if !text.split("[[").any(soft) {
            continue;
        }
        let Ok((resolved, _)) = session::open(&folder.ask("plan.toml")) else { continue };
        match solve(&resolved.plan, &ActiveSet::default()) {
            Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
                assert!(found.proof.is_ok(), "plan {case}: {:?}", found.proof);
                proven += 1;
            }
            Outcome::Infeasible(conflict) => {
                assert!(conflict.proof.is_ok(), "plan {case}: {:?}", conflict.proof);
                clashes += 1;
            }
            _ => {}
        }
    }
    assert!(proven > 120 && clashes > 20, "{proven} {clashes}");
}
