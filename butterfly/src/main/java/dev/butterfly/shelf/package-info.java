/// The services whose stores are not in the lab yet: capsule and plato. Each keeps what it is given
/// in its own memory, so they are stateless programs for now.
@NullMarked
package dev.butterfly.shelf;

import org.jspecify.annotations.NullMarked;
