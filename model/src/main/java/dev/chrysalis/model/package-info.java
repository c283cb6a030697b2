/// The words of the field as records: errors, tokens, scenarios. No I/O.
@NullMarked
package dev.chrysalis.model;

import org.jspecify.annotations.NullMarked;
