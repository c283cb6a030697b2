/// Redis: what both halves of it share.
@NullMarked
package dev.chrysalis.redis;

import org.jspecify.annotations.NullMarked;
