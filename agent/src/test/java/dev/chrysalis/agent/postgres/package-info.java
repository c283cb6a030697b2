@NullMarked
package dev.chrysalis.agent.postgres;

import org.jspecify.annotations.NullMarked;
