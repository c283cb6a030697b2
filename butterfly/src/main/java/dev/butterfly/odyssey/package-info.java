/// Odyssey keeps journeys in Redis, whose master it finds through Sentinel.
@NullMarked
package dev.butterfly.odyssey;

import org.jspecify.annotations.NullMarked;
