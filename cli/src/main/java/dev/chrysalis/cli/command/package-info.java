/// The commands, one class each.
@NullMarked
package dev.chrysalis.cli.command;

import org.jspecify.annotations.NullMarked;
