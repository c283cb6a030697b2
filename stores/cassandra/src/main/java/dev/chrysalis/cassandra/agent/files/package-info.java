/// A node's files: snapshots of them on their way into the vault, and back.
@NullMarked
package dev.chrysalis.cassandra.agent.files;

import org.jspecify.annotations.NullMarked;
