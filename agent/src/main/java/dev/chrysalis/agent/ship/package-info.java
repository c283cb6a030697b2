/// What agents that ship logs for as long as they run have in common.
@NullMarked
package dev.chrysalis.agent.ship;

import org.jspecify.annotations.NullMarked;
