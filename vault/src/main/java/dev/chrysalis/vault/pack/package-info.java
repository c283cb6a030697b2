/// Chunks, the packs they lie in, and the index that finds them again.
@NullMarked
package dev.chrysalis.vault.pack;

import org.jspecify.annotations.NullMarked;
