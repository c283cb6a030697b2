/// Which vault an agent works with, and whose member it is: what the commands of all stores ask.
@NullMarked
package dev.chrysalis.agent.vault;

import org.jspecify.annotations.NullMarked;
