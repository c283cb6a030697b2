/// Perception keeps rims in PostgreSQL and answers only what is committed.
@NullMarked
package dev.butterfly.perception;

import org.jspecify.annotations.NullMarked;
