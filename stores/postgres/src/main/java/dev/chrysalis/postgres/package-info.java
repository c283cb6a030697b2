/// PostgreSQL's own words, shared by its two halves.
@NullMarked
package dev.chrysalis.postgres;

import org.jspecify.annotations.NullMarked;
