/// Files of a member's volume on their way into the vault and out of it, whatever store they are
/// of: read by several threads into a snapshot, and written from one so that a file that has its
/// name is whole.
@NullMarked
package dev.chrysalis.volumes;

import org.jspecify.annotations.NullMarked;
