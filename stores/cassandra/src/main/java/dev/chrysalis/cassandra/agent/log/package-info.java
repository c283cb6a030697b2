/// The commit log of a node on its way into the vault.
@NullMarked
package dev.chrysalis.cassandra.agent.log;

import org.jspecify.annotations.NullMarked;
