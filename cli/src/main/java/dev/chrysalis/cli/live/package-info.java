/// A run on a terminal, drawn over itself as it goes.
@NullMarked
package dev.chrysalis.cli.live;

import org.jspecify.annotations.NullMarked;
