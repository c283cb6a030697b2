/// BUTTERFLY on one machine, to be broken.
@NullMarked
package dev.chrysalis.lab;

import org.jspecify.annotations.NullMarked;
