/// Disasters on purpose: injected, recovered, verified and scored against the ledger.
@NullMarked
package dev.chrysalis.cli.drill;

import org.jspecify.annotations.NullMarked;
