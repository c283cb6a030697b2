/// How many errors there are, how many there were while the stack was well, and what is too many.
@NullMarked
package dev.chrysalis.recovery.checklist.errors;

import org.jspecify.annotations.NullMarked;
