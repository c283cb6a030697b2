/// What comes after a recovery: the post-mortem, the review, the runbooks brought up to date.
@NullMarked
package dev.chrysalis.recovery.aftermath;

import org.jspecify.annotations.NullMarked;
