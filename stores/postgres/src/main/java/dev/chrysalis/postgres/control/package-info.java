/// The controller half: what the state of PostgreSQL means, and which steps bring it back.
@NullMarked
package dev.chrysalis.postgres.control;

import org.jspecify.annotations.NullMarked;
