/// What every store does with a member's volume: files that are private and durable, and the mark
/// of a restore.
@NullMarked
package dev.chrysalis.platform.volume;

import org.jspecify.annotations.NullMarked;
