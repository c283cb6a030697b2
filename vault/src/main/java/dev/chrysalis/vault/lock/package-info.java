/// Holding what restores need back from deletion, where the store can.
@NullMarked
package dev.chrysalis.vault.lock;

import org.jspecify.annotations.NullMarked;
