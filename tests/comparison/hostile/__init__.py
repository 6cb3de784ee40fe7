"""The hostile cases, one file for each family of libraries."""
