use num_bigint::BigInt;

use super::{Amount, ParseAmountError};

fn amount(text: &str) -> Amount {
    Amount::parse(text).expect("a number")
}

#[test]
fn decimals_and_fractions_are_read_exactly() {
    assert_eq!(amount("0.85"), Amount::ratio(85, 100));
    assert_eq!(amount("-512/8003"), Amount::ratio(-512, 8003));
    assert_eq!(amount("339.125"), Amount::ratio(2713, 8));
    assert_eq!(amount("1_000"), Amount::whole(1000));
    assert_eq!(amount("1.5e3"), Amount::whole(1500));
    assert_eq!(amount("25e-2"), Amount::ratio(1, 4));
}

#[test]
fn what_is_no_number_is_refused() {
    for text in
        ["", "-", ".", "1.", ".5", "1__0", "_1", "1,5", "abc", "1/x", "0x10", "nan", "inf", "1e"]
    {
        assert_eq!(Amount::parse(text), Err(ParseAmountError::NotANumber), "{text:?}");
    }
    assert_eq!(Amount::parse("1/0"), Err(ParseAmountError::DividesByZero));
    assert_eq!(Amount::parse("1e999999999999"), Err(ParseAmountError::TooLong));
    assert_eq!(Amount::parse("1234567890123456789"), Err(ParseAmountError::TooLong));
}

#[test]
fn a_number_grows_past_machine_words_and_comes_back() {
    let large = Amount::whole(i64::MAX);
    let square = &large * &large;
    assert_eq!(&square / &large, large);
    assert_eq!(&square - &square, Amount::ZERO);
    assert!(square > large && -&square < Amount::ZERO);
}

#[test]
fn decimals_are_rounded_half_away_from_zero() {
    assert_eq!(amount("2.345").to_decimal(2), "2.35");
    assert_eq!(amount("-2.345").to_decimal(2), "-2.35");
    assert_eq!(amount("-0.001").to_decimal(2), "0.00");
    assert_eq!(amount("-7/2").to_decimal(0), "-4");
}

#[test]
fn the_text_of_a_number_reads_back_equal() {
    for text in ["12", "-0.125", "1/3", "-512/8003", "0.000000000000000001"] {
        assert_eq!(amount(text).to_string(), text);
    }
}

#[test]
fn floor_and_ceil_look_down_and_up_on_both_sides_of_zero() {
    assert_eq!(amount("-3.5").floor(), BigInt::from(-4));
    assert_eq!(amount("-3.5").ceil(), BigInt::from(-3));
    assert_eq!(amount("3.5").floor(), BigInt::from(3));
    assert_eq!(amount("3").ceil(), BigInt::from(3));
}

/// Every way of putting a large fraction beside a small one gives what big fractions alone give.
#[test]
fn large_and_small_fractions_mix_without_a_difference() {
    use num_rational::BigRational;
    let large: Vec<Amount> =
        ["999999999999999937/12", "-3/999999999999999989", "17/999999999999999967"]
            .iter()
            .map(|text| &amount(text) * &amount("987654321987654321/30"))
            .collect();
    let small = [
        "0",
        "1",
        "-1",
        "7",
        "-30",
        "1/30",
        "-12/35",
        "9223372036854775807",
        "5/999999999999999989",
    ];
    for a in &large {
        for b in small.map(|text| Amount::parse(text).unwrap_or(Amount::whole(i64::MAX))) {
            let (x, y) = (BigRational::from(a), BigRational::from(&b));
            assert_eq!(a + &b, Amount::from(&x + &y), "{a} + {b}");
            assert_eq!(&b - a, Amount::from(&y - &x), "{b} - {a}");
            assert_eq!(a * &b, Amount::from(&x * &y), "{a} * {b}");
            assert_eq!(a.cmp(&b), x.cmp(&y), "{a} against {b}");
            assert_eq!(b.cmp(a), y.cmp(&x), "{b} against {a}");
            if !b.is_zero() {
                assert_eq!(a / &b, Amount::from(&x / &y), "{a} / {b}");
            }
        }
    }
}

/// Floats of large fractions are the nearest ones: those of the same fraction in lowest terms.
#[test]
fn the_float_of_a_large_fraction_is_the_nearest() {
    use num_rational::BigRational;
    use num_traits::{FromPrimitive, ToPrimitive};
    let third = amount("1/3");
    let mut value = amount("123456789012345679/987654321098765431");
    for step in 0..400 {
        value = &(&value * &amount("-999999999999999989/77777777777777777")) + &third;
        let float = value.to_f64();
        assert_eq!(Some(float), BigRational::from(&value).to_f64(), "step {step}");
        if !float.is_finite() {
            return;
        }
        let half = BigRational::from_f64(float * 1.5).expect("a number");
        assert_eq!(Some(Amount::from(half.clone()).to_f64()), half.to_f64(), "step {step}");
    }
}

/// A large fraction a hair beside a whole number is beside it, whatever floats say.
#[test]
fn a_hair_beside_a_whole_number_counts() {
    let power = BigInt::from(10).pow(40);
    for whole in [-1_000_003_i64, -1, 0, 1, 7, 1 << 31] {
        let at = |hair: i64| Amount::quotient(&power * whole + hair, power.clone());
        for hair in [-1, 0, 1] {
            let value = at(hair);
            let below = if hair < 0 { whole - 1 } else { whole };
            assert_eq!(value.floor(), BigInt::from(below), "{whole} and {hair}");
            assert_eq!(value.is_whole(), hair == 0, "{whole} and {hair}");
        }
        let half = &at(1) + &Amount::ratio(1, 2);
        assert_eq!((half.floor(), half.is_whole()), (BigInt::from(whole), false));
    }
}
