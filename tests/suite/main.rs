//! The test suite: one binary, so that polars and HiGHS are linked once.
