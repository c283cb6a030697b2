/// Runs plans: intent journaled before the act, resumed from any machine, under a lease.
@NullMarked
package dev.chrysalis.engine;

import org.jspecify.annotations.NullMarked;
