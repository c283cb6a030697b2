/// Services that are down: what each is found to be, and which steps bring it back.
@NullMarked
package dev.chrysalis.recovery.services;

import org.jspecify.annotations.NullMarked;
