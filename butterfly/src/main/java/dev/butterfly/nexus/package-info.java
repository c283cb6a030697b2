/// Nexus is the door to the other services and keeps nothing.
@NullMarked
package dev.butterfly.nexus;

import org.jspecify.annotations.NullMarked;
