/// The stack file: what is protected, its objectives and policies.
@NullMarked
package dev.chrysalis.model.stack;

import org.jspecify.annotations.NullMarked;
