//! Cells in COPY BINARY, both ways.
