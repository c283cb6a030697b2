/// What client and supervisor say to each other over the socket: one JSON line each.
@NullMarked
package dev.chrysalis.platform.process.wire;

import org.jspecify.annotations.NullMarked;
