/// BUTTERFLY's services: one program, one role each.
@NullMarked
package dev.butterfly;

import org.jspecify.annotations.NullMarked;
