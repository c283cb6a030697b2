@NullMarked
package dev.chrysalis.agent;

import org.jspecify.annotations.NullMarked;
