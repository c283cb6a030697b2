/// Prune: which snapshots go, and how what nobody needs is deleted beside running writers.
@NullMarked
package dev.chrysalis.vault.prune;

import org.jspecify.annotations.NullMarked;
