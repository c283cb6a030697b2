/// The load on the lab, the ledger of what was acknowledged, and the verdict over both.
@NullMarked
package dev.chrysalis.lab.ledger;

import org.jspecify.annotations.NullMarked;
