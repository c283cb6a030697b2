/// A second copy of a vault elsewhere, object by object.
@NullMarked
package dev.chrysalis.vault.copy;

import org.jspecify.annotations.NullMarked;
