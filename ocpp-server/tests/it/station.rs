//! station tests
