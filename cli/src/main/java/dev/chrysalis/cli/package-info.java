/// The command line.
@NullMarked
package dev.chrysalis.cli;

import org.jspecify.annotations.NullMarked;
