/// Proofs: that what a snapshot needs is in the vault, whole and authentic, and since when that is
/// known.
@NullMarked
package dev.chrysalis.vault.proof;

import org.jspecify.annotations.NullMarked;
