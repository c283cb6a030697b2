/// The vault's cryptography: its configuration, its keys, and sealed objects (`docs/format.md`).
@NullMarked
package dev.chrysalis.vault.seal;

import org.jspecify.annotations.NullMarked;
