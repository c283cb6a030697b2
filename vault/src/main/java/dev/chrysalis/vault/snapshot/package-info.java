/// Writing and reading snapshots: sessions, manifests, the catalog.
@NullMarked
package dev.chrysalis.vault.snapshot;

import org.jspecify.annotations.NullMarked;
