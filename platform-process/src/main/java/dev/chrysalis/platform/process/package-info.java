/// The platform of one machine: processes, kept by a small supervisor.
@NullMarked
package dev.chrysalis.platform.process;

import org.jspecify.annotations.NullMarked;
