@NullMarked
package dev.chrysalis.agent.job;

import org.jspecify.annotations.NullMarked;
