/// The daemon that keeps a stack's processes on one machine, and what it remembers.
@NullMarked
package dev.chrysalis.platform.process.supervisor;

import org.jspecify.annotations.NullMarked;
