/// What the vault holds of PostgreSQL, as the controller asks for it.
@NullMarked
package dev.chrysalis.postgres.archive;

import org.jspecify.annotations.NullMarked;
