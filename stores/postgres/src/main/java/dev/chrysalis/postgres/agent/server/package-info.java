/// What a member says of itself: the server over its own protocol, the data directory by its files.
@NullMarked
package dev.chrysalis.postgres.agent.server;

import org.jspecify.annotations.NullMarked;
