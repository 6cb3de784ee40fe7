#!/bin/sh
# Compares what verifying costs now with what it cost in another revision: tests/bench/against.sh REVISION
# Both are linked into one program that measures them in turns, so that a busy machine slows both.
set -eu

revision=${1:?the revision to compare with is missing}
root=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir -p "$folder/before" "$folder/src"
git -C "$root" archive "$revision" | tar -x -C "$folder/before"
# Cargo takes two packages of one name only where their versions differ.
sed -i 's/^version = ".*"/version = "0.0.0"/; s/\(path = "core", version = \)"[^"]*"/\1"0.0.0"/' "$folder/before/Cargo.toml"
cp "$root/tests/bench/against.rs" "$folder/src/main.rs"
cp "$root/core/benches/support/delivery.rs" "$root/core/benches/support/median.rs" "$folder/src/"
cp "$root/Cargo.lock" "$folder/"
cat > "$folder/Cargo.toml" <<MANIFEST
[package]
name = "against"
version = "0.0.0"
edition = "2024"

[dependencies]
before = { package = "hookproof", path = "before/core" }
hookproof = { path = "$root/core" }
serde_json = "1"

[profile.release]
lto = "fat"
codegen-units = 1
overflow-checks = true

# The other revision is a workspace of its own.
[workspace]
exclude = ["before"]
MANIFEST
HOOKPROOF_ROOT=$root cargo run --quiet --release --manifest-path "$folder/Cargo.toml" --target-dir "${AGAINST_TARGET:-$folder/target}"
